import { INTEGER, jsonString, NUMBER } from './json-spelling.js'
import { characters, choice, literal, type Node, repeat, sequence, textWithout } from './node.js'
import { attempt, KEYS } from './probe.js'
import type { ListSpelling, ObjectSpelling, Spelling } from './spelling.js'
import { endMarker } from './text-cuts.js'
import type { Frame, ListWire, ObjectWire, Slot } from './value-wire.js'

/**
 * The spelling of a place, in nodes, by what was learned of it.
 * @param follows all that may stand behind a value there: a raw string ends with what these begin with
 */
export function wireSpelling(slot: Slot, follows: readonly string[], name = 'value'): Spelling {
  const known = spellings.get(slot)
  if (known !== undefined) return known
  const { string, number, json } = slot
  const end = endMarker(...follows.map((follow) => string.behind + follow))
  const raw = framed(string, textWithout([end]))
  const isUntyped = string.before === number.before && string.behind === number.behind
  const spelling: Spelling = {
    name,
    any: string.style === 'raw' && isUntyped ? raw : undefined,
    literal: (value) => literal(slot.write(value)),
    counts: string.style !== 'raw',
    string: (least, most) => {
      if (string.style === 'raw') return raw
      return quoted(string, string.style === 'json' ? jsonString(least, most) : pythonString(least, most))
    },
    number: (isInteger) => framed(number, isInteger ? INTEGER : NUMBER),
    whole:
      json &&
      ((type, schema, root) => framed(type === 'array' ? json.list : json.object, { kind: 'json', schema, root })),
    list: () => listSpelling(slot.list(), name),
    object: () => objectSpelling(slot.object(), name),
  }
  spellings.set(slot, spelling)
  return spelling
}

/** Places may stand in one another, so each has one spelling. */
const spellings = new WeakMap<Slot, Spelling>()

/** The spelling of an object that a format writes in its own way. */
export function objectSpelling(wire: ObjectWire, name = 'value'): ObjectSpelling {
  const { next, close, value } = wire
  const { before, behind } = wire.member(KEYS[0])
  const link = before.slice(KEYS[0].length)
  const hasDashes = attempt(() => wire.member('qz-key').before) === `qz-key${link}`
  const key = sequence(characters('a-zA-Z_', 1, 1), characters(hasDashes ? 'a-zA-Z0-9_-' : 'a-zA-Z0-9_', 0, 63))
  return {
    ...between(wire),
    member: (name) => {
      const around = wire.member(name)
      return { before: literal(around.before), behind: literal(around.behind) }
    },
    // No such grammar can hold a key that its close tag repeats.
    anyMember: behind.includes(KEYS[0]) ? undefined : { before: sequence(key, literal(link)), behind: literal(behind) },
    value: wireSpelling(value, [behind + next, behind + close], `${name}-member`),
  }
}

function listSpelling(wire: ListWire, name: string): ListSpelling {
  return { ...between(wire), item: wireSpelling(wire.item, [wire.next, wire.close], `${name}-item`) }
}

/** What stands around items or members, and between them. */
function between({ open, next, close, empty }: ListWire | ObjectWire) {
  return {
    open: literal(open),
    next: literal(next),
    close: literal(close),
    empty: empty === undefined ? undefined : literal(empty),
  }
}

function framed({ before, behind }: Frame, node: Node): Node {
  return sequence(literal(before), node, literal(behind))
}

/** A string in quotes, in a frame that was learned with quotes. */
function quoted({ before, behind }: Frame, node: Node): Node {
  return framed({ before: before.slice(0, -1), behind: behind.slice(1) }, node)
}

const PYTHON_ESCAPE = sequence(literal('\\'), characters('\\\\\'"nrt', 1, 1))

/** A string between either of Python's quotes. */
function pythonString(least: number, most: number): Node {
  return choice(
    ["'", '"'].map((quote) =>
      sequence(
        literal(quote),
        repeat(choice([characters(`^${quote}\\\\\\x00-\\x1f\\x7f`, 1, 1), PYTHON_ESCAPE]), least, most),
        literal(quote),
      ),
    ),
  )
}
