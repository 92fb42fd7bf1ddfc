import type { JsonSchema } from '../tools/tools-input.js'
import type { Node } from './node.js'

/** How values are spelled in a place, in nodes. */
export interface Spelling {
  /** Tells spellings apart, for the names of rules. */
  readonly name: string
  /** Any value at all, where that is simpler than any value of each type. */
  readonly any: Node | undefined
  /** A value that is known. Throws a `GrammarError` for one that cannot be written. */
  readonly literal: (value: unknown) => Node
  /** Whether the characters of strings can be counted. */
  readonly counts: boolean
  /** Strings of so many characters; `most` may be infinite. */
  readonly string: (least: number, most: number) => Node
  readonly number: (isInteger: boolean) => Node
  /** Lists and objects, where they are written as JSON. */
  readonly whole: ((type: 'array' | 'object', schema: JsonSchema, root: JsonSchema) => Node) | undefined
  readonly list: () => ListSpelling
  readonly object: () => ObjectSpelling
}

/** `open item { next item } close`, or `empty`. */
export interface ListSpelling {
  readonly open: Node
  readonly next: Node
  readonly close: Node
  readonly empty: Node | undefined
  readonly item: Spelling
}

/** `open member { next member } close`, or `empty`. */
export interface ObjectSpelling {
  readonly open: Node
  readonly next: Node
  readonly close: Node
  readonly empty: Node | undefined
  /** What stands before and behind the value of a key. Throws a `GrammarError` for a key that cannot be written. */
  readonly member: (key: string) => Around
  /** The same for a key that no schema names. */
  readonly anyMember: Around | undefined
  readonly value: Spelling
}

export interface Around {
  readonly before: Node
  readonly behind: Node
}
