import { isObject } from '../../tools/is-object.js'
import { stringEnd } from './json-characters.js'

/** A key that its object has twice. The second one is at from..to of the text, with its quotes. */
export interface DuplicateKey {
  readonly key: string
  readonly from: number
  readonly to: number
}

/**
 * How many keys the objects in a parsed JSON value have together. If more were read from its text, some are duplicates.
 * @example keyCount({ a: [{ b: 1 }], c: {} }) // 3
 */
export function keyCount(value: unknown): number {
  let count = 0
  const open: unknown[] = [value]
  while (open.length > 0) {
    const next = open.pop()
    const members = Array.isArray(next) ? next : isObject(next) ? Object.values(next) : []
    if (!Array.isArray(next)) count += members.length
    for (const member of members) if (typeof member === 'object' && member !== null) open.push(member)
  }
  return count
}

/**
 * Finds the duplicate keys of each object in a JSON text, of which the last one counts. The text has to be valid JSON.
 * @example duplicateKeys('{"a": 1, "a": 2}') // [{ key: 'a', from: 9, to: 12 }]
 */
export function duplicateKeys(text: string): DuplicateKey[] {
  const found: DuplicateKey[] = []
  /** The keys of the objects that are open; undefined for a list. */
  const open: (Set<string> | undefined)[] = []
  let isKey = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (character === '"') {
      const to = stringEnd(text, i)
      const keys = open[open.length - 1]
      if (isKey && keys !== undefined) {
        const key = String(JSON.parse(text.slice(i, to)))
        if (keys.has(key)) found.push({ key, from: i, to })
        keys.add(key)
      }
      isKey = false
      i = to - 1
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : undefined)
      isKey = character === '{'
    } else if (character === '}' || character === ']') open.pop()
    else if (character === ',') isKey = open[open.length - 1] !== undefined
  }
  return found
}
