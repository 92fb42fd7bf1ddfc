import type { ReplyBody } from '../upstream/chunk-source.js'
import { type ChunkSource, sourceOf } from '../upstream/chunk-source.js'
import type { Bell } from '../wire/bell.js'

/** What can happen to a stream while one waits for its next chunk. */
export type Happening =
  | { readonly type: 'chunk'; readonly bytes: Uint8Array }
  | { readonly type: 'died'; readonly error: unknown }
  | { readonly type: 'end' | 'quiet' | 'timeout' | 'stopped' | 'gone' }

/** What a stream is watched for, in milliseconds, and who may end it. */
export interface Watching {
  /** Silence towards the client after which it gets a comment. */
  readonly keepAlive: number
  /** Silence of the upstream after which it counts as dead. */
  readonly timeout: number
  /** Fires when the client has gone. */
  readonly gone: AbortSignal
  /** Rings when the proxy has to stop. */
  readonly stop: Bell
}

/** One thing at a time, in the order in which it happened. */
export interface Happenings {
  /** Asks for the next, which is dealt with at once or later; to be called again only when it was dealt with. */
  next(): void
  /** Something goes out to the client now. */
  sent(): void
  /** Nothing more is asked for. What the upstream still says is read away, until it ends or `ms` milliseconds are over. */
  drain(ms: number, abort: () => void): void
  close(): void
}

const LONGEST_TIMER = 2 ** 31 - 1

/**
 * Waits for chunks, timers and signals at once. One timer serves both silences and is set again only when it fires, so a
 * chunk costs no timer; nor does it cost a promise, where the platform has chunks without one.
 *
 * @example createHappenings(reply.body, rules, (happening) => …).next()
 */
export function createHappenings(
  body: ReplyBody,
  { keepAlive, timeout, gone, stop }: Watching,
  deal: (happening: Happening) => void,
): Happenings {
  let waiting = false
  let ready: Happening | undefined // a chunk that came while nobody waited
  let reading = false
  let lastOut = performance.now()
  let lastIn = lastOut
  let timer: ReturnType<typeof setTimeout> | undefined
  let draining: (() => void) | undefined // ends it

  function settle(happening: Happening): void {
    if (!waiting) return
    waiting = false
    deal(happening)
  }
  function arrive(happening: Happening): void {
    reading = false
    if (draining !== undefined) {
      if (happening.type === 'chunk') read()
      else draining()
    } else if (waiting) settle(happening)
    else ready = happening
  }
  const source: ChunkSource = sourceOf(body, {
    chunk: (bytes) => arrive({ type: 'chunk', bytes }),
    end: () => arrive({ type: 'end' }),
    died: (error) => arrive({ type: 'died', error }),
  })
  function read(): void {
    reading = true
    lastIn = performance.now()
    source.next()
  }
  function arm(): void {
    const due = Math.min(lastOut + keepAlive, lastIn + timeout) - performance.now()
    timer = setTimeout(ring, Math.min(Math.max(due, 1), LONGEST_TIMER))
  }
  function ring(): void {
    timer = undefined
    // Nobody waits: the client is slow to take what it was given, and no silence counts against anybody.
    if (!waiting) return
    const now = performance.now() + 1
    if (now >= lastIn + timeout) settle({ type: 'timeout' })
    else if (now >= lastOut + keepAlive) settle({ type: 'quiet' })
    else arm()
  }
  const onGone = () => settle({ type: 'gone' })
  gone.addEventListener('abort', onGone)
  const forget = stop.onRing(() => settle({ type: 'stopped' }))

  function close(): void {
    clearTimeout(timer)
    gone.removeEventListener('abort', onGone)
    forget()
  }

  return {
    next() {
      waiting = true
      if (gone.aborted) settle({ type: 'gone' })
      else if (stop.rung) settle({ type: 'stopped' })
      else if (ready !== undefined) {
        const happening = ready
        ready = undefined
        settle(happening)
      } else {
        if (timer === undefined) arm()
        if (!reading) read()
      }
    },
    sent() {
      lastOut = performance.now()
    },
    drain(ms, abort) {
      close()
      const limit = setTimeout(abort, ms)
      draining = () => clearTimeout(limit)
      if (!reading) read()
    },
    close,
  }
}
