import fc from 'fast-check'
import { allMarkers } from './format-facts.js'

/** Letters that something went wrong with somewhere: surrogate pairs, combining marks, right-to-left, NUL, U+2028, BOM. */
export const ODD_CHARACTERS = [
  '😀',
  '👨‍👩‍👧',
  '𝒳',
  'é',
  'ñ',
  '漢字',
  '한글',
  'שלום',
  'العربية',
  '\u0000',
  '\u0007',
  '\u001b',
  '\u007f',
  '\u0085',
  '\u00a0',
  '\u200b',
  '\u200e',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\uffff',
  '｜',
  '▁',
  'ß',
  'İ',
  '\u0301',
]

/** Halves of surrogate pairs: text may hold them, rendered calls may not. */
export const LONE_SURROGATES = ['\ud83d', '\ude00']

const TRICKY = [
  '"',
  "'",
  '`',
  '\\',
  '\\\\',
  '\\"',
  "\\'",
  '\\n',
  '\\u0041',
  '\\u00',
  '\n',
  '\r\n',
  '\t',
  ' ',
  '  ',
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  '{}',
  '[]',
  '{"a": 1}',
  "{'a': 1}",
  '"name": "f"',
  '"arguments": {',
  'null',
  'true',
  'None',
  'True',
  '0',
  '-0',
  '1e5',
  '02134',
  '10',
  '0.5',
  '&amp;',
  '&lt;',
  '<b>',
  '</b>',
  '</',
  '<!--',
  ']]>',
  '```',
  '```json\n',
  ',',
  ';',
  ':',
  '=',
  '#',
  '//',
  '/*',
  '*/',
  '<',
  '>',
  '|',
  '$',
  '%s',
  '\\d+',
  "it's",
  'a"b',
  '\n\n',
  '\n ',
]

const WORDS = ['a', 'city', 'Bergen', 'x1', 'the', 'ferry', 'of', 'file.ts', 'ok', 'C:\\new', 'two words', 'Zürich']

/** Any string without lone surrogates: plain words, and everything that a grammar could stumble over. */
export const strings: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
      { weight: 4, arbitrary: fc.constantFrom(...TRICKY) },
      { weight: 2, arbitrary: fc.constantFrom(...ODD_CHARACTERS) },
      { weight: 2, arbitrary: fc.constantFrom(...allMarkers()) },
      { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
    ),
    { maxLength: 6 },
  )
  .map((pieces) => pieces.join(''))

const plainKeys = fc.constantFrom(
  'a',
  'city',
  'path',
  'content',
  'n',
  'name',
  'arguments',
  'id',
  'type',
  'function',
  'x-y',
  'über',
  '1',
)

/** Argument names as tools have them. */
export const keys: fc.Arbitrary<string> = plainKeys

/** Keys of any object. */
const anyKeys = fc.oneof({ weight: 4, arbitrary: plainKeys }, { weight: 1, arbitrary: strings })

const numbers = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1, -1, 10, 1e21, 1e-7, 5e-324, 1.5, 9007199254740991),
)

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: strings },
    { weight: 2, arbitrary: numbers },
    { weight: 1, arbitrary: fc.constantFrom<Json>(true, false, null) },
    { weight: 1, arbitrary: fc.array(tie('tree'), { maxLength: 3 }) },
    { weight: 1, arbitrary: objectOf(anyKeys, tie('tree')) },
  ),
}))

/** Any JSON value. */
export const json: fc.Arbitrary<Json> = tree.map(asJson)

/** The arguments of a call. */
export const argumentTrees: fc.Arbitrary<Record<string, Json>> = objectOf(keys, tree).map(asJson)

function objectOf(key: fc.Arbitrary<string>, value: fc.Arbitrary<Json>): fc.Arbitrary<Record<string, Json>> {
  return fc
    .uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 4 })
    .map((entries) => Object.fromEntries(entries))
}

/** As JSON can say it: -0 is 0 there. */
function asJson<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T
}
