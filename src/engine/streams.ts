import { collect } from '../event/collect.js'
import type { ParseEvent, ParseResult } from '../event/event.js'
import type { EndReason } from '../text/cursor.js'
import type { ParserOptions } from './options.js'
import type { Parser } from './session.js'

/** Text that comes in chunks, from a model or over a network: as strings, or as the bytes of UTF-8, cut anywhere. */
export type TextSource = AsyncIterable<string | Uint8Array> | ReadableStream<string | Uint8Array>

/** Options of a parser, and a signal that stops the stream. */
export type StreamOptions = ParserOptions & {
  /** When it fires, the text ends as `abort`, the source is cancelled, and the signal's reason is thrown after the last events. */
  signal?: AbortSignal | undefined
}

export type MakeParser = (options: ParserOptions) => Parser

/** The ways to read a text with a parser. */
export interface ParseFunctions {
  /**
   * Reads a whole text. Never throws on text; throws a TypeError or RangeError for wrong options. `end` (default
   * `stop`): why the text ended, as in `Parser.end`.
   */
  parse(text: string, options: ParserOptions & { end?: EndReason | undefined }): ParseResult
  /**
   * Reads a stream of text, event by event. If the source throws or the signal fires, the text ends as `abort`; after its
   * last events, the error is thrown.
   *
   * @example for await (const event of parseStream(response.body, { format: 'hermes', signal })) console.log(event)
   */
  parseStream(source: TextSource, options: StreamOptions): AsyncGenerator<ParseEvent, void>
  /** Like `parseStream`, but yields the events of each chunk as one list. A chunk without events yields nothing. */
  parseBatches(source: TextSource, options: StreamOptions): AsyncIterableIterator<ParseEvent[]>
}

/** Makes the reading functions from a function that makes parsers. */
export function parseFunctions(createParser: MakeParser): ParseFunctions {
  return {
    parse: parseWith(createParser),
    parseStream: parseStreamWith(createParser),
    parseBatches: parseBatchesWith(createParser),
  }
}

// Separate functions, so that a bundle of the core without streams does not carry the code of streams.

/** Parses a whole text by one `push` and `end`. */
export function parseWith(createParser: MakeParser): ParseFunctions['parse'] {
  return (text, options) => {
    // Options that are not an object are passed on, for the parser to refuse.
    const { end, ...others } = Object(options) as typeof options
    const parser = createParser(Object(options) === options ? others : options)
    const events = parser.push(text)
    return collect([...events, ...parser.end(end)])
  }
}

export function parseStreamWith(createParser: MakeParser): ParseFunctions['parseStream'] {
  return async function* (source, options) {
    for await (const events of batchesOf(source, options, createParser)) for (const event of events) yield event
  }
}

export function parseBatchesWith(createParser: MakeParser): ParseFunctions['parseBatches'] {
  return (source, options) => batchesOf(source, options, createParser)
}

function batchesOf(source: TextSource, options: StreamOptions, createParser: MakeParser): Batches {
  // Options that are not an object are passed on, for the parser to refuse.
  const { signal, ...others } = Object(options) as StreamOptions
  const makeParser = () => {
    if (signal !== undefined && typeof signal?.addEventListener !== 'function')
      throw new TypeError(`signal: expected an AbortSignal, got ${String(signal)}`)
    return createParser(Object(options) === options ? others : options)
  }
  return new Batches(source, makeParser, signal)
}

type Batch = IteratorResult<ParseEvent[], undefined>

/**
 * The events of each chunk of a source. This is not an async generator, since one that iterates another takes each
 * chunk through three more promises, which takes four times as long as parsing it.
 */
class Batches implements AsyncIterableIterator<ParseEvent[]> {
  private parser: Parser | undefined
  private chunks: AsyncIterator<string | Uint8Array> | undefined
  private decoder: TextDecoder | undefined // of bytes
  private state: 'open' | 'broken' | 'over' = 'open'
  /** The error of the source, thrown after the events that end the text. */
  private error: unknown
  /** Answers come in the order of the calls of `next`: how many are still to come, and the last of them. */
  private asked = 0
  private last: Promise<Batch> | undefined

