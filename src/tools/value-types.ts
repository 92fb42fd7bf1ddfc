import { isObject } from './is-object.js'
import type { JsonSchema, Tool } from './tools-input.js'

/** The types of JSON values, in the order in which a raw text is tried against them. */
export const VALUE_TYPES = ['null', 'integer', 'number', 'boolean', 'object', 'array', 'string'] as const
export type ValueType = (typeof VALUE_TYPES)[number]

/** An empty set means that nothing is known about the type. */
export type ValueTypes = ReadonlySet<ValueType>

/** No more combined schemas than this are read; real tools have at most a few hundred. */
const NODE_LIMIT = 2000

/** The types of at most this many parameters of a tool are cached. */
const MEMORY_LIMIT = 1000

export const NO_TYPES: ValueTypes = new Set()
const ONE_TYPE: ReadonlyMap<ValueType, ValueTypes> = new Map(VALUE_TYPES.map((type) => [type, new Set([type])]))
// In reverse order: the list of open schemas is a stack, and names should come out in the order of the schema.
const APPLICATORS = ['oneOf', 'anyOf', 'allOf'] as const
const ALIASES: readonly (readonly [prefix: string, type: ValueType])[] = [
  ['int', 'integer'],
  ['uint', 'integer'],
  ['float', 'number'],
  ['num', 'number'],
]
const EXACT_ALIASES: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ...VALUE_TYPES.map((type) => [type, type] as const),
  ...(['str', 'text', 'varchar', 'char', 'enum'] as const).map((alias) => [alias, 'string'] as const),
  ['long', 'integer'],
  ['short', 'integer'],
  ['double', 'number'],
  ['bool', 'boolean'],
  ['dict', 'object'],
  ['list', 'array'],
  ['arr', 'array'],
])

/**
 * The types that a schema takes: the union over `type` (with the aliases that tools write: `str`, `int32`, `float`,
 * `dict`, `ARRAY`…), `anyOf`, `oneOf`, `allOf` and local `$ref`, else the types of the `enum` or `const` members;
 * `nullable: true` adds null if anything else is known.
 *
 * Never throws: a reference that leads nowhere, or back to itself, adds nothing.
 * @param root the schema that `$ref` pointers start from (the tool's `parameters`)
 * @returns a set in the order of `VALUE_TYPES`; empty if nothing is known
 * @example valueTypes({ anyOf: [{ type: 'integer' }, { $ref: '#/$defs/N' }] }, { $defs: { N: { type: 'null' } } }) // null, integer
 */
export function valueTypes(schema: JsonSchema | undefined, root: JsonSchema | undefined): ValueTypes {
  const only = soleType(schema)
  if (only !== undefined) return only
  const found = new Set<ValueType>()
  let nullable = false
  for (const node of applied(schema, root)) {
    nullable ||= node.nullable === true
    const { type } = node
    if (type !== undefined) {
      for (const name of Array.isArray(type) ? type : [type]) addNamed(name, found)
    } else if (Array.isArray(node.enum)) {
      for (const member of node.enum) addTypeOf(member, found)
    } else if (Object.hasOwn(node, 'const')) {
      addTypeOf(node.const, found)
    }
  }
  if (found.size === 0) return NO_TYPES
  if (nullable) found.add('null')
  return new Set(VALUE_TYPES.filter((type) => found.has(type)))
}

/** The type of a schema that names one and refers to no other, as nearly all do. Undefined: `valueTypes` has to look closer. */
export function soleType(schema: JsonSchema | undefined): ValueTypes | undefined {
  if (!isAlone(schema) || typeof schema.type !== 'string' || schema.nullable === true) return undefined
  const type = namedType(schema.type)
  return type === undefined ? NO_TYPES : ONE_TYPE.get(type)
}

/**
 * The schema of one property (`key` is a string) or one item (a number) of the values that `schema` describes, looked up
 * by own property through `$ref`, `allOf`, `anyOf` and `oneOf`. Alternatives that disagree come back as one `anyOf`.
 * A property that is not declared has the schema of `additionalProperties`, if that is one. `patternProperties` are not
 * read, since that would run an untrusted pattern.
 * @example subschema({ items: { type: 'integer' } }, root, 0) // { type: 'integer' }
 */
