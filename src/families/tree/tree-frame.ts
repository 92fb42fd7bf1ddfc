import type { JsonSchema } from '../../tools/tools-input.js'

/** A map or a list that is open. */
export interface TreeFrame {
  readonly kind: 'map' | 'list'
  /** The word of its close tag; undefined for the call itself. */
  readonly word: string | undefined
  readonly schema: JsonSchema | undefined
  /** The keys that the schema declares, once they are asked for. */
  keys?: ReadonlySet<string>
  count: number
  /** The keys that were read, and the last of them. */
  readonly seen: Set<string>
  last: string
  /** The map is an element of a list that has no tag of its own: the same key again is the next element. */
  readonly repeats: boolean
}

export function treeFrame(
  kind: TreeFrame['kind'],
  word: string | undefined,
  schema: JsonSchema | undefined,
  repeats = false,
): TreeFrame {
  return { kind, word, schema, count: 0, seen: new Set(), last: '', repeats }
}
