import { NO_TYPES } from '../../tools/value-types.js'
import { ContentFault, fault } from './fault.js'
import type { RegionHit } from './regions.js'
import type { Field } from './template.js'
import { pathOf, transformed } from './transform.js'
import { itemsOf, membersOf, textOf, toJson, type Value } from './value.js'

/** A call that a region holds. */
export interface RegionCall {
  readonly name: string
  readonly arguments: ReadonlyMap<string, Value> | 'none'
  /** The arguments as the model wrote them, where they are JSON. */
  readonly json: string | undefined
}

/** What a region of calls holds: its calls, or why it cannot be read, and the name of its call if that is known. */
export type RegionCalls =
  | { readonly calls: readonly RegionCall[] }
  | { readonly why: string; readonly name: string | undefined }

/** Reads the text of a region of calls. `groups`: what the opener and the closer took in. */
export function callsOf(field: Field, text: string, groups: RegionHit['groups']): RegionCalls {
  try {
    return { calls: calls(regionValue(field, text, groups)) }
  } catch (error) {
    if (!(error instanceof ContentFault)) throw error
    return { why: error.message, name: nameIn(field, groups) }
  }
}

function regionValue({ content, transform, isEach }: Field, text: string, groups: RegionHit['groups']): Value {
  const value = content.read(text)
  if (transform === undefined) return value
  const captured = [...groups].map(([name, group]): [string, Value] => [name, { text: group.text }])
  if (!isEach) return transformed(transform, new Map([...captured, ['content', value]]))
  const items = itemsOf(value) ?? fault('it is not a list')
  return {
    items: items.map((item) => {
      const members = membersOf(item) ?? fault('an element of the list is not an object')
      return transformed(transform, new Map([...captured, ...members]))
    }),
  }
}

/** The calls in a value: one, or a list of them. */
function calls(value: Value): RegionCall[] {
  const items = itemsOf(value)
  if (items !== undefined) return items.flatMap(calls)
  const members = membersOf(value) ?? fault('it is not a call')
  const call = members.has('function') ? membersOf(members.get('function') as Value) : members
  const name = textOf(call?.get('name') ?? NOTHING) ?? ''
  if (name === '') fault('it has no name')
  const args = argumentsOf(call?.get('arguments') ?? NOTHING)
  return [{ name, ...args }]
}

const NOTHING: Value = { json: 'null' }

function argumentsOf(value: Value): Omit<RegionCall, 'name'> {
  if ('json' in value && value.json === 'null') return { arguments: 'none', json: '{}' }
  const members = membersOf(value) ?? fault('its arguments are not an object')
  return { arguments: members, json: 'json' in value ? toJson(value, NO_TYPES) : undefined }
}

/** The name that a group took in, where the transform makes it the name of the call. */
function nameIn({ transform }: Field, groups: RegionHit['groups']): string | undefined {
  const find = (one: unknown): string | undefined => {
    if (typeof one !== 'object' || one === null) return undefined
    const { name, function: inner } = one as { name?: unknown; function?: unknown }
    const path = typeof name === 'string' ? pathOf(name) : undefined
    return path === undefined ? find(inner) : groups.get(path.join('.'))?.text
  }
  return find(transform)
}
