import type { Where } from '../../engine/format.js'

/** Calls as Python writes them: `[plant(crop='kale', row=4), harvest()]`. */
export interface PythonicGrammar {
  /** Markers that open a list. */
  readonly open: readonly string[]
  /** Where they open one. Default `anywhere`. */
  readonly where?: Where
  /** Markers that close it, where they follow it. A list may do without. */
  readonly close: readonly string[]
  /**
   * Lists without a marker. `never`; `list`: under the rules for bare lists (a known name; without tools, at the beginning
   * of a line; never in code); `list-or-text`: also a text that is nothing but calls, without brackets.
   */
  readonly bare?: 'never' | 'list' | 'list-or-text'
  /** Behind a marker: calls need `brackets`, or may do without, one after the other or on `lines`. Default `brackets`. */
  readonly form?: 'brackets' | 'lines'
  /**
   * Behind a marker: any `name(` is a call (`name`, the default), or only one whose first argument has a keyword, or none
   * at all (`arguments`).
   */
  readonly commit?: 'name' | 'arguments'
  /** A second list behind the close marker, closed once more: the model repeats itself. It is left out, and the text malformed. */
  readonly echoes?: boolean
  /** Markers that are left out of the content where they stray there. */
  readonly strays?: readonly string[]
}
