import type { Bell } from './bell.js'

/** What can happen to a stream while one waits for its next chunk. */
export type Happening =
  | { readonly type: 'read'; readonly result: IteratorResult<Uint8Array, unknown> }
  | { readonly type: 'died'; readonly error: unknown }
  | { readonly type: 'quiet' | 'timeout' | 'stopped' | 'gone' }

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
  /** Waits for the next; call it again only when the last was dealt with. */
  next(): Promise<Happening>
  /** Something goes out to the client now. */
  sent(): void
  close(): void
}

const LONGEST_TIMER = 2 ** 31 - 1

/**
 * Waits for chunks, timers and signals at once. One timer serves both silences and is set again only when it fires, so a
 * chunk costs no timer; a chunk costs one promise beside that of its own read (racing against a promise that lives as
 * long as the stream would keep every loser in memory).
 *
 * @example const happening = await createHappenings(reply.body[Symbol.asyncIterator](), rules).next()
 */
export function createHappenings(upstream: AsyncIterator<Uint8Array, unknown>, watching: Watching): Happenings {
  const { keepAlive, timeout, gone, stop } = watching
  let waiting: ((happening: Happening) => void) | undefined
  let ready: Happening | undefined // a read that ended while nobody waited
  let reading = false
  let lastOut = performance.now()
  let lastIn = lastOut
  let timer: ReturnType<typeof setTimeout> | undefined

  function settle(happening: Happening): void {
    const resolve = waiting
    waiting = undefined
    if (resolve !== undefined) resolve(happening)
    else if (happening.type === 'read' || happening.type === 'died') ready = happening
  }
  function read(): void {
    reading = true
    lastIn = performance.now()
    upstream.next().then(
      (result) => {
        reading = false
        settle({ type: 'read', result })
      },
      (error: unknown) => settle({ type: 'died', error }),
    )
  }
  function arm(): void {
    const due = Math.min(lastOut + keepAlive, lastIn + timeout) - performance.now()
    timer = setTimeout(ring, Math.min(Math.max(due, 1), LONGEST_TIMER))
  }
  function ring(): void {
    timer = undefined
    // Nobody waits: the client is slow to take what it was given, and no silence counts against anybody.
    if (waiting === undefined) return
    const now = performance.now() + 1
    if (now >= lastIn + timeout) settle({ type: 'timeout' })
    else if (now >= lastOut + keepAlive) settle({ type: 'quiet' })
    else arm()
  }
  const onGone = () => settle({ type: 'gone' })
  gone.addEventListener('abort', onGone)
  const forget = stop.onRing(() => settle({ type: 'stopped' }))

  return {
    next() {
      if (gone.aborted) return Promise.resolve({ type: 'gone' })
      if (stop.rung) return Promise.resolve({ type: 'stopped' })
      if (ready !== undefined) {
        const happening = ready
        ready = undefined
        return Promise.resolve(happening)
      }
      if (!reading) read()
      if (timer === undefined) arm()
      return new Promise((resolve) => {
        waiting = resolve
      })
    },
    sent() {
      lastOut = performance.now()
    },
    close() {
      clearTimeout(timer)
      gone.removeEventListener('abort', onGone)
      forget()
    },
  }
}
