import type { Format } from '../engine/format.js'
import { spacedJson } from '../values/json/spaced-json.js'
import { objectWire } from './object-wire.js'
import { counted, identified, markup, type Piece, sameIds } from './piece.js'
import { IDS, KEYS, NAMES, STRINGS, type Write } from './probe.js'
import { GrammarError } from './problem.js'
import { slotOf } from './slot.js'
import { around, cutAt, inner, sameEnd } from './text-cuts.js'
import type { ObjectWire } from './value-wire.js'

/**
 * How a format writes calls behind what begins the first: `name arguments { join name arguments } tail`. The arguments are a
 * JSON object behind `open`, or written in the format's own way; `open` and `close` hold what stands before and behind the
 * members, `empty` all of a call without any.
 */
export interface CallWire {
  readonly begin: Piece
  readonly join: Piece
  readonly tail: Piece
  readonly open: Piece
  readonly arguments: 'json' | (ObjectWire & { readonly none: Piece; readonly end: string })
  /** The texts of `begin`, `join` and `tail`, of calls without ids. */
  readonly texts: { readonly begin: string; readonly join: string; readonly tail: string }
}

const ARGUMENTS = { [KEYS[0]]: STRINGS[0] }

/** Learns it, by writing one, two and three calls. */
export function callWire(format: Format, write: Write): CallWire {
  const stretches = (args: Readonly<Record<string, unknown>>, ids: boolean, count = 3) =>
    stretchesOf(
      write({
        calls: NAMES.slice(0, count).map((name, i) => ({ name, arguments: args, ...(ids ? { id: IDS[i % 2] } : {}) })),
      }),
      count,
      format.id,
    )
  let object: ObjectWire | undefined // of a format that writes its own
  const wire = (ids: boolean) => {
    const shown = stretches(ARGUMENTS, ids)
    return isJson(shown[1]) ? { shown, ...jsonCall(shown) } : { shown, ...ownCall(shown, ids) }
  }
  const [plain, known] = [wire(false), wire(true)]
  const begin = plain.shown[0]
  const { join, second, tail } = plain
  const next = counted(join, second)
  if (next === undefined) throw new GrammarError(`${format.id}: how calls follow one another could not be worked out`)
  return {
    begin: identified(markup(begin), begin, known.shown[0]),
    join: identified(next, join, known.join),
    tail: identified(markup(tail), tail, known.tail),
    open: identified(plain.open, plain.opens, known.opens),
    arguments: plain.arguments,
    texts: { begin, join, tail },
  }

  function ownCall(shown: Stretches, ids: boolean) {
    object ??= objectWire((members) => stretches(Object.fromEntries(members), false, 1)[1], slotOf)
    const { empty } = object
    if (empty === undefined) throw new GrammarError(`${format.id}: a call without arguments cannot be written`)
    const tail = sameEnd(empty, object.close)
    const none = inner(empty, '', tail) ?? ''
    const empties = stretches({}, ids)
    const noneNext = empties[2]
    const join = inner(empties[1], none, '')
    const openNext = around(shown[2], KEYS[0])?.[0] ?? ''
    const open = counted(object.open, openNext)
    if (join === undefined || open === undefined)
      throw new GrammarError(`${format.id}: how calls are written could not be worked out`)
    const second = noneNext.slice(noneNext.length - join.length)
    const noneOf = counted(none, noneNext.slice(0, noneNext.length - join.length))
    return {
      join,
      second,
      tail: ids ? sameEnd(empties[3], shown[3]) : tail,
      open,
      opens: object.open,
      arguments: { ...object, none: noneOf ?? markup(none), end: inner(object.close, '', tail) ?? '' },
    }
  }
}

/** What stands before the first call's name, and behind each name, in the words of the first. */
type Stretches = readonly [before: string, first: string, second: string, third: string]

function stretchesOf(text: string, count: number, id: string): Stretches {
  const found = ['', '', '', '']
  let rest = text
  for (let i = 0; i <= count; i++) {
    const [before, behind] =
      i < count ? cutAt(rest, NAMES[i] as string, `${id}: a call is written without its name`) : [rest, '']
    found[i] = before.replaceAll(NAMES[i - 1] ?? NAMES[0], NAMES[0])
    rest = behind
  }
  return found as unknown as Stretches
}

const JSON_ARGUMENTS = spacedJson(ARGUMENTS)

function isJson(stretch: string): boolean {
  return stretch.includes(JSON_ARGUMENTS)
}

function jsonCall([, first, second, third]: Stretches) {
  const [one, two, three] = [first, second, third].map((stretch) => around(stretch, JSON_ARGUMENTS))
  const open = one && two && counted(sameIds(one[0]), sameIds(two[0]))
  if (open === undefined || one === undefined || two === undefined || three === undefined)
    throw new GrammarError('how calls are written could not be worked out')
  return { arguments: 'json' as const, open, opens: one[0], join: one[1], second: two[1], tail: three[1] }
}
