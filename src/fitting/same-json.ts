import { isObject } from '../tools/is-object.js'

/**
 * Are two parsed JSON values equal, whatever the order of their keys? Not recursive, since arguments may be nested deep.
 * @example isSameJson({ a: [1], b: 2 }, { b: 2, a: [1] }) // true
 */
export function isSameJson(one: unknown, other: unknown): boolean {
  const open: [unknown, unknown][] = [[one, other]]
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [a, b] = pair
    if (Array.isArray(a) && Array.isArray(b)) {
      if (a.length !== b.length) return false
      for (const [i, item] of a.entries()) open.push([item, b[i]])
    } else if (isObject(a) && isObject(b)) {
      const keys = Object.keys(a)
      if (keys.length !== Object.keys(b).length) return false
      for (const key of keys) {
        if (!Object.hasOwn(b, key)) return false
        open.push([a[key], b[key]])
      }
    } else if (a !== b) return false
  }
  return true
}
