import { attempt, KEYS, NUMBERS, STRINGS } from './probe.js'
import { GrammarError } from './problem.js'
import { cutAt, inner, sameEnd, sameStart } from './text-cuts.js'
import type { ObjectWire, Slot } from './value-wire.js'

export type Members = readonly (readonly [key: string, value: unknown])[]

/** Learns it, by writing objects of one and two members. */
export function objectWire(
  write: (members: Members) => string,
  slotOf: (write: (value: unknown) => string) => Slot,
): ObjectWire {
  const [key, second] = KEYS
  const shown = write([[key, STRINGS[0]]])
  const unknown = `how objects are written could not be worked out: ${shown}`
  const cut = (text: string, word: string) => cutAt(text, word, unknown)

  /** Of the members `key` and `second`: what stands before the first key, before its value, behind that, and behind the last. */
  const parts = (value: string | number) => {
    const [open, rest] = cut(write([[key, value]]), key)
    const [link, end] = cut(rest, String(value))
    const two = write([
      [key, value],
      [second, STRINGS[1]],
    ])
    const between = cut(cut(two, String(value))[1], second)[0]
    return { open, link, end, between }
  }
  const [string, number] = [parts(STRINGS[0]), parts(NUMBERS[0])]
  const link = sameStart(string.link, number.link)
  // A close tag that names the key belongs to the member; whatever else both have in common stands between members.
  const common = sameEnd(string.between, number.between)
  const named = common.lastIndexOf(key)
  const behind = named < 0 ? '' : common.slice(0, named + key.length)
  const next = common.slice(behind.length)
  const close = inner(string.end, inner(string.between, '', next) ?? '', '')
  if (close === undefined || string.open !== number.open) throw new GrammarError(unknown)

  const { open } = string
  const member = (name: string) => {
    if (name === key) return { before: key + link, behind }
    // How a key is spelled is seen where it is written.
    const text = write([[name, NUMBERS[0]]])
    const own = inner(text, open, '')
    const at = own?.indexOf(link + number.link.slice(link.length) + NUMBERS[0]) ?? -1
    if (own === undefined || at < 0) throw new GrammarError(`the key ${JSON.stringify(name)} cannot be written`)
    return { before: own.slice(0, at) + link, behind: behind.replaceAll(key, own.slice(0, at)) }
  }
  const value = (of: unknown) => {
    const text = inner(write([[key, of]]), open + key + link, behind + close)
    if (text === undefined)
      throw new GrammarError(`how a value is written could not be worked out: ${write([[key, of]])}`)
    return text
  }
  return { open, next, close, empty: attempt(() => write([])), member, value: slotOf(value) }
}
