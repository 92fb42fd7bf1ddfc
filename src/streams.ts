import { collect } from './collect.js'
import type { ParseEvent, ParseResult } from './event.js'
import type { ParserOptions } from './options.js'
import { readStream } from './read-stream.js'
import type { Parser } from './session.js'

/** Text that comes in chunks, from a model or over a network. */
export type TextSource = AsyncIterable<string> | ReadableStream<string>

export type MakeParser = (options: ParserOptions) => Parser

/** The ways to read a text with a parser. */
export interface ParseFunctions {
  /** Reads a whole text. Never throws on text; throws a TypeError or RangeError for wrong options. */
  parse(text: string, options: ParserOptions): ParseResult
  /** Reads a stream of text, event by event. A source that breaks ends its text as `abort`, then throws its error. */
  parseStream(source: TextSource, options: ParserOptions): AsyncGenerator<ParseEvent, void>
  /** Reads a stream of text, with the events of each chunk together: one await for each chunk. */
  parseBatches(source: TextSource, options: ParserOptions): AsyncGenerator<ParseEvent[], void>
}

/** Makes the reading functions of whatever makes the parsers: a whole text is one push and the end. */
export function parseFunctions(createParser: MakeParser): ParseFunctions {
  async function* parseBatches(source: TextSource, options: ParserOptions): AsyncGenerator<ParseEvent[], void> {
    const parser = createParser(options)
    try {
      for await (const chunk of chunksOf(source)) {
        const events = parser.push(chunk)
        if (events.length > 0) yield events
      }
    } catch (error) {
      yield parser.end('abort')
      throw error
    }
    yield parser.end()
  }
  return {
    parse(text, options) {
      const parser = createParser(options)
      const events = parser.push(text)
      return collect([...events, ...parser.end()])
    },
    parseBatches,
    async *parseStream(source, options) {
      for await (const events of parseBatches(source, options)) yield* events
    },
  }
}

async function* chunksOf(source: TextSource): AsyncGenerator<string, void> {
  if (Symbol.asyncIterator in source) {
    yield* source
    return
  }
  yield* readStream(source)
}
