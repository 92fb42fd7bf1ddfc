import type { Format } from '../../src/index.js'
import { openersOf, piecesOf, renderOf } from '../promises/format-facts.js'
import { LONE_SURROGATES, ODD_CHARACTERS } from '../promises/values.js'

/** A text of a size that no model writes. */
export interface Extreme {
  readonly name: string
  readonly text: () => string
}

const PLACE = 'zqplace'
/** How much there is of each. */
export interface Size {
  /** Levels of nesting: more than the stack takes, if they were read by recursion. */
  readonly deep: number
  /** Openers. */
  readonly many: number
}

/** Deep nesting, many openers and odd characters, in the syntax of a format. */
export function extremesOf(format: Format, { deep, many }: Size): Extreme[] {
  const odd = () => [...ODD_CHARACTERS, ...LONE_SURROGATES].join('').repeat(many / 100)
  const [opener = '{'] = openersOf(format).filter((marker) => marker.length > 1)
  const call = renderOf(format, [{ name: 'f', arguments: { a: PLACE } }]) ?? opener
  const [before = opener, after = ''] = call.split(PLACE)
  const start = before.replace(/["'{]*a["':\s]*$/, '')
  return [
    ...NESTED.flatMap(([name, open, close]) => [
      { name: `${name}, ${deep} deep, alone`, text: () => open.repeat(deep) },
      { name: `${name}, ${deep} deep, behind an opener`, text: () => opener + open.repeat(deep) },
      {
        name: `${name}, ${deep} deep and closed, as a value`,
        text: () => `${before}${open.repeat(deep)}1${close.repeat(deep)}${after}`,
      },
      {
        name: `${name}, ${deep} deep and closed, as the arguments`,
        text: () => `${start}${open.repeat(deep)}1${close.repeat(deep)}${after}`,
      },
    ]),
    { name: `${many} openers`, text: () => opener.repeat(many) },
    { name: `${many} openers and line breaks`, text: () => `${opener}\n`.repeat(many) },
    { name: `${many} openers in a string`, text: () => before + opener.repeat(many) + after },
    {
      name: `every piece of the syntax, ${many / 100} times`,
      text: () =>
        piecesOf(format)
          .join(' ')
          .repeat(many / 100),
    },
    { name: 'odd characters', text: odd },
    {
      name: 'odd characters in a string',
      text: () => before + odd() + after,
    },
  ]
}

const NESTED: readonly (readonly [string, string, string])[] = [
  ['lists', '[', ']'],
  ['objects', '{"a":', '}'],
  ['tuples', '(', ')'],
  ['calls', 'f(a=', ')'],
  ['tags', '<a>', '</a>'],
]
