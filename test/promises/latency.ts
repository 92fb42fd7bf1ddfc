import fc from 'fast-check'
import type { Format, ParseEvent } from '../../src/index.js'
import { type Create, characters } from '../support/run.js'
import type { Attempt, MadePromise } from './attempt.js'
import { toolsFor } from './calls.js'
import { markersOf, openersOf, piecesOf, renderOf } from './format-facts.js'
import { show } from './trial.js'

/** Text comes out as it goes in: what is held back is shorter than a marker and what the format looks ahead. */
export const latency: readonly MadePromise[] = [
  {
    id: 'I18',
    says: 'content streams',
    attempts: (format) => lines(format).map((text) => contentAttempt(format, text)),
  },
  {
    id: 'I18',
    says: 'reasoning streams',
    applies: (format) => format.reasoning !== undefined && format.reasoning.blocks.length > 0,
    attempts: (format) => lines(format).map((text) => reasoningAttempt(format, text)),
  },
  {
    id: 'I18',
    says: 'string arguments stream',
    attempts: (format) => plainLines.map((text) => argumentAttempt(format, text)),
  },
]

/** Formats in which a string argument may be held back for longer, each with the reason. */
export const HELD_STRINGS: ReadonlyMap<string, string> = new Map([])

const WORDS = ['the', 'ferry', 'leaves', 'at', 'eight', 'from', 'Bergen', 'harbour', 'über', '漢字']
const plainLines = fc.array(fc.constantFrom(...WORDS), { minLength: 60, maxLength: 80 }).map((words) => words.join(' '))

/** Words with beginnings of markers among them. */
function lines(format: Format): fc.Arbitrary<string> {
  const beginnings = markersOf(format).flatMap((marker) =>
    marker.length > 1 ? [marker.slice(0, -1), marker.slice(0, 2)] : [],
  )
  const bare = openersOf(format)
  // The first line of a fence is waited for.
  const excluded = [...bare, '```']
  const plain = beginnings.filter((text) => !excluded.some((opener) => text.includes(opener)) && text.trim() !== '')
  return fc
    .array(fc.constantFrom(...WORDS, ...WORDS, ...plain), { minLength: 20, maxLength: 60 })
    .map((words) => words.join(' '))
}

/** A marker less one character: what a look-ahead of the format's own adds is in the formats' documents. */
function boundOf(format: Format): number {
  // What stands between closers that were never opened is left out with them, so the next one is waited for.
  const strays = format.families.flatMap(({ strays = [] }) => strays).map(({ length }) => length)
  const closer = strays.length > 1 ? Math.max(...strays) : 0
  return Math.max(...piecesOf(format).map((piece) => piece.length), '```'.length) - 1 + closer
}

/** Where the text from..to is fed, nothing is held back for longer than the bound. */
function heldTooLong(
  create: Create,
  format: Format,
  text: string,
  from: number,
  to: number,
  type: ParseEvent['type'],
  tools: object,
) {
  // White space before what may become a marker is held too, where separators are left out: up to 1,024 characters.
  const parser = create({ format, tools: tools as never, separators: 'keep' })
  const bound = boundOf(format)
  let shown = from
  for (const [i, character] of characters(text).entries()) {
    for (const event of parser.push(character)) if (event.type === type) shown = Math.max(shown, event.to)
    if (i >= from && i < to && i + 1 - shown > bound) {
      return `${i + 1 - shown} characters are held back (bound ${bound}) behind ${show(text.slice(Math.max(0, i - 80), i + 1))}`
    }
  }
  return undefined
}

function contentAttempt(format: Format, text: string): Attempt {
  return { text, input: text, check: (create) => heldTooLong(create, format, text, 0, text.length, 'content', {}) }
}

function reasoningAttempt(format: Format, line: string): Attempt {
  const open = format.reasoning?.blocks[0]?.open ?? ''
  const text = open + line
  return {
    text,
    input: line,
    check: (create) => heldTooLong(create, format, text, open.length, text.length, 'reasoning', {}),
  }
}

function argumentAttempt(format: Format, line: string): Attempt {
  const calls = [{ name: 'write_file', arguments: { content: line, path: 'a.txt' } }]
  const tools = toolsFor(calls)
  const text = renderOf(format, calls, { tools })
  const from = text?.indexOf(line) ?? -1
  return {
    text: from < 0 ? undefined : text,
    input: line,
    check(create) {
      const problem = heldTooLong(create, format, text ?? '', from, from + line.length, 'arguments', tools)
      if (!HELD_STRINGS.has(format.id)) return problem
      return problem === undefined ? 'it streams now: take it from HELD_STRINGS' : undefined
    },
  }
}
