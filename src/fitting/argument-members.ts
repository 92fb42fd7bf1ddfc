import { declaredOf } from '../tools/declared.js'
import { isObject } from '../tools/is-object.js'
import type { Declared, OfferedTools } from '../tools/offered-tools.js'
import { objectIn } from '../values/json/parsed.js'
import { isSameJson } from './same-json.js'

/** A member of a call object beside its name and its arguments. */
export interface Member {
  readonly key: string
  /** As `JSON.parse` gives it. */
  readonly value: unknown
  /** The key is one that calls have: `id`, `type`, `index`. */
  readonly known: boolean
}

/** What the members are, each named by its index. Those in no list are ordinary members of a call. */
export interface Placing {
  /** The member that holds all arguments: `"args": {…}` */
  readonly all?: number
  /** Members that are arguments themselves: `"command": "ls"` */
  readonly lifted: readonly number[]
  /** Members that repeat the arguments. */
  readonly same: readonly number[]
  /** Members that have nothing to do with the call. */
  readonly metadata: readonly number[]
  /** Why the call cannot be delivered; empty if it can. */
  readonly why: string
}

/** Keys under which formats write arguments, and models where the format has another. */
const ARGUMENT_KEYS: ReadonlySet<string> = new Set([
  'arguments',
  'parameters',
  'args',
  'params',
  'input',
  'kwargs',
  'tool_input',
  'function_args',
  'action_input',
  'argument',
  'parameter',
])

/** Keys under which formats write names, and models where the format has another. */
const NAME_KEYS: readonly string[] = ['name', 'tool_name', 'tool', 'function']

/**
 * Decides what the members beside the name of a call are, so that none is ignored. The schema decides. Without one only
 * the keys above count, and other data in the place of arguments makes the call malformed.
 *
 *     {"name": "f", "args": {"a": 1}}                    they are all its arguments      (argument-key)
 *     {"name": "f", "a": 1}                              they are arguments themselves   (flat-arguments)
 *     {"name": "f", "arguments": {"b": 2}, "a": 1}       so is this one                  (argument-beside)
 *     {"name": "f", "arguments": {"b": 2}, "why": "…"}   metadata
 *
 * @param own the arguments under the format's own key, if there are any
 * @param ownKeys the keys that arguments have in the format
 * @param name the name of the call
 */
export function placeMembers(
  members: readonly Member[],
  own: Readonly<Record<string, unknown>> | undefined,
  ownKeys: readonly string[],
  declared: Declared | undefined,
  name: string,
): Placing {
  const placing = placeArguments(members, own, ownKeys, declared)
  const others = members.filter(({ key }, i) => placing.all !== i && !declares(declared, key))
  const isNamed = others.some(({ key, value }) => NAME_KEYS.includes(key) && isName(value) && value !== name)
  const call = others.find(({ value }) => (Array.isArray(value) ? value : [value]).some(isCall))
  if (isNamed) return { ...placing, why: 'it has two names' }
  if (call !== undefined) return { ...placing, why: `${JSON.stringify(call.key)} holds another call` }
  return placing
}

/**
 * The member that holds the name of a call whose format writes it under another key: the only one that names a given tool.
 * @example nameMember([{ key: 'tool', value: 'get_weather', known: false }], tools) // 0
 */
