import { markerSet } from '../engine/grammar.js'
import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'

/** Characters that models and detokenizers write for one another in special tokens. */
const CLASSES: ReadonlyMap<string, readonly string[]> = new Map([
  ['｜', ['｜', '|']],
  ['▁', ['▁', '_', ' ', '\\_']],
])

/**
 * Every spelling that a special token comes in, its own first: full-width or ASCII pipes, and U+2581, an underscore, a
 * space or an escaped underscore between its words.
 * @example spellings('<｜tool▁sep｜>') // ['<｜tool▁sep｜>', '<｜tool▁sep|>', '<｜tool_sep｜>', ...]: 16 of them
 */
export function spellings(marker: string): string[] {
  let spelled = ['']
  for (const piece of marker.split(/([｜▁])/)) {
    const choices = CLASSES.get(piece) ?? [piece]
    spelled = spelled.flatMap((start) => choices.map((choice) => start + choice))
  }
  return spelled
}

/**
 * Makes what gives the length of the spelling of `marker` that stands in a text at an index; 0 for none; `WAIT` where the text
 * ends inside one.
 * @example spellingLength('<｜tool▁sep｜>')('a<|tool_sep|>b', 1) // 12
 */
export function spellingLength(marker: string): (text: string, at: number) => number {
  const matcher = new Matcher(markerSet(spellings(marker)))
  return (text, at) => (matcher.at(text, at, false) ? (matcher.hit === undefined ? WAIT : matcher.end - at) : 0)
}
