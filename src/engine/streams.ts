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
   * Reads a whole text. Never throws on text; throws a TypeError or RangeError for wrong options. `end`: why the text ended,
   * as `Parser.end` takes it; default `stop`.
   */
  parse(text: string, options: ParserOptions & { end?: EndReason | undefined }): ParseResult
  /** Reads a stream of text, event by event. A source that breaks ends its text as `abort`, then throws its error. */
  parseStream(source: TextSource, options: ParserOptions): AsyncGenerator<ParseEvent, void>
  /** Reads a stream of text, with the events of each chunk together: one await for each chunk that settles something. */
  parseBatches(source: TextSource, options: ParserOptions): AsyncIterableIterator<ParseEvent[]>
}

/** Makes the reading functions of whatever makes the parsers. */
export function parseFunctions(createParser: MakeParser): ParseFunctions {
  return {
    parse: parseWith(createParser),
    parseStream: parseStreamWith(createParser),
    parseBatches: parseBatchesWith(createParser),
  }
}

// One by one, so that whoever bundles the core and does not read streams does not carry what reads them.

/** A whole text is one push and the end. */
export function parseWith(createParser: MakeParser): ParseFunctions['parse'] {
  return (text, options) => {
    // What is no object is for the parser to refuse.
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
 * The events of each chunk of a source. Written out, since an async generator that iterates another one takes each chunk
 * through three promises more, which is four times as long as parsing it.
 */
class Batches implements AsyncIterableIterator<ParseEvent[]> {
  private parser: Parser | undefined
  private chunks: AsyncIterator<string> | undefined
  private state: 'open' | 'broken' | 'over' = 'open'
  /** Why the source broke: thrown behind the events that end the text. */
  private error: unknown
  /** Answers come in the order that they are asked for: how many are still to come, and the last of them. */
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

  /** Nobody reads on: the source is told. */
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
      // A chunk that is no string.
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
