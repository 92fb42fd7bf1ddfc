import { isSpace } from '../../text/characters.js'
import type { TagSyntax } from '../../text/tag.js'

/** What opens an element and what closes it. */
export type MarkerPair = readonly [open: string, close: string]

/**
 * The markers of calls whose keys and values are elements of their own:
 *
 *     <tool_call>NAME <arg_key>KEY</arg_key> <arg_value>VALUE</arg_value> </tool_call>
 *
 * All begin with `<`, end with `>`, and are read with and without white space between them.
 */
export interface PairSyntax {
  /** Around the calls of a turn: `<tool_calls>`. */
  readonly block?: MarkerPair
  /** Around one call, which begins with its name: `<tool_call>`. */
  readonly call: MarkerPair
  /** Behind the name: `<tool_sep>`. */
  readonly nameEnd?: string
  readonly key: MarkerPair
  /** Around the type of the value, which may stand before it: `<ifm|arg_type>`. */
  readonly type?: MarkerPair
  /** Its opener is empty where the key's closer opens it. */
  readonly value: MarkerPair
  /** What the format writes between the key and the value. Any white space is read. */
  readonly space?: '\n'
  /**
   * All markers of a text end with the same suffix, or with none, as the first one shows: `<tool_call:6124c78e>`. These
   * suffixes are known: `:6124c78e`.
   */
  readonly suffixes?: readonly string[]
}

/** Finds the markers of a syntax in a text. */
export interface PairMarkers {
  readonly pairs: PairSyntax
  readonly syntax: TagSyntax
  /** The index after a marker, if it stands at `at`; `WAIT` if the text ends inside of it; else another negative number. */
  end(text: string, at: number, marker: string): number
}

/** White space between the markers of one header. */
const LONGEST_SPACE = 64

/** The index behind the white space at an index, of which there is not much between markers. */
export function spaceEnd(text: string, at: number): number {
  let i = at
  while (i < text.length && i - at < LONGEST_SPACE && isSpace(text.charCodeAt(i))) i++
  return i
}

/** `<tool_call>` is `tool_call`, and so is `</tool_call>`. */
export function wordOf(marker: string): string {
  return marker.replace(/[<>/]/g, '')
}