  constructor(
    private readonly source: TextSource,
    private readonly createParser: () => Parser,
    private readonly signal: AbortSignal | undefined,
  ) {}

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<Batch> {
    if (this.asked++ === 0 || this.last === undefined) this.last = this.step()
    else {
      const step = () => this.step()
      this.last = this.last.then(step, step)
    }
    return this.last
  }

  /** The caller stops reading: tells the source. */
  async return(): Promise<Batch> {
    this.state = 'over'
    await this.chunks?.return?.()
    return { done: true, value: undefined }
  }

  private step(): Promise<Batch> {
    if (this.state !== 'open') return this.rest()
    try {
      this.parser ??= this.createParser()
      this.chunks ??= iterate(this.source)
      return this.nextChunk(this.chunks).then(this.take, this.fail)
    } catch (error) {
      this.state = 'broken'
      this.error = error
      return this.rest()
    }
  }

  /** The next chunk, unless the signal fires before: the source is told then. */
  private nextChunk(chunks: AsyncIterator<string | Uint8Array>): Promise<IteratorResult<string | Uint8Array>> {
    const { signal } = this
    if (signal === undefined) return chunks.next()
    return new Promise((resolve, reject) => {
      const stop = () => {
        reject(signal.reason)
        chunks.return?.().catch(() => undefined)
      }
      if (signal.aborted) return stop()
      signal.addEventListener('abort', stop)
      const heed = () => signal.removeEventListener('abort', stop)
      chunks.next().then(resolve, reject).then(heed)
    })
  }

  private textOf(chunk: string | Uint8Array): string {
    if (!ArrayBuffer.isView(chunk)) return chunk
    this.decoder ??= new TextDecoder('utf-8', { ignoreBOM: true })
    return this.decoder.decode(chunk, { stream: true })
  }

  private readonly take = (chunk: IteratorResult<string | Uint8Array>): Batch | Promise<Batch> => {
    const { parser } = this
    if (parser === undefined || this.state !== 'open') return this.rest()
    if (chunk.done === true) {
      this.state = 'over'
      const rest = this.decoder?.decode() ?? '' // of a character that was cut
      return this.answer(rest === '' ? parser.end() : [...parser.push(rest), ...parser.end()])
    }
    try {
      const events = parser.push(this.textOf(chunk.value))
      return events.length > 0 ? this.answer(events) : this.step()
    } catch (error) {
      // The chunk is neither a string nor bytes.
      void this.chunks?.return?.()
      return this.fail(error)
    }
  }

  private readonly fail = (error: unknown): Batch => {
    this.state = 'broken'
    this.error = error
    return this.answer(this.parser?.end('abort') ?? [])
  }

  private answer(value: ParseEvent[]): Batch {
    this.asked--
    return { done: false, value }
  }

  private rest(): Promise<Batch> {
    this.asked--
    const isBroken = this.state === 'broken'
    this.state = 'over'
    return isBroken ? Promise.reject(this.error) : Promise.resolve({ done: true, value: undefined })
  }
}

function iterate(source: TextSource): AsyncIterator<string | Uint8Array> {
  return 'getReader' in source ? readerOf(source.getReader()) : source[Symbol.asyncIterator]()
}

/** The platform's own iterator of a stream does not cancel it before the chunk is there that it waits for. */
function readerOf<T>(reader: ReadableStreamDefaultReader<T>): AsyncIterator<T> {
  let open = true
  const release = () => {
    open = false
    reader.releaseLock()
  }
  return {
    next: () =>
      reader.read().then(
        (step) => {
          if (step.done && open) release()
          return step as IteratorResult<T>
        },
        (error) => {
          if (open) release()
          throw error
        },
      ),
    async return() {
      if (open) {
        open = false
        await reader.cancel().catch(() => undefined)
        reader.releaseLock()
      }
      return { done: true, value: undefined }
    },
  }
}
