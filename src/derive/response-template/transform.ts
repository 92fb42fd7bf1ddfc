import { isObject } from '../../tools/is-object.js'
import { fault, wrong } from './fault.js'
import { membersOf, plainValue, type Value } from './value.js'

/** What becomes of the content of a region: a JSON value in which `"{content}"` and its like stand for what was read. */
export type Transform = { readonly [key: string]: Transform } | readonly Transform[] | string | number | boolean | null

const PLACEHOLDER = /^\{[\p{L}\p{N}_]{1,100}(?:\.[\p{L}\p{N}_]{1,100}){0,20}\}$/u
const HOLDS_PLACEHOLDER = /\{[\p{L}\p{N}_]{1,100}(?:\.[\p{L}\p{N}_]{1,100}){0,20}\}/u

/** The path of a placeholder: `content`, `args` for `{content.args}`. Undefined for any other text. */
export function pathOf(text: string): readonly string[] | undefined {
  return PLACEHOLDER.test(text) ? text.slice(1, -1).split('.') : undefined
}

/**
 * Checks a transform.
 * @param names what its placeholders may begin with; undefined if that is not known before the text is
 * @throws TypeError that names the place
 */
export function checkTransform(transform: unknown, names: ReadonlySet<string> | undefined, place: string): void {
  if (Array.isArray(transform)) for (const [i, one] of transform.entries()) checkTransform(one, names, `${place}[${i}]`)
  else if (isObject(transform))
    for (const [key, one] of Object.entries(transform)) checkTransform(one, names, `${place}.${key}`)
  else if (typeof transform === 'string') {
    const [root] = pathOf(transform) ?? []
    if (root === undefined && HOLDS_PLACEHOLDER.test(transform))
      wrong(place, `a placeholder has to be the whole text, got ${JSON.stringify(transform)}`)
    if (root !== undefined && names !== undefined && !names.has(root))
      wrong(place, `nothing is named "${root}". Known here: ${[...names].join(', ')}`)
  }
}

/** The transform with what was read in the place of its placeholders. */
export function transformed(transform: Transform, scope: ReadonlyMap<string, Value>): Value {
  if (Array.isArray(transform)) return { items: transform.map((one) => transformed(one, scope)) }
  if (isObject(transform)) {
    const members = Object.entries(transform).map(([key, one]) => [key, transformed(one as Transform, scope)] as const)
    return { members: new Map(members) }
  }
  const path = typeof transform === 'string' ? pathOf(transform) : undefined
  return path === undefined ? plainValue(transform) : valueAt(path, scope)
}

function valueAt(path: readonly string[], scope: ReadonlyMap<string, Value>): Value {
  let members: ReadonlyMap<string, Value> | undefined = scope
  let value: Value | undefined
  for (const [i, key] of path.entries()) {
    value = members?.get(key)
    if (value === undefined) fault(`there is no ${path.slice(0, i + 1).join('.')}`)
    members = membersOf(value)
  }
  return value as Value
}