export function nameMember(members: readonly Member[], tools: OfferedTools): number | undefined {
  const names = indexes(members, ({ key, value }) => NAME_KEYS.includes(key) && isName(value))
  const [at = -1] = names
  const { key = '', value } = members[at] ?? {}
  if (names.length !== 1 || typeof value !== 'string' || !tools.given || !tools.has(value)) return undefined
  return declares(declaredOf(tools, value), key) ? undefined : at
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** Does a value have a name and arguments as a call has? */
function isCall(value: unknown): boolean {
  if (!isObject(value)) return false
  const inner = isObject(value.function) ? value.function : value
  const members = Object.entries(inner)
  return (
    members.some(([key, name]) => NAME_KEYS.includes(key) && isName(name)) &&
    members.some(([key, given]) => ARGUMENT_KEYS.has(key) && objectOf(given) !== undefined)
  )
}

/** The same without a look at whether the members are a call of their own. */
function placeArguments(
  members: readonly Member[],
  own: Readonly<Record<string, unknown>> | undefined,
  ownKeys: readonly string[],
  declared: Declared | undefined,
): Placing {
  if (own !== undefined) return placeBeside(members, own, ownKeys, declared)
  const all = argumentsMember(members, ownKeys, declared)
  if (all !== undefined) {
    const value = objectOf(members[all]?.value) as Record<string, unknown>
    return { ...placeBeside(members, value, ownKeys, declared, all), all }
  }
  const flat = indexes(members, ({ key, value, known }) => declares(declared, key) && !(known && value === 'function'))
  const rest = members.find(({ known }, i) => !known && !flat.includes(i))
  if (rest === undefined) return { lifted: flat, same: [], metadata: [], why: '' }
  return { lifted: [], same: [], metadata: [], why: `${JSON.stringify(rest.key)} stands where its arguments should be` }
}

/** The member that holds all arguments: one under a key above, else the only one of which the schema has all keys. */
function argumentsMember(
  members: readonly Member[],
  ownKeys: readonly string[],
  declared: Declared | undefined,
): number | undefined {
  const holds = ({ key, value }: Member) => !declares(declared, key) && objectOf(value) !== undefined
  const listed = indexes(members, (member) => holds(member) && isArgumentKey(member.key, ownKeys))
  if (listed.length > 0) return listed[0]
  const fitting = indexes(members, (member) => holds(member) && isAllDeclared(objectOf(member.value), declared))
  return fitting.length === 1 ? fitting[0] : undefined
}

/** Places the members beside arguments that were found. `all`: the member that holds these. */
function placeBeside(
  members: readonly Member[],
  own: Readonly<Record<string, unknown>>,
  ownKeys: readonly string[],
  declared: Declared | undefined,
  all?: number,
): Placing {
  const lifted: number[] = []
  const same: number[] = []
  const metadata: number[] = []
  let why = ''
  for (const [i, { key, value, known }] of members.entries()) {
    // The call's own `type` is always `function`: another one is an argument, if the schema has it.
    const isArgument = key === 'type' && value !== 'function' && declares(declared, key)
    if ((known && !isArgument) || i === all) continue
    if (declares(declared, key)) {
      if (!Object.hasOwn(own, key)) lifted.push(i)
      else if (isSameJson(own[key], value)) same.push(i)
      else why ||= `${JSON.stringify(key)} stands in its arguments and beside them, with two values`
      continue
    }
    const other = objectOf(value)
    const isOther = isArgumentKey(key, ownKeys) || (Object.keys(own).length === 0 && isAllDeclared(other, declared))
    if (other === undefined || !isOther) metadata.push(i)
    else if (isSameJson(own, other)) same.push(i)
    else why ||= `${JSON.stringify(key)} holds other arguments than those that came before`
  }
  return { lifted, same, metadata, why }
}

/** Is it one of the keys above, or the format's own key in another case or with blanks? */
export function isArgumentKey(key: string, ownKeys: readonly string[]): boolean {
  const plain = key.replaceAll(' ', '').toLowerCase()
  return ARGUMENT_KEYS.has(plain) || ownKeys.includes(plain)
}

function declares(declared: Declared | undefined, key: string): boolean {
  return declared?.properties.has(key) === true
}

/** Does the schema have all keys of the object, and the object at least one? */
function isAllDeclared(value: Readonly<Record<string, unknown>> | undefined, declared: Declared | undefined): boolean {
  const keys = Object.keys(value ?? {})
  return keys.length > 0 && keys.every((key) => declares(declared, key))
}

/** The value if it is an object, or the object that a JSON string holds. */
function objectOf(value: unknown): Record<string, unknown> | undefined {
  if (isObject(value)) return value
  return typeof value === 'string' && value.trimStart().startsWith('{') ? objectIn(value) : undefined
}

function indexes(members: readonly Member[], test: (member: Member) => boolean): number[] {
  return members.flatMap((member, i) => (test(member) ? [i] : []))
}
