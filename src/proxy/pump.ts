import { createSseReader, isDone, type ServerSentEvent, writeSseComment } from '../adapters/sse.js'
import { createHappenings, type Happening, type Watching } from './happenings.js'
import { isObject, readJson } from './json.js'
import type { Ending } from './metrics.js'
import type { StreamRewriter } from './rewriter.js'
import { chatShape } from './upstream-chunk.js'

/** What holds for a stream. */
export interface PumpRules extends Watching {
  /** Most bytes between two events of the upstream. */
  readonly eventLimit: number
}

/** Told of what happens to a stream. */
export interface PumpWatch {
  /** How long a chunk took to be rewritten, in milliseconds. */
  added(ms: number): void
  /** Something goes out to the client. */
  sending(): void
  /** Called once, when the stream is over. */
  over(ending: Ending, death: string | undefined): void
  /** Ends the request to the upstream. */
  abort(): void
}

/** How long an upstream that has said `[DONE]` may take to close: its connection is then used again (milliseconds). */
const CLOSING = 1000

/**
 * Reads an upstream's stream and gives the text for the client, a piece for each chunk that comes to something. It reads
 * the next chunk only when the last piece was taken, so nothing piles up. An upstream that dies, or is silent for too
 * long, gives the client a proper end all the same.
 *
 * @example for await (const text of pump(reply.body, rewriter, rules, watch)) response.write(text)
 */
export async function* pump(
  source: AsyncIterable<Uint8Array>,
  rewriter: StreamRewriter,
  rules: PumpRules,
  watch: PumpWatch,
): AsyncGenerator<string, void, undefined> {
  const upstream = source[Symbol.asyncIterator]()
  const reader = createSseReader()
  const happenings = createHappenings(upstream, rules)
  let sinceEvent = 0 // bytes
  let left = 'open' as 'open' | 'closing' | 'closed' // as far as the upstream is concerned
  let told = false

  function finish(ending: Ending, death?: string): string {
    told = true
    const text = rewriter.end(death)
    watch.over(ending, death)
    return text
  }
  /** What an end that nobody announced comes to. */
  const close = (death: string): string => (rewriter.whole ? finish('complete') : finish('upstream-died', death))

  function take(events: ServerSentEvent[]): string {
    let text = ''
    for (const event of events) {
      if (isDone(event)) {
        left = 'closing'
        return text + finish('complete')
      }
      const chunk = readJson(event.data)
      if (isObject(chunk)) {
        const shaped = chatShape(chunk, 'delta')
        text += rewriter.push(shaped, shaped === chunk ? event.data : JSON.stringify(shaped))
      } else text += rewriter.pass(event.data)
    }
    return text
  }
  function read(result: IteratorResult<Uint8Array, unknown>): string {
    if (result.done === true) {
      left = 'closed'
      const text = take(reader.end())
      return told ? text : text + close('the upstream closed the connection before the end')
    }
    const events = reader.push(result.value)
    sinceEvent = events.length > 0 ? 0 : sinceEvent + result.value.length
    if (sinceEvent > rules.eventLimit)
      return finish('upstream-died', `the upstream sent an event of more than ${rules.eventLimit} bytes`)
    return take(events)
  }
  function deal(happening: Happening): string {
    switch (happening.type) {
      case 'read': {
        const start = performance.now()
        const text = read(happening.result)
        watch.added(performance.now() - start)
        return text
      }
      case 'quiet':
        return writeSseComment('keep-alive')
      case 'died':
        return (
          take(reader.end()) +
          (told ? '' : close(`the connection to the upstream broke (${messageOf(happening.error)})`))
        )
      case 'timeout':
        return finish('timeout', `the upstream was silent for ${rules.timeout / 1000} s`)
      case 'stopped':
        return finish('stopped', 'the proxy was stopped')
      case 'gone':
        watch.over('client-gone', undefined)
        told = true
        return ''
    }
  }

  try {
    while (!told) {
      const text = deal(await happenings.next())
      if (text === '') continue
      happenings.sent()
      watch.sending()
      yield text
    }
  } catch (error) {
    // A fault of the proxy itself. The client's connection breaks, which is better than an end that looks proper.
    if (!told) watch.over('proxy-error', messageOf(error))
    told = true
    throw error
  } finally {
    happenings.close()
    if (!told) watch.over('client-gone', undefined)
    if (left === 'closing') void drain(upstream, watch)
    else if (left === 'open') watch.abort()
  }
}

/** Lets an upstream close by itself. */
async function drain(upstream: AsyncIterator<Uint8Array, unknown>, watch: PumpWatch): Promise<void> {
  const timer = setTimeout(() => watch.abort(), CLOSING)
  try {
    while ((await upstream.next()).done !== true);
  } catch {
    // It broke the connection instead. All was said before.
  } finally {
    clearTimeout(timer)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