export function subschema(
  schema: JsonSchema | undefined,
  root: JsonSchema | undefined,
  key: string | number,
): JsonSchema | undefined {
  if (isAlone(schema)) return schemaOf(memberOf(schema, key))
  const declared = new Set<JsonSchema>()
  const others = new Set<JsonSchema>()
  for (const node of applied(schema, root)) {
    const member = schemaOf(memberOf(node, key))
    if (member !== undefined) (declares(node, key) ? declared : others).add(member)
  }
  const schemas = [...(declared.size > 0 ? declared : others)]
  return schemas.length > 1 ? { anyOf: schemas } : schemas[0]
}

/** What one schema, by itself, says about a property or an item. */
function memberOf(node: Record<string, unknown>, key: string | number): unknown {
  if (typeof key === 'string') {
    const { properties, additionalProperties } = node
    if (isObject(properties) && Object.hasOwn(properties, key)) return properties[key]
    return isObject(additionalProperties) ? additionalProperties : undefined
  }
  const tuple = Array.isArray(node.prefixItems) ? node.prefixItems : node.items
  if (!Array.isArray(tuple)) return tuple
  if (key < tuple.length) return tuple[key]
  return tuple === node.items ? node.additionalItems : node.items
}

/** Does the schema name this property? Items have no names. */
function declares({ properties }: Record<string, unknown>, key: string | number): boolean {
  return typeof key === 'number' || (isObject(properties) && Object.hasOwn(properties, key))
}

/** Does one of the schemas that apply to a value name this property of it? What `additionalProperties` takes has no names. */
export function namesProperty(schema: JsonSchema | undefined, root: JsonSchema | undefined, key: string): boolean {
  for (const node of applied(schema, root)) if (declares(node, key)) return true
  return false
}

/** How many items of a list have their own schemas (`prefixItems`). All further items share one. */
export function tupleLength(schema: JsonSchema | undefined, root: JsonSchema | undefined): number {
  let length = 0
  for (const { prefixItems, items } of applied(schema, root)) {
    const tuple = Array.isArray(prefixItems) ? prefixItems : items
    if (Array.isArray(tuple)) length = Math.max(length, tuple.length)
  }
  return length
}

/**
 * The schema of a tool's parameter, or undefined if the tool's schema does not describe it.
 * @example parameterSchema({ name: 'f', parameters: { properties: { a: { type: 'string' } } } }, 'a') // { type: 'string' }
 */
export function parameterSchema(tool: Tool | undefined, key: string): JsonSchema | undefined {
  return tool && subschema(tool.parameters, tool.parameters, key)
}

/**
 * Makes a function that looks up the types of a tool's parameter. It caches its answers, so make one for each parser.
 * @returns a function of tool and parameter name; an empty set if nothing is known
 * @example parameterTypes(readTools(tools).get)('search', 'limit') // integer
 */
export function parameterTypes(getTool: (name: string) => Tool | undefined): (tool: string, key: string) => ValueTypes {
  const known = new Map<Tool, Map<string, ValueTypes>>()
  return (name, key) => {
    const tool = getTool(name)
    if (tool === undefined) return NO_TYPES
    const types = known.get(tool) ?? new Map<string, ValueTypes>()
    known.set(tool, types)
    let found = types.get(key)
    if (found === undefined) {
      found = valueTypes(parameterSchema(tool, key), tool.parameters)
      // A text can hold any number of keys, so the cache is bounded.
      if (types.size < MEMORY_LIMIT) types.set(key, found)
    }
    return found
  }
}

/**
 * The names of a tool's declared parameters in schema order, through `$ref`, `allOf`, `anyOf` and `oneOf`.
 * @example propertyNames({ name: 'f', parameters: { properties: { b: {}, a: {} } } }) // ['b', 'a']
 */
export function propertyNames(tool: Tool | undefined): string[] {
  return [...propertySet(tool)]
}

