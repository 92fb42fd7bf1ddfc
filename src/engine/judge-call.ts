import type { NoteCode, ToolCall } from '../event/event.js'
import { quote } from '../text/quote.js'
import { declaredOf, verdictOn } from '../tools/declared.js'
import { isObject } from '../tools/is-object.js'
import { misplacedIn } from '../tools/misplaced.js'
import type { OfferedTools } from '../tools/offered-tools.js'
import { toolOf } from '../tools/schema.js'
import { duplicateKeys, keyCount } from '../values/json/duplicate-keys.js'
import type { OpenArguments } from './open-arguments.js'
import type { Output } from './output.js'

/** At most this many missing, unknown or duplicate arguments get a note each. One more note counts the rest. */
const MOST_NOTES = 8

/** Repairs of a header or a marker in another spelling: what stood there besides may have been of another call. */
const RESPELT = ['misspelt-header', 'misspelt-marker']

/**
 * Compares the arguments of a whole call with the schema of its tool. Missing and unknown names get a note each.
 * @param given `moved`: a repair moved, bounded or left out a part of the arguments. Then the schema has to accept the result, since a
 *   wrong guess would make another call.
 * @param oddKeys keys that may be damage, unless the schema has them
 * @returns why the call is malformed; empty if it is not.
 * @example judgeArguments(call, tools, { moved: true, oddKeys: [] }, out) // 'once repaired, it lacks "city", which the schema requires'
 */
export function judgeArguments(
  call: ToolCall,
  tools: OfferedTools,
  { moved, oddKeys }: Pick<OpenArguments, 'moved' | 'oddKeys'>,
  out: Output,
): string {
  const declared = declaredOf(tools, call.name)
  if (declared === undefined) return ''
  const { missing, unknown } = verdictOn(declared, call.arguments)
  if (missing.length > 0)
    noteEach(out, 'missing-argument', missing, `which the schema of ${quote(call.name)} requires, is missing`, call)
  if (unknown.length > 0)
    noteEach(out, 'unknown-argument', unknown, `is not an argument in the schema of ${quote(call.name)}`, call)
  const odd = unknown.find((key) => oddKeys.includes(key))
  if (odd !== undefined) return `${quote(odd)} stands without quotes, and is no key in the schema`
  if (unknown.includes('properties') && isSchema(call.arguments))
    return 'its arguments are the schema of a tool: it declares one'
  const swallowed = unknown.length === 0 ? undefined : swallowedCall(call.arguments, unknown, tools)
  if (swallowed !== undefined) return `its arguments hold another call, of ${quote(swallowed)}`
  const isRespelt = call.repairs.some(({ kind }) => RESPELT.includes(kind))
  const [lacks] = missing
  if (lacks !== undefined && (moved || isRespelt))
    return `once repaired, it lacks ${quote(lacks)}, which the schema requires`
  if (isRespelt && unknown[0] !== undefined)
    return `once repaired, it holds ${quote(unknown[0])}, which the schema does not have`
  if (!moved) return ''
  const holds = declared.others === 'forbidden' ? unknown[0] : undefined
  if (holds !== undefined) return `once repaired, it holds ${quote(holds)}, which the schema forbids`
  const misplaced = misplacedIn(call.arguments, toolOf(tools, call.name))
  return misplaced === undefined ? '' : `once repaired, it has ${misplaced}`
}

const TOKEN_PIECE = /[|｜]>|<[|｜]/
const NOT_IN_NAMES = /[<>|｜"]|&\w{2,5};/

/**
 * Why a call is malformed whose name still holds a piece of markup; empty if it does not: then the text names another tool, or
 * none. Where tools are given, a bracket, a bar or a quote is enough, also one that is escaped.
 * @example judgeName('get_weather|>', tools)
 */
export function judgeName(name: string, tools: OfferedTools): string {
  if (tools.has(name) || !(tools.given ? NOT_IN_NAMES : TOKEN_PIECE).test(name)) return ''
  return 'its name holds a piece of markup'
}

/** Do arguments say what an object has to hold? Of a format without types, the text of an object may be a string. */
function isSchema({ type, properties }: Readonly<Record<string, unknown>>): boolean {
  return (
    type === 'object' && (isObject(properties) || (typeof properties === 'string' && /^\s{0,8}\{/.test(properties)))
  )
}

/**
 * The given tool whose call stands among the arguments of another one, since what separated the two was lost.
 * @example {"field": "north", "name": "plough", "arguments": {"depth": 7}} // 'plough'
 */
function swallowedCall(
  args: Readonly<Record<string, unknown>>,
  unknown: readonly string[],
  tools: OfferedTools,
): string | undefined {
  const objects = unknown.filter((key) => isObject(args[key]))
  if (objects.length === 0) return undefined
  const names = unknown.map((key) => args[key]).filter((value) => typeof value === 'string')
  return [...names, ...objects].find((name) => tools.has(name))
}

function noteEach(
  out: Output,
  code: NoteCode,
  keys: readonly string[],
  what: string,
  { from, to }: Pick<ToolCall, 'from' | 'to'>,
): void {
  for (const key of keys.slice(0, MOST_NOTES)) out.note(code, `${quote(key)} ${what}`, from, to)
  const more = keys.length - MOST_NOTES
  if (more > 0) out.note(code, `and ${more} more like it`, from, to)
}

/**
 * Notes the keys that an object of the arguments has twice, since `JSON.parse` says nothing about them.
 * @param keys how many keys were read; `Infinity` if they were not counted.
 * @param argumentsFrom where the text of the arguments begins.
 * @example {"city": "Oslo", "city": "Bergen"} // duplicate-argument: "city" came twice: the last value is used
 */
export function noteDuplicateKeys(call: ToolCall, keys: number, argumentsFrom: number, out: Output): void {
  const { arguments: args, argumentsText, repairs, from, to } = call
  if (keys === 0 || keys === Object.keys(args).length || keys === keyCount(args)) return
  // Where nothing was rewritten, the text of the arguments stands in the source as it is.
  const isSource = repairs.length === 0 && Number.isFinite(keys)
  for (const key of duplicateKeys(argumentsText).slice(0, MOST_NOTES)) {
    const span = isSource ? ([argumentsFrom + key.from, argumentsFrom + key.to] as const) : ([from, to] as const)
    out.note('duplicate-argument', `${quote(key.key)} came twice: the last value is used`, ...span)
  }
}

/** Why `trust: 'cautious'` refuses a complete call; empty if it takes it. */
export function refusalOf({ name, known, evidence }: ToolCall): string {
  if (!known) return `no tool named ${quote(name)} was given`
  return evidence === 'marker' ? '' : `its evidence is ${evidence}, not the format's own marker`
}
