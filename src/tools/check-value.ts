import { type CallIssue, describe, issueAt, keysOf, objection, type Path, stepTo } from './call-issue.js'
import { isObject } from './is-object.js'
import { linearPattern } from './linear-pattern.js'
import { pathText } from './path.js'
import type { JsonSchema } from './tools-input.js'
import { namedType, resolvePointer, typeOfValue, type ValueType } from './value-types.js'

/**
 * More work than any sensible schema and call need. It stops a schema that branches without end. A step counts once for
 * itself and once for each schema and alternative around it, since that is what it costs.
 */
const WORK_LIMIT = 2_000_000
const DEPTH_LIMIT = 600
/** No pattern is run on a longer text. */
const PATTERN_TEXT_LIMIT = 65_536

type Fields = Record<string, unknown>

interface Place {
  schema: unknown
  value: unknown
  path: Path | undefined
  /** The schemas that already apply to this value, so that one that refers back to itself is not followed again. */
  trail: readonly unknown[]
}

/**
 * Checks a JSON value against a JSON Schema: `type` (with the aliases of `valueTypes`), `nullable`, `enum`, `const`,
 * `properties`, `required`, `additionalProperties`, `patternProperties`, `propertyNames`, `items`, `prefixItems`, the
 * limits of numbers, strings, arrays and objects, `uniqueItems`, `allOf`, `anyOf`, `oneOf`, `not`, `if`, local `$ref`.
 *
 * A `pattern` is run only if it takes linear time (`linearPattern`). `format` is an annotation. Keywords that are not
 * named here are not checked, so they never refuse a call. `z.fromJSONSchema` cannot replace this: it throws for `not`
 * and `if`, overlooks `__proto__` and `required` keys that are not declared, ignores the keywords of a schema without
 * `type`, and runs every pattern.
 *
 * Never throws. A circular or too deep value or schema gets one issue that says so.
 * @param root the schema that `$ref` pointers start from
 * @example checkValue({ n: 'x' }, { properties: { n: { type: 'integer' } } })[0].message // 'n: expected integer, received "x"'
 */
export function checkValue(value: unknown, schema: JsonSchema, root: JsonSchema = schema): CallIssue[] {
  const check = new Check(root)
  try {
    const issues = check.run({ schema, value, path: undefined, trail: [] }, 0)
    if (!check.exhausted) return issues
  } catch {
    // A value that is circular or nested deeper than the stack. No parser makes one, but other callers may pass it.
  }
  return [issueAt([], 'arguments that can be checked in time', value)]
}

class Check {
  private work = 0
  exhausted = false
  /** The members of each `enum`, in canonical spelling. */
  private readonly members = new Map<readonly unknown[], ReadonlySet<string>>()

  constructor(private readonly root: JsonSchema) {}

  /** The issues at a place and below it. Only alternatives recurse; schemas that must all hold go to one list. */
  run(start: Place, depth: number): CallIssue[] {
    const issues: CallIssue[] = []
    const open: Place[] = [start]
    // The list grows while it is read.
    for (const place of open) {
      this.work += 1 + place.trail.length + depth
      if (this.work > WORK_LIMIT || isTooDeep(place, depth)) {
        this.exhausted = true
        return issues
      }
      const { schema, value, path } = place
      if (schema === false) issues.push(objection(path, 'nothing here', value))
      if (!isObject(schema) || place.trail.includes(schema)) continue
      const trail = [...place.trail, schema]
      const here = (inner: unknown): Place => ({ schema: inner, value, path, trail })
      if (typeof schema.$ref === 'string') open.push(here(resolvePointer(schema.$ref, this.root)))
      if (!checkType(schema, value, path, issues) || !this.checkMembers(schema, value, path, issues)) continue
      for (const inner of list(schema.allOf)) open.push(here(inner))
      this.checkAlternatives(schema, here, issues, depth)
      if (typeof value === 'string') checkString(schema, value, path, issues)
      else if (typeof value === 'number') checkNumber(schema, value, path, issues)
      else if (Array.isArray(value)) checkArray(schema, value, path, issues, open)
      else if (isObject(value)) this.checkObject(schema, value, path, issues, open)
    }
    return issues
  }

