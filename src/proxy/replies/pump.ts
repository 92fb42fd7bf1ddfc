import { createSseReader, isDone, type ServerSentEvent, writeSseComment } from '../../adapters/sse/sse.js'
import type { Ending } from '../metrics/metrics.js'
import type { ReplyBody } from '../upstream/chunk-source.js'
import { isObject, readJson } from '../wire/json.js'
import { messageOf, Problem } from '../wire/problem.js'
import type { AnswerSource, Asks } from './asks.js'
import { createHappenings, type Happening, type Watching } from './happenings.js'
import type { StreamRewriter } from './rewriter.js'
import { soundChunk } from './sound-chunk.js'
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
  /** The upstream has reported an error, in these words. */
  reported(words: string): void
  /** The upstream has sent data that is no sound chunk. */
  wrong(): void
  /** Ends the request to the upstream. */
  abort(): void
}

/** How long an upstream that has said `[DONE]` may take to close: its connection is then used again (milliseconds). */
const CLOSING = 1000

/** A reply that is taken piece by piece. */
export interface Pump {
  /**
   * Asks for the next piece: a text, or nothing where the reply has ended. It comes at once or later; then one may ask
   * again. An error is a fault of the proxy itself.
   */
  next(take: (text: string | undefined, error?: unknown) => void): void
  /** The client takes no more. */
  close(): void
}

/**
 * Reads an upstream's stream and gives the text for the client, a piece for each chunk that comes to something. It reads
 * the next chunk only when the last piece was taken, so nothing piles up. An upstream that dies, or is silent for too
 * long, gives the client an error that its library raises. With asks the stream may go on in another answer of the
 * upstream; where that cannot be had, what the last one said is told.
 *
 * @example createPump(reply.body, rewriter, rules, watch).next((text) => response.write(text))
 */
