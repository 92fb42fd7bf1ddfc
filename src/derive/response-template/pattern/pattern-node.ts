import type { CharacterSet } from './character-set.js'

/** What holds between two characters: `start` and `end` of the whole text, a word's edge, or what stands beside the place. */
export type Condition =
  | { readonly test: 'start' | 'end' | 'edge' | 'no edge' }
  | { readonly test: 'before' | 'behind'; readonly set: CharacterSet; readonly isNegated: boolean }

/** A part of a pattern. `at`: where it stands in the pattern. */
export type PatternNode =
  | { readonly kind: 'set'; readonly set: CharacterSet }
  | { readonly kind: 'sequence'; readonly items: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | RepeatNode
  | { readonly kind: 'group'; readonly item: PatternNode; readonly name: string | undefined }
  | { readonly kind: 'condition'; readonly condition: Condition }
  | { readonly kind: 'ahead'; readonly item: PatternNode; readonly at: number }

export interface RepeatNode {
  readonly kind: 'repeat'
  readonly item: PatternNode
  readonly min: number
  /** `Infinity`: no limit. */
  readonly max: number
  readonly isGreedy: boolean
}

/** A pattern that cannot be read, or that no automaton can take. */
export class PatternError extends Error {
  override name = 'PatternError'

  constructor(
    what: string,
    readonly at: number,
  ) {
    super(`at ${at}: ${what}`)
  }
}
