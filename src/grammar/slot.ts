import { listWire } from './list-wire.js'
import { objectWire } from './object-wire.js'
import { attempt, NUMBERS, STRINGS } from './probe.js'
import { GrammarError } from './problem.js'
import { cutAt, inner } from './text-cuts.js'
import type { Frame, Slot, StringStyle } from './value-wire.js'

/** Values in values are spelled alike from here on. */
const DEEPEST = 2

/**
 * Learns how a format spells the values of a place, by writing some there.
 * @param depth how many values the place stands in
 * @throws GrammarError if the spelling is none that is known
 */
export function slotOf(write: (value: unknown) => string, depth = 0, kin?: Kin): Slot {
  const places: Kin = depth < DEEPEST || kin === undefined ? {} : kin
  const string = frameOf(write(STRINGS[0]), STRINGS[0])
  return {
    write,
    string: { ...string, style: styleOf(write, string) },
    number: frameOf(write(NUMBERS[0]), String(NUMBERS[0])),
    json: jsonFrames(write),
    list: () => listWire(write, (item) => (places.item ??= slotOf(item, depth + 1, places))),
    object: () =>
      objectWire(
        (members) => write(Object.fromEntries(members)),
        (member) => (places.member ??= slotOf(member, depth + 1, places)),
      ),
  }
}

/** The places in the values of a place. Those that are deep enough share them. */
interface Kin {
  item?: Slot
  member?: Slot
}

function frameOf(text: string, value: string): Frame {
  const [before, behind] = cutAt(text, value, `how a value is written could not be worked out: ${text}`)
  return { before, behind }
}

const TELLING = `${STRINGS[0]}\n'"\\${STRINGS[1]}`

function styleOf(write: (value: unknown) => string, { before, behind }: Frame): StringStyle {
  const text = attempt(() => write(TELLING))
  if (text === undefined || inner(text, before, behind) === TELLING) return 'raw'
  if (quotedJson(text) === TELLING) return 'json'
  if (/['"]qztext\\n/.test(text)) return 'python'
  throw new GrammarError(`how strings are written could not be worked out: ${text}`)
}

function quotedJson(text: string): unknown {
  return parsed(text.slice(text.indexOf('"'), text.lastIndexOf('"') + 1))
}

function jsonFrames(write: (value: unknown) => string): Slot['json'] {
  const list = jsonFrame(write, [STRINGS[0], { a: [null, true] }], '[', ']')
  const object = jsonFrame(write, { a: [STRINGS[0], { b: null }] }, '{', '}')
  return list === undefined || object === undefined ? undefined : { list, object }
}

function jsonFrame(write: (value: unknown) => string, value: unknown, open: string, close: string): Frame | undefined {
  const text = attempt(() => write(value)) ?? ''
  const [from, to] = [text.indexOf(open), text.lastIndexOf(close) + 1]
  if (from < 0 || JSON.stringify(parsed(text.slice(from, to))) !== JSON.stringify(value)) return undefined
  return { before: text.slice(0, from), behind: text.slice(to) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
