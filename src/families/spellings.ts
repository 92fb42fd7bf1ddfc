import { WAIT } from '../cursor.js'

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
  for (const character of marker) {
    const choices = CLASSES.get(character) ?? [character]
    spelled = spelled.flatMap((start) => choices.map((choice) => start + choice))
  }
  return spelled
}

/**
 * Length of the spelling of `marker` that stands in `text` at `at`; 0 for none; `WAIT` where the text ends inside one.
 * @example spelledAt('a<|tool_sep|>b', 1, '<｜tool▁sep｜>') // 12
 */
export function spelledAt(text: string, at: number, marker: string): number {
  let i = at
  for (const character of marker) {
    if (i >= text.length) return WAIT
    const choices = CLASSES.get(character) ?? [character]
    const choice = choices.find((choice) => text.startsWith(choice, i))
    if (choice === undefined)
      return text.length === i + 1 && choices.some((choice) => choice.startsWith(text.slice(i))) ? WAIT : 0
    i += choice.length
  }
  return i - at
}
