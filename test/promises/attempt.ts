import type fc from 'fast-check'
import { collect, type Format, type ParseResult, type ParserOptions } from '../../src/index.js'
import { type Create, run } from '../support/run.js'

/** One text made to show one thing, and what has to come of it. */
export interface Attempt {
  /** Undefined if the format refuses to write it. */
  readonly text: string | undefined
  /** What it was made from, for the message. */
  readonly input: unknown
  /** Pure: what is wrong, or undefined. */
  readonly check: (create: Create) => string | undefined
}

/** A promise about texts of a certain make, for every format that it applies to. */
export interface MadePromise {
  readonly id: string
  readonly says: string
  readonly applies?: (format: Format) => boolean
  readonly attempts: (format: Format) => fc.Arbitrary<Attempt>
}

/** The result of a text in one chunk. */
export function resultOf(create: Create, options: ParserOptions, text: string): ParseResult {
  return collect(run(create, options, [text]))
}
