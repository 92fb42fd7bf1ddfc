import { spacedJson } from '../values/json/spaced-json.js'
import { characters, choice, literal, type Node, repeat, sequence } from './node.js'
import type { Spelling } from './spelling.js'

/** White space where JSON has it: none, a space, or a new line with its indent. */
const SPACE = choice([literal(''), literal(' '), sequence(literal('\n'), characters(' \\t', 0, 20))])

/** An integer without leading zeros, of no more digits than 64 bits need. */
export const INTEGER = sequence(
  choice([literal(''), literal('-')]),
  choice([literal('0'), sequence(characters('1-9', 1, 1), characters('0-9', 0, 19))]),
)
export const NUMBER = sequence(
  INTEGER,
  choice([literal(''), sequence(literal('.'), characters('0-9', 1, 16))]),
  choice([
    literal(''),
    sequence(characters('eE', 1, 1), choice([literal(''), characters('+-', 1, 1)]), characters('0-9', 1, 2)),
  ]),
)

const HEX = characters('0-9a-fA-F', 4, 4)
/** One character of a string, or its escape. */
const CHARACTER = choice([
  characters('^"\\\\\\x00-\\x1f\\x7f', 1, 1),
  sequence(literal('\\'), choice([characters('"\\\\/bfnrt', 1, 1), sequence(literal('u'), HEX)])),
])

/** A string of JSON of so many characters. */
export function jsonString(least: number, most: number): Node {
  return sequence(literal('"'), repeat(CHARACTER, least, most), literal('"'))
}

/** Any JSON value. */
const ANY: Node = { kind: 'rule', name: 'json', node: () => anyValue() }

/** JSON's own spelling. */
export const JSON_SPELLING: Spelling = {
  name: 'json',
  any: ANY,
  literal: (value) => literal(spacedJson(value)),
  counts: true,
  string: jsonString,
  number: (isInteger) => (isInteger ? INTEGER : NUMBER),
  whole: undefined,
  list: () => ({ ...between('[', ']'), item: JSON_SPELLING }),
  object: () => ({
    ...between('{', '}'),
    member: (key) => ({
      before: sequence(literal(JSON.stringify(key)), SPACE, literal(':'), SPACE),
      behind: literal(''),
    }),
    anyMember: {
      before: sequence(jsonString(1, 64), SPACE, literal(':'), SPACE),
      behind: literal(''),
    },
    value: JSON_SPELLING,
  }),
}

/** What stands around items or members, and between them. */
function between(open: string, close: string) {
  return {
    open: sequence(literal(open), SPACE),
    next: sequence(SPACE, literal(','), SPACE),
    close: sequence(SPACE, literal(close)),
    empty: literal(open + close),
  }
}

function anyValue(): Node {
  const { open, next, close, empty } = JSON_SPELLING.list()
  const list = sequence(open, ANY, repeat(sequence(next, ANY)), close)
  const object = JSON_SPELLING.object()
  const member = sequence(object.anyMember?.before ?? literal(''), ANY)
  const members = sequence(object.open, member, repeat(sequence(object.next, member)), object.close)
  const words = [true, false, null].map(JSON_SPELLING.literal)
  return choice([
    jsonString(0, Number.POSITIVE_INFINITY),
    NUMBER,
    ...words,
    empty ?? list,
    list,
    object.empty ?? members,
    members,
  ])
}
