import { attempt, NUMBERS, STRINGS } from './probe.js'
import { GrammarError } from './problem.js'
import { cutAt, inner, sameEnd, sameStart } from './text-cuts.js'
import type { ListWire, Slot } from './value-wire.js'

/** Learns it, by writing lists of one and two items. */
export function listWire(
  write: (items: readonly unknown[]) => string,
  slotOf: (write: (value: unknown) => string) => Slot,
): ListWire {
  const [string, other] = STRINGS
  const [number, second] = NUMBERS
  const strings = cut(write([string]), string)
  const numbers = cut(write([number]), String(number))
  const open = sameStart(strings[0], numbers[0])
  const between = (items: readonly [unknown, unknown], before: string) => {
    const rest = cut(write(items), String(items[0]))[1]
    return inner(cut(rest, String(items[1]))[0], '', before.slice(open.length)) ?? ''
  }
  const [betweenStrings, betweenNumbers] = [between([string, other], strings[0]), between([number, second], numbers[0])]
  const next = sameEnd(betweenStrings, betweenNumbers)
  const behind = betweenStrings.slice(0, betweenStrings.length - next.length)
  const close = inner(strings[1], behind, '')
  if (close === undefined)
    throw new GrammarError(`how lists are written could not be worked out: ${write([string, other])}`)
  const item = (value: unknown) => {
    const text = inner(write([value]), open, close)
    if (text === undefined) throw new GrammarError(`how an item is written could not be worked out: ${write([value])}`)
    return text
  }
  return { open, next, close, empty: attempt(() => write([])), item: slotOf(item) }
}

function cut(text: string, word: string): readonly [before: string, behind: string] {
  return cutAt(text, word, `how an item is written could not be worked out: ${text}`)
}
