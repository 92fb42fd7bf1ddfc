/**
 * `callsift/core`: the engine without any format. Formats are given as values:
 *
 *     import { parse } from 'callsift/core'
 *     import { hermes } from 'callsift/parsers/hermes'
 *     parse(text, { format: hermes })
 */
import { grammarOf } from './engine/grammar.js'
import type { ParserOptions } from './engine/options.js'
import { type Parser, Session } from './engine/session.js'
import { parseBatchesWith, parseStreamWith, parseWith } from './engine/streams.js'

export * from './api.js'

/**
 * Makes a parser for one text. `options.format` must be a `Format` value here: names of formats need a registry.
 *
 * @throws TypeError or RangeError for wrong options, which says what is expected
 */
export function createParser(options: ParserOptions): Parser {
  const format = options?.format
  if (typeof format !== 'object' || format === null) {
    throw new TypeError(
      "options.format: expected a Format value, as in import { hermes } from 'callsift/parsers/hermes'",
    )
  }
  return new Session(grammarOf(format), options)
}

/** Parses a whole text. @throws TypeError or RangeError for wrong options; no text throws */
export const parse = /* @__PURE__ */ parseWith(createParser)
/** Parses a stream of strings or UTF-8 bytes, one event at a time. */
export const parseStream = /* @__PURE__ */ parseStreamWith(createParser)
/** Like `parseStream`, but yields the events of each chunk together, which is faster. */
export const parseBatches = /* @__PURE__ */ parseBatchesWith(createParser)