/** The same names as a set. */
export function propertySet(tool: Tool | undefined): Set<string> {
  return propertiesOf(tool?.parameters, tool?.parameters)
}

/** The names of the properties that a schema declares. */
export function propertiesOf(schema: JsonSchema | undefined, root: JsonSchema | undefined): Set<string> {
  const names = new Set<string>()
  for (const { properties } of applied(schema, root)) {
    if (isObject(properties)) for (const name of Object.keys(properties)) names.add(name)
  }
  return names
}

/**
 * The name of the only parameter that takes a string, so that a bare text must be meant for it.
 * @returns undefined if there is no such parameter, or more than one
 * @example soleStringProperty({ name: 'python', parameters: { properties: { code: { type: 'string' } } } }) // 'code'
 */
export function soleStringProperty(tool: Tool | undefined): string | undefined {
  const names = propertyNames(tool).filter((name) =>
    valueTypes(parameterSchema(tool, name), tool?.parameters).has('string'),
  )
  return names.length === 1 ? names[0] : undefined
}

/** The schemas that apply to one value: the schema itself, and what it refers to or combines, each once. */
function applied(schema: unknown, root: JsonSchema | undefined): Iterable<Record<string, unknown>> {
  if (isAlone(schema)) return [schema]
  const nodes = new Set<Record<string, unknown>>()
  const open: unknown[] = [schema]
  while (open.length > 0 && nodes.size < NODE_LIMIT) {
    const node = open.pop()
    if (!isObject(node) || nodes.has(node)) continue
    nodes.add(node)
    for (const applicator of APPLICATORS) {
      const list = node[applicator]
      if (Array.isArray(list)) open.push(...list.slice(0, Math.max(0, NODE_LIMIT - open.length)).reverse())
    }
    if (typeof node.$ref === 'string') open.push(resolvePointer(node.$ref, root))
  }
  return nodes
}

/** Nearly every schema neither refers to others nor combines any. */
export function isAlone(schema: unknown): schema is Record<string, unknown> {
  if (!isObject(schema)) return false
  const { $ref, oneOf, anyOf, allOf } = schema
  return $ref === undefined && oneOf === undefined && anyOf === undefined && allOf === undefined
}

/**
 * The target of a local `$ref` (a JSON pointer behind `#`), looked up by own properties only.
 * @returns undefined if it is not a local pointer or leads nowhere
 * @example resolvePointer('#/$defs/a~1b', { $defs: { 'a/b': true } }) // true
 */
export function resolvePointer(ref: string, root: unknown): unknown {
  if (ref === '#') return root
  if (!ref.startsWith('#/')) return undefined
  let target: unknown = root
  for (const segment of ref.slice(2).split('/')) {
    const key = percentDecoded(segment).replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof target !== 'object' || target === null || !Object.hasOwn(target, key)) return undefined
    target = (target as Record<string, unknown>)[key]
  }
  return target
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * The type that a name in a schema stands for, aliases included.
 * @example namedType('VARCHAR') // 'string'
 */
export function namedType(name: unknown): ValueType | undefined {
  if (typeof name !== 'string') return undefined
  const word = name.toLowerCase()
  return EXACT_ALIASES.get(word) ?? ALIASES.find(([prefix]) => word.startsWith(prefix))?.[1]
}

/**
 * The type of a JSON value; `integer` for a number without a fraction.
 * @example typeOfValue(5) // 'integer'
 */
export function typeOfValue(value: unknown): ValueType | undefined {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return namedType(typeof value)
}

/** Do these types take a value of this type? Numbers take integers. */
export function takesType(types: ValueTypes, type: ValueType | undefined): boolean {
  return type !== undefined && (types.has(type) || (type === 'integer' && types.has('number')))
}

function addNamed(name: unknown, found: Set<ValueType>): void {
  const type = namedType(name)
  if (type !== undefined) found.add(type)
}

function addTypeOf(value: unknown, found: Set<ValueType>): void {
  const type = typeOfValue(value)
  if (type !== undefined) found.add(type)
}

function schemaOf(value: unknown): JsonSchema | undefined {
  return typeof value === 'boolean' || isObject(value) ? value : undefined
}
