import { collect } from '../event/collect.js'
import type { ParseEvent, ParseResult } from '../event/event.js'
import type { EndReason } from '../text/cursor.js'
import { readStream } from '../text/read-stream.js'
import type { ParserOptions } from './options.js'
import type { Parser } from './session.js'

/** Text that comes in chunks, from a model or over a network. */
export type TextSource = AsyncIterable<string> | ReadableStream<string>

export type MakeParser = (options: ParserOptions) => Parser

/** The ways to read a text with a parser. */
export interface ParseFunctions {
  /**
   * Reads a whole text. Never throws on text; throws a TypeError or RangeError for wrong options. `end` (default
   * `stop`): why the text ended, as in `Parser.end`.
   */
  parse(text: string, options: ParserOptions & { end?: EndReason | undefined }): ParseResult
  /**
   * Reads a stream of text, event by event. If the source throws, the text ends as `abort`, and the error is thrown
   * then.
   */
  parseStream(source: TextSource, options: ParserOptions): AsyncGenerator<ParseEvent, void>
  /** Reads a stream of text, with the events of each chunk in one list. Chunks without events give no list. */
  parseBatches(source: TextSource, options: ParserOptions): AsyncIterableIterator<ParseEvent[]>
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
    for await (const events of new Batches(source, () => createParser(options))) for (const event of events) yield event
  }
}

export function parseBatchesWith(createParser: MakeParser): ParseFunctions['parseBatches'] {
  return (source, options) => new Batches(source, () => createParser(options))
}

type Batch = IteratorResult<ParseEvent[], undefined>

/**
 * The events of each chunk of a source. This is not an async generator, since one that iterates another takes each
 * chunk through three more promises, which takes four times as long as parsing it.
 */
class Batches implements AsyncIterableIterator<ParseEvent[]> {
  private parser: Parser | undefined
  private chunks: AsyncIterator<string> | undefined
  private state: 'open' | 'broken' | 'over' = 'open'
  /** The error of the source, thrown after the events that end the text. */
  private error: unknown
  /** Answers come in the order of the calls of `next`: how many are still to come, and the last of them. */
  private asked = 0
  private last: Promise<Batch> | undefined

  constructor(
    private readonly source: TextSource,
    private readonly createParser: () => Parser,
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
      return this.chunks.next().then(this.take, this.fail)
    } catch (error) {
      this.state = 'broken'
      this.error = error
      return this.rest()
    }
  }

  private readonly take = (chunk: IteratorResult<string>): Batch | Promise<Batch> => {
    const { parser } = this
    if (parser === undefined || this.state !== 'open') return this.rest()
    if (chunk.done === true) {
      this.state = 'over'
      return this.answer(parser.end())
    }
    try {
      const events = parser.push(chunk.value)
      return events.length > 0 ? this.answer(events) : this.step()
    } catch (error) {
      // The chunk is not a string.
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

function iterate(source: TextSource): AsyncIterator<string> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : readStream(source)
}
