import { GrammarError } from './problem.js'

/** What two texts begin with in common. */
export function sameStart(one: string, other: string): string {
  let length = 0
  while (length < one.length && length < other.length && one[length] === other[length]) length++
  return one.slice(0, length)
}

/** What two texts end with in common. */
export function sameEnd(one: string, other: string): string {
  let length = 0
  while (length < one.length && length < other.length && one.at(-1 - length) === other.at(-1 - length)) length++
  return one.slice(one.length - length)
}

/** The text without what it must begin with and end with; undefined if it does not. */
export function inner(text: string, start: string, end: string): string | undefined {
  if (text.length < start.length + end.length || !text.startsWith(start) || !text.endsWith(end)) return undefined
  return text.slice(start.length, text.length - end.length)
}

/** The text before and behind the first occurrence of a word. */
export function around(text: string, word: string): readonly [before: string, behind: string] | undefined {
  const at = text.indexOf(word)
  return at < 0 ? undefined : [text.slice(0, at), text.slice(at + word.length)]
}

/**
 * The same of a word that must be there.
 * @throws GrammarError with these words if it is not
 */
export function cutAt(text: string, word: string, otherwise: string): readonly [before: string, behind: string] {
  const parts = around(text, word)
  if (parts === undefined) throw new GrammarError(otherwise)
  return parts
}

/**
 * The marker that ends a raw text, by all that may follow it: its first tag, or all that they begin with in common.
 * @example endMarker('\n</parameter>\n</function>', '\n</parameter>\n<parameter=') // '</parameter>'
 */
export function endMarker(...follow: readonly string[]): string {
  const common = follow.reduce(sameStart).trim()
  const end = common.indexOf('>', 1)
  if (end < 0) return common
  let stop = end + 1
  while (common[stop] === '>') stop++
  return common.slice(0, stop)
}
