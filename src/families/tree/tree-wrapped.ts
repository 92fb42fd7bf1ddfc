import type { Reading } from '../../engine/reading.js'
import { unwrapRaw } from '../../fitting/wrapped-value.js'
import type { Read } from '../../text/step.js'
import { NO_TYPES } from '../../tools/value-types.js'
import type { TreeLeaf } from './tree-leaf.js'
import type { TreeLook } from './tree-look.js'
import type { TreeTag } from './tree-tags.js'
import type { LeafPlace } from './tree-text.js'

/**
 * Reads a first value that may hold all arguments of its call: `<arguments>{"a": 1}</arguments>`. If nothing follows it, they
 * are unwrapped. The cursor stands at its tag.
 * @returns how many arguments were written at least
 */
export function* readWrapped(
  reading: Reading,
  leaves: TreeLeaf,
  look: TreeLook,
  tag: TreeTag,
  name: string,
  place: LeafPlace,
): Read<{ readonly end: 'open' | 'cut'; readonly count: number }> {
  const { cursor, out } = reading
  const at = cursor.offset
  cursor.at += tag.length
  const end = yield* leaves.read(name, 'schema', NO_TYPES, place, true)
  const { held } = leaves
  const next = held === undefined || leaves.damage !== '' ? undefined : yield* look.next()
  const isAlone = next === 'end' || (typeof next === 'object' && next.kind !== 'value')
  const json = held && isAlone ? unwrapRaw(name, held.raw, out.settings.depth, out.tools, out.name) : undefined
  if (held === undefined || json === undefined) {
    out.json(`${JSON.stringify(name)}:`, at + tag.nameFrom, at + tag.nameTo)
    if (held !== undefined) leaves.write(held, 'schema', NO_TYPES)
    return { end, count: 1 }
  }
  // The braces are written already.
  const members = json.trim().slice(1, -1).trim()
  out.repair('wrapped-arguments', held.from, held.to, held.raw, json)
  out.json(members, held.from, held.to)
  return { end, count: members === '' ? 0 : 1 }
}