export function createPump(
  source: ReplyBody,
  rewriter: StreamRewriter,
  rules: PumpRules,
  watch: PumpWatch,
  asks?: Asks,
): Pump {
  let reported: string | undefined // an error, as llama.cpp writes it: a field of its own
  const openReader = () =>
    createSseReader({
      onField(field, value) {
        if (field === 'error') reported = value
      },
    })
  let reader = openReader()
  let happenings = createHappenings(source, rules, serve)
  let abort = watch.abort
  let answers = 1
  let sinceEvent = 0 // bytes
  let received = 0 // bytes
  let left = 'open' as 'open' | 'closing' | 'closed' // as far as the upstream is concerned
  let told = false
  let shut = false
  let give: ((text: string | undefined, error?: unknown) => void) | undefined

  function finish(ending: Ending, death?: Problem): string {
    told = true
    const reported = rewriter.failed
    const text = rewriter.end(death)
    watch.sending()
    if (reported) watch.over('upstream-error', 'the upstream reported an error')
    else watch.over(ending, death?.message)
    return text
  }
  const die = (message: string): string => finish('upstream-died', new Problem('upstream_died', message))
  /** The upstream has said all of an answer: the end, or the next one. */
  function close(): string {
    if (asks === undefined) return finish('complete')
    const text = rewriter.close()
    const next = asks.next()
    if (next !== undefined) {
      goOn(next)
      return text
    }
    const owed = asks.owed()
    const counts = owed === undefined ? '' : rewriter.push(owed, JSON.stringify(owed))
    return text + counts + finish('complete')
  }
  function goOn(next: AnswerSource): void {
    if (left === 'closing') happenings.drain(CLOSING, abort)
    else {
      happenings.close()
      if (left === 'open') abort()
    }
    rewriter.again()
    reader = openReader()
    happenings = createHappenings(next.body, rules, serve)
    abort = next.abort
    answers++
    left = 'open'
    sinceEvent = 0
    received = 0
  }
  /** Whether the upstream was asked again, and nothing of an answer has come. */
  const isUnanswered = () => answers > 1 && !rewriter.begun
  function giveUp(why: string): string {
    asks?.refused(why)
    return close()
  }
  /** What an end that nobody announced comes to. */
  function lose(death: string): string {
    if (rewriter.whole) return close()
    if (isUnanswered()) return giveUp(death)
    return rewriter.begun ? die(death) : noStream(death)
  }
  /** Nothing that came was a piece of an answer: a page of a gateway, or a stream without a choice. */
  function noStream(death: string): string {
    return received === 0 ? die(death) : die(`${death}; none of its ${received} bytes were a chunk of a reply`)
  }

  function noteError(error: unknown): void {
    if (!isObject(error)) return
    watch.reported(typeof error.message === 'string' ? error.message : JSON.stringify(error))
  }
  /** An error that does not come as chunks have it, in the shape of one: clients know no other. */
  function passError(data: string): string {
    const said = readJson(data)
    const about = { message: typeof said === 'string' ? said : data, type: 'upstream_error', param: null, code: null }
    const error = isObject(said) ? { ...about, ...said } : about
    noteError(error)
    return rewriter.push({ error }, JSON.stringify({ error }))
  }
  function take(events: ServerSentEvent[]): string {
    let text = ''
    for (const event of events) {
      if (isDone(event)) {
        left = 'closing'
        return text + (rewriter.begun ? close() : lose('the upstream ended its stream'))
      }
      const chunk = readJson(event.data)
      const isError = event.event === 'error' || (isObject(chunk) && isObject(chunk.error))
      if (isError && isUnanswered()) return text + giveUp('the upstream reported an error')
      if (isError && !(isObject(chunk) && isObject(chunk.error))) text += passError(event.data)
      else if (isObject(chunk)) {
        const shaped = chatShape(chunk, 'delta')
        const sound = soundChunk(shaped)
        if (sound !== shaped) watch.wrong()
        noteError(sound.error)
        const joined = asks === undefined ? sound : asks.join(sound)
        if (joined !== undefined) text += rewriter.push(joined, joined === chunk ? event.data : JSON.stringify(joined))
      } else watch.wrong()
    }
    if (reported === undefined) return text
    if (isUnanswered()) return text + giveUp('the upstream reported an error')
    text += passError(reported)
    reported = undefined
    return text
  }
  function read(bytes: Uint8Array): string {
    received += bytes.length
    const events = reader.push(bytes)
    sinceEvent = events.length > 0 ? 0 : sinceEvent + bytes.length
    if (sinceEvent > rules.eventLimit) return die(`the upstream sent an event of more than ${rules.eventLimit} bytes`)
    return take(events)
  }
  /** The upstream says no more: what was read and not dealt with yet, and the end. */
  function lastOf(death: string): string {
    const answer = answers
    const text = take(reader.end())
    return told || answers > answer ? text : text + lose(death)
  }
  function deal(happening: Happening): string {
    switch (happening.type) {
      case 'chunk': {
        const start = performance.now()
        const text = read(happening.bytes)
        watch.added(performance.now() - start)
        return text
      }
      case 'end':
        left = 'closed'
        return lastOf(`the upstream closed the connection after ${received} bytes, before the end of its answer`)
      case 'quiet':
        return writeSseComment('keep-alive')
      case 'died':
        if (happening.error instanceof Problem) return notAsked(happening.error)
        return lastOf(`the connection to the upstream broke after ${received} bytes (${messageOf(happening.error)})`)
      case 'timeout': {
        const silence = `the upstream was silent for ${rules.timeout / 1000} s, after ${received} bytes`
        return finish('timeout', new Problem('upstream_timeout', silence))
      }
      case 'stopped':
        return finish('stopped', new Problem('stopping', 'the proxy was stopped'))
      case 'gone':
        watch.over('client-gone', undefined)
        told = true
        return ''
    }
  }

  /** The upstream could not be asked again. */
  function notAsked(problem: Problem): string {
    return problem.code === 'upstream_timeout' ? finish('timeout', problem) : giveUp(problem.message)
  }

  function serve(happening: Happening): void {
    const answer = give
    if (answer === undefined) return
    let text: string
    try {
      text = deal(happening)
    } catch (error) {
      // The client's connection breaks, which is better than an end that looks proper.
      if (!told) watch.over('proxy-error', messageOf(error))
      told = true
      leave()
      answer(undefined, error)
      return
    }
    if (text !== '') {
      happenings.sent()
      watch.sending()
      answer(text)
    } else if (told) {
      leave()
      answer(undefined)
    } else happenings.next()
  }
  /** Done with the upstream. One that has said all may close by itself. */
  function leave(): void {
    if (shut) return
    shut = true
    happenings.close()
    if (!told) watch.over('client-gone', undefined)
    told = true
    if (left === 'closing') happenings.drain(CLOSING, abort)
    else if (left === 'open') abort()
  }

  return {
    next(take) {
      give = take
      if (!told) happenings.next()
      else {
        leave()
        take(undefined)
      }
    },
    close: leave,
  }
}

/**
 * The pieces of a pump for a platform that iterates.
 *
 * @example for await (const text of piecesOf(pump)) …
 */
export async function* piecesOf(pump: Pump): AsyncGenerator<string, void, undefined> {
  const next = () =>
    new Promise<string | undefined>((resolve, reject) => {
      pump.next((text, error) => (error === undefined ? resolve(text) : reject(error)))
    })
  try {
    for (let text = await next(); text !== undefined; text = await next()) yield text
  } finally {
    pump.close()
  }
}
