import type { CallShape } from '../../engine/call-shape.js'
import type { Where } from '../../engine/format.js'

/** Where calls without a marker may stand if no tools were given. `behind-call`: at the start, or right behind a call. */
export type WhereWithoutTools = 'never' | 'text-start' | 'line-start' | 'behind-call'

/**
 * Fences that hold nothing but calls of given tools, and behind which nothing but further fences follows. If no tools were
 * given, `withoutTools` says where they count; `whole-text`: at the start of the message.
 */
export interface CallFences {
  /** Info strings, in lower case; `''` for none. Default: any. */
  readonly labels?: readonly string[]
  readonly withoutTools: 'never' | 'anywhere' | 'whole-text'
}

/**
 * Calls as JSON objects with no marker: taken from the content only under strict rules. Each must be an object with a
 * string `name` (of a given tool, where tools are given) and arguments that are an object, and before those no key but
 * `type`, `id` and `function`. Whatever breaks a rule is content at once, byte for byte, and what stands inside such data
 * is no call either.
 */
export interface BareJsonGrammar {
  /** Where a call may begin. `text-start`: before any other text and any call. */
  readonly where: Where
  /** Where it may begin if no tools were given. Default `never`. */
  readonly withoutTools?: WhereWithoutTools
  /**
   * `arguments`: a call is one, and streams, once its name is known and its arguments begin. `end` (default): only if the
   * calls run to the end of the text, or to a close marker, so that nothing comes out before.
   */
  readonly commit?: 'arguments' | 'end'
  readonly shape?: CallShape
  /** `[{…}, {…}]` is read as well. Default false. */
  readonly lists?: boolean
  /**
   * Several objects or lists may follow one another, with white space and at most one of these characters in between:
   * `;,`. Default: a text has one.
   */
  readonly separators?: string
  /** Markers of the format that may follow one: `<|python_tag|>`. A separator before such a marker is left out. */
  readonly again?: readonly string[]
  /** `[f(a=1)]` may follow one too, read by another family of the format. Default false. */
  readonly pythonLists?: boolean
  /** The key of an object that holds a list of calls: `tool_calls`. */
  readonly envelope?: string
  /** Close markers that prove a call at the start of the text whose open marker is missing, whatever its name. */
  readonly close?: readonly string[]
  /** Code fences that are calls. Default: none, and what stands in a fence is never a call. */
  readonly fences?: CallFences
}
