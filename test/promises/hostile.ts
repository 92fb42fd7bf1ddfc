import type { Format } from '../../src/index.js'
import { markersOf, openersOf, renderOf } from './format-facts.js'

/** A text that grows with n and is meant to be slow to read. */
export interface Hostile {
  readonly name: string
  /** About n characters. */
  readonly text: (n: number) => string
}

const PLACE = 'zqplace'

/** Texts that make careless parsers quadratic or worse, in the syntax of a format. */
export function hostileTexts(format: Format): Hostile[] {
  const [opener = '{'] = openersOf(format)
  const call = renderOf(format, [{ name: 'f', arguments: { a: 'b' } }]) ?? opener
  const [before = opener, after = ''] = (renderOf(format, [{ name: 'f', arguments: { a: PLACE } }]) ?? opener).split(
    PLACE,
  )
  const [firstTag = opener] = /^\s*(?:<[^<>]*>|\[\w+\])/.exec(call) ?? []
  const block = format.reasoning?.blocks[0]
  const texts: Record<string, (n: number) => string> = {
    'beginnings of markers': fill(
      markersOf(format)
        .map((marker) => marker.slice(0, -1))
        .join(''),
    ),
    'beginnings of one marker': fill((markersOf(format)[0] ?? opener).slice(0, -1)),
    openers: fill(opener),
    'openers and blanks': fill(`${opener} `),
    'openers behind a damaged one': (n) => opener.slice(0, -1) + fill(opener)(n),
    'blanks behind an opener and a damaged one': (n) => opener.slice(0, -1) + opener + fill(' ')(n),
    'all markers': fill(markersOf(format).join('')),
    'a call that never closes': (n) => before + fill('word ')(n),
    'tiny calls': fill(`${call}\n`),
    'tiny calls with prose': fill(`a ${call} b `),
    'blanks behind the first tag of a call': (n) => `x\n${firstTag}${fill(' ')(n)}${call.slice(firstTag.length)}`,
    'calls cut short': fill(call.slice(0, -3)),
    'damaged calls': fill(`${opener}{"name": ,${after}`),
    'markers in a string': (n) =>
      before +
      fill(
        markersOf(format)
          .filter((m) => !m.includes('"'))
          .join(' '),
      )(n) +
      after,
    ...(block === undefined
      ? {}
      : {
          'reasoning that never closes': (n: number) => block.open + fill('word ')(n),
          'drafts in reasoning': (n: number) => block.open + fill(`${call} or `)(n) + block.close,
          'calls in reasoning that never closes': (n: number) => block.open + fill(`${call} or `)(n),
          'damaged drafts': (n: number) =>
            block.open + call + fill(`${opener}{"name": ,${after} ${call}`)(n) + block.close,
        }),
  }
  for (const [name, piece] of SPAM) {
    texts[name] = fill(piece)
    texts[`${name} behind an opener`] = (n) => opener + fill(piece)(n)
    texts[`${name} in a string`] = (n) => before + fill(piece)(n) + after
    texts[`${name} behind a call`] = (n) => call + fill(piece)(n)
  }
  return Object.entries(texts).map(([name, text]) => ({ name, text }))
}

const SPAM: readonly (readonly [string, string])[] = [
  ['blanks', ' '],
  ['line breaks', '\n'],
  ['quotes', '"'],
  ['apostrophes', "'"],
  ['backslashes', '\\'],
  ['backslashes and quotes', '\\\\"'],
  ['braces', '{'],
  ['objects', '{"a":'],
  ['brackets', '['],
  ['parentheses', '('],
  ['calls as functions', 'f('],
  ['commas', ','],
  ['semicolons', '; '],
  ['less-than signs', '<'],
  ['close tags', '</'],
  ['fences', '```\n'],
  ['digits', '1'],
  ['words', 'abc '],
]

function fill(piece: string): (n: number) => string {
  const unit = piece === '' ? ' ' : piece
  // Whole pieces: texts of any length end alike, so that what the end costs does not count.
  return (n) => unit.repeat(Math.ceil(n / unit.length))
}