  private checkAlternatives(schema: Fields, here: (inner: unknown) => Place, issues: CallIssue[], depth: number): void {
    const test = (inner: unknown): CallIssue[] => this.run(here(inner), depth + 1)
    const { value, path } = here(schema)
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      const results = list(schema[keyword]).map(test)
      if (results.length === 0) continue
      const fitting = results.filter((result) => result.length === 0).length
      if (fitting === 0) issues.push(...closest(results, value, path))
      else if (fitting > 1 && keyword === 'oneOf') {
        issues.push(objection(path, 'a value that only one of the alternatives takes', value))
      }
    }
    if (schema.not !== undefined && test(schema.not).length === 0) {
      issues.push(objection(path, 'a value that the schema does not exclude', value))
    }
    if (schema.if !== undefined) {
      const branch = test(schema.if).length === 0 ? schema.then : schema.else
      if (branch !== undefined) issues.push(...test(branch))
    }
  }

  /** `enum` and `const`. */
  private checkMembers(schema: Fields, value: unknown, path: Path | undefined, issues: CallIssue[]): boolean {
    const members = Object.hasOwn(schema, 'const') ? [schema.const] : schema.enum
    if (!Array.isArray(members) || (schema.nullable === true && value === null)) return true
    let spellings = members === schema.enum ? this.members.get(members) : undefined
    if (spellings === undefined) {
      spellings = new Set(members.map(canonical))
      if (members === schema.enum) this.members.set(members, spellings)
    }
    if (spellings.has(canonical(value))) return true
    const expected = members.slice(0, 20).map(describe).join(', ')
    issues.push(objection(path, members.length === 1 ? expected : `one of ${expected}`, value))
    return false
  }

  private checkObject(schema: Fields, value: Fields, path: Path | undefined, issues: CallIssue[], open: Place[]): void {
    const keys = Object.keys(value)
    checkCount(schema.minProperties, schema.maxProperties, keys.length, 'properties', path, value, issues)
    for (const key of list(schema.required)) {
      if (typeof key === 'string' && !Object.hasOwn(value, key))
        issues.push(objection(stepTo(path, key), 'a value', undefined))
    }
    const { properties, additionalProperties, propertyNames } = schema
    const patterns = isObject(schema.patternProperties)
      ? Object.entries(schema.patternProperties).map(([source, inner]) => ({ regexp: linearPattern(source), inner }))
      : []
    for (const key of keys) {
      const item = { value: value[key], path: stepTo(path, key), trail: [] }
      if (propertyNames !== undefined) open.push({ ...item, value: key, schema: propertyNames })
      const declared = isObject(properties) && Object.hasOwn(properties, key)
      if (declared) open.push({ ...item, schema: properties[key] })
      // A pattern that is not run might have matched, so no key counts as additional then.
      const matching = patterns.filter(({ regexp }) => regexp?.test(key) ?? true)
      for (const { regexp, inner } of matching) if (regexp !== undefined) open.push({ ...item, schema: inner })
      if (declared || matching.length > 0 || additionalProperties === undefined) continue
      if (additionalProperties === false) issues.push(objection(item.path, 'no such property', item.value))
      else open.push({ ...item, schema: additionalProperties })
    }
  }
}

function isTooDeep({ path, trail }: Place, depth: number): boolean {
  return depth > DEPTH_LIMIT || trail.length > DEPTH_LIMIT || (path?.depth ?? 0) > DEPTH_LIMIT
}

function checkType(schema: Fields, value: unknown, path: Path | undefined, issues: CallIssue[]): boolean {
  const actual = typeOfValue(value)
  const types = (Array.isArray(schema.type) ? schema.type : [schema.type])
    .map(namedType)
    .filter((type) => type !== undefined)
  if (schema.nullable === true && types.length > 0) types.push('null')
  const fits = types.some((type: ValueType) => type === actual || (type === 'number' && actual === 'integer'))
  if (types.length > 0 && !fits) {
    issues.push(objection(path, [...new Set(types)].join(' or '), value))
    return false
  }
  return true
}

