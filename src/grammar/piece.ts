import { characters, literal, type Node, optional, sequence } from './node.js'
import { IDS, NAMES } from './probe.js'
import { inner, sameEnd, sameStart } from './text-cuts.js'

/** A stretch of a turn between what a call holds: markup, which may hold the name again, a counter or an id. */
export type Piece = (name: string) => Node

const COUNTER = characters('0-9', 1, 4)
const ID = characters('a-zA-Z0-9_-', 1, 64)

/** Markup as it is. Where it names the call of the probe, it names the call. */
export function markup(text: string): Piece {
  return (name) => literal(text.replaceAll(NAMES[0], name))
}

/**
 * Markup by two texts of it: a number in which they differ counts the calls.
 * @example counted('" index="1">', '" index="2">') // any number there
 */
export function counted(text: string, next: string): Piece | undefined {
  if (text === next) return markup(text)
  const [start, nextStart] = [text.split(/\d{1,9}/), next.split(/\d{1,9}/)]
  if (start.join('\n') !== nextStart.join('\n')) return undefined
  const [numbers, others] = [text.match(/\d{1,9}/g) ?? [], next.match(/\d{1,9}/g) ?? []]
  return (name) =>
    sequence(
      ...start.flatMap((part, i) => {
        const number = numbers[i]
        return [markup(part)(name), number === others[i] ? literal(number ?? '') : COUNTER]
      }),
    )
}

/** Markup by a text with an id in it, and the same without. */
export function identified(piece: Piece, without: string, text: string): Piece {
  const same = sameIds(text)
  if (!same.includes(IDS[0])) return piece
  const before = sameStart(same, without)
  const behind = sameEnd(same.slice(before.length), without.slice(before.length))
  const group = inner(same, before, behind) ?? ''
  const [open, close] = group.split(IDS[0])
  return (name) =>
    sequence(
      markup(before)(name),
      optional(sequence(literal(open ?? ''), ID, literal(close ?? ''))),
      markup(behind)(name),
    )
}

/** The text with one id in the place of each. */
export function sameIds(text: string): string {
  return IDS.reduce<string>((text, id) => text.replaceAll(id, IDS[0]), text)
}
