import { isObject } from './is-object.js'
import type { Declared, OfferedTools } from './offered-tools.js'
import { toolOf } from './schema.js'
import type { JsonSchema, Tool } from './tools-input.js'
import { isAlone, propertySet, resolvePointer } from './value-types.js'

/** No more combined schemas than this are read. */
const NODE_LIMIT = 200

/**
 * The argument names that the schema of a tool declares. Undefined if the tool was not offered or its schema names no
 * properties: then nothing may be guessed.
 * @example declaredOf(readOffered([{ name: 'f', parameters: { properties: { a: {} }, required: ['a'] } }]), 'f')?.required // ['a']
 */
export function declaredOf(tools: OfferedTools, name: string): Declared | undefined {
  const source = tools.source(name)
  if (source === undefined) return undefined
  if (source.declared === undefined) source.declared = readDeclared(toolOf(tools, name)) ?? 'nothing'
  return source.declared === 'nothing' ? undefined : source.declared
}

/** Does the tool take no arguments at all? False where its schema does not say so. */
export function takesNone(tools: OfferedTools, name: string): boolean {
  const declared = declaredOf(tools, name)
  return declared !== undefined && declared.properties.size === 0 && declared.others !== 'taken'
}

/**
 * Runs once for each text that calls the tool, hence the loops: intermediate lists took a fifteenth of the time of a
 * turn.
 */
function readDeclared(tool: Tool | undefined): Declared | undefined {
  const properties = propertySet(tool)
  const required: string[] = []
  let isNamed = properties.size > 0
  let takes = false
  let forbids = false
  for (const node of alwaysApplied(tool?.parameters)) {
    isNamed ||= isObject(node.properties)
    if (Array.isArray(node.required))
      for (const name of node.required) if (typeof name === 'string') required.push(name)
    for (const rule of [node.additionalProperties, node.unevaluatedProperties]) {
      takes ||= rule === true || isObject(rule)
      forbids ||= rule === false
    }
    takes ||= isObject(node.patternProperties)
  }
  if (!isNamed) return undefined
  const once = required.length < 2 ? required : [...new Set(required)]
  return { properties, required: once, others: takes ? 'taken' : forbids ? 'forbidden' : 'unknown' }
}

/** The schemas that every call must satisfy: the schema itself, its `$ref` targets, and all of `allOf`. */
function alwaysApplied(schema: JsonSchema | undefined): Record<string, unknown>[] {
  if (isAlone(schema)) return [schema]
  const nodes = new Set<Record<string, unknown>>()
  const open: unknown[] = [schema]
  while (open.length > 0 && nodes.size < NODE_LIMIT) {
    const node = open.pop()
    if (!isObject(node) || nodes.has(node)) continue
    nodes.add(node)
    if (Array.isArray(node.allOf)) open.push(...node.allOf)
    if (typeof node.$ref === 'string') open.push(resolvePointer(node.$ref, schema))
  }
  return [...nodes]
}

/** The names that the arguments of a call lack, and those that the schema does not know. */
export interface Verdict {
  readonly missing: readonly string[]
  readonly unknown: readonly string[]
}

/** Compares the names of arguments with the declared ones. */
export function verdictOn(
  { properties, required, others }: Declared,
  args: Readonly<Record<string, unknown>>,
): Verdict {
  let missing: string[] | undefined
  let unknown: string[] | undefined
  for (const key of required) if (!Object.hasOwn(args, key)) (missing ??= []).push(key)
  if (others !== 'taken') for (const key of Object.keys(args)) if (!properties.has(key)) (unknown ??= []).push(key)
  return missing === undefined && unknown === undefined ? FITS : { missing: missing ?? [], unknown: unknown ?? [] }
}

const FITS: Verdict = { missing: [], unknown: [] }