function checkString(schema: Fields, value: string, path: Path | undefined, issues: CallIssue[]): void {
  if (schema.minLength !== undefined || schema.maxLength !== undefined) {
    checkCount(schema.minLength, schema.maxLength, [...value].length, 'characters', path, value, issues)
  }
  const pattern = value.length > PATTERN_TEXT_LIMIT ? undefined : linearPattern(schema.pattern)
  if (pattern !== undefined && !pattern.test(value))
    issues.push(objection(path, `text that matches ${schema.pattern}`, value))
}

function checkNumber(schema: Fields, value: number, path: Path | undefined, issues: CallIssue[]): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const demand = (holds: boolean, expected: string) => {
    if (!holds) issues.push(objection(path, expected, value))
  }
  // Up to draft 4, `exclusiveMinimum` and `exclusiveMaximum` are booleans that modify `minimum` and `maximum`.
  if (typeof minimum === 'number') {
    if (exclusiveMinimum === true) demand(value > minimum, `more than ${minimum}`)
    else demand(value >= minimum, `at least ${minimum}`)
  }
  if (typeof maximum === 'number') {
    if (exclusiveMaximum === true) demand(value < maximum, `less than ${maximum}`)
    else demand(value <= maximum, `at most ${maximum}`)
  }
  if (typeof exclusiveMinimum === 'number') demand(value > exclusiveMinimum, `more than ${exclusiveMinimum}`)
  if (typeof exclusiveMaximum === 'number') demand(value < exclusiveMaximum, `less than ${exclusiveMaximum}`)
  if (typeof multipleOf === 'number' && multipleOf > 0) {
    // 0.3 is a multiple of 0.1, although dividing doubles does not give exactly 3.
    const quotient = value / multipleOf
    demand(Math.abs(quotient - Math.round(quotient)) <= Math.abs(quotient) * 1e-12, `a multiple of ${multipleOf}`)
  }
}

function checkArray(
  schema: Fields,
  value: unknown[],
  path: Path | undefined,
  issues: CallIssue[],
  open: Place[],
): void {
  checkCount(schema.minItems, schema.maxItems, value.length, 'items', path, value, issues)
  const isTuple = Array.isArray(schema.prefixItems) || Array.isArray(schema.items)
  const first = list(Array.isArray(schema.prefixItems) ? schema.prefixItems : schema.items)
  const rest = isTuple && !Array.isArray(schema.prefixItems) ? schema.additionalItems : schema.items
  for (let i = 0; i < value.length; i++) {
    const inner = i < first.length ? first[i] : rest
    if (inner !== undefined) open.push({ schema: inner, value: value[i], path: stepTo(path, i), trail: [] })
  }
  if (schema.uniqueItems === true && new Set(value.map(canonical)).size < value.length) {
    issues.push(objection(path, 'items that differ', value))
  }
}

function checkCount(
  least: unknown,
  most: unknown,
  count: number,
  what: string,
  path: Path | undefined,
  value: unknown,
  issues: CallIssue[],
): void {
  if (typeof least === 'number' && count < least) issues.push(objection(path, `at least ${least} ${what}`, value))
  if (typeof most === 'number' && count > most) issues.push(objection(path, `at most ${most} ${what}`, value))
}

/**
 * The issues to report when no alternative takes the value. If some object only to something inside the value, those of
 * the closest one are reported; else one issue lists what all of them expected.
 */
function closest(results: CallIssue[][], value: unknown, path: Path | undefined): CallIssue[] {
  const place = pathText(keysOf(path))
  const close = results.filter((result) => result.every((issue) => issue.path !== place))
  if (close.length > 0) return close.reduce((a, b) => (b.length < a.length ? b : a))
  const here = results.flat().filter((issue) => issue.path === place)
  return [objection(path, [...new Set(here.map((issue) => issue.expected))].join(' or '), value)]
}

/** The same text for equal JSON values, whatever the order of their keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  )
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
