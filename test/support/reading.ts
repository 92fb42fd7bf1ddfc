import { expect } from 'vitest'
import { collect, createParser, type ParserOptions } from '../../src/index.js'
import { characters, chunkDifference, everyCut, run } from './run.js'

/** What came of a text, as tables of tests can state it in a line. */
export interface Reading {
  status: string
  content: string
  /** `name{"a": 1}`, each with the text of its arguments. */
  calls: string[]
  /** The same for calls that are not whole. */
  incomplete: string[]
}

/** Reads a text whole, having checked that any two chunks, and single characters, give the same events. */
export function readingOf(options: ParserOptions, text: string): Reading {
  const kept: ParserOptions = { separators: 'keep', ...options }
  const cuts = [characters(text), ...everyCut(text)]
  expect(chunkDifference(createParser, kept, text, cuts)).toBeUndefined()
  const { status, content, toolCalls, incomplete } = collect(run(createParser, kept, [text]))
  const shown = (calls: typeof toolCalls) => calls.map((call) => call.name + call.argumentsText)
  return { status, content, calls: shown(toolCalls), incomplete: shown(incomplete) }
}

/** A row of a table: the text and what it is read as. What is not stated is complete, empty or none. */
export type Row = readonly [why: string, text: string, expected: Partial<Reading>]

/** Checks a row. */
export function expectRow(options: ParserOptions, [, text, expected]: Row): void {
  const empty: Reading = { status: 'complete', content: '', calls: [], incomplete: [] }
  expect(readingOf(options, text)).toEqual({ ...empty, ...expected })
}
