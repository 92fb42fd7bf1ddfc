import { isObject } from '../tools/is-object.js'
import type { JsonSchema } from '../tools/tools-input.js'
import { namedType, resolvePointer, type ValueType } from '../tools/value-types.js'
import { JSON_SPELLING } from './json-spelling.js'
import { choice, NOTHING, type Node, optional, repeat, sequence } from './node.js'
import { GrammarError } from './problem.js'
import type { Around, ObjectSpelling, Spelling } from './spelling.js'

type SchemaObject = Readonly<Record<string, unknown>>

/** What a schema may ask of a value that no grammar here holds to. */
const LOOSENED = [
  'pattern',
  'format',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'uniqueItems',
  'contains',
  'patternProperties',
  'propertyNames',
  'minProperties',
  'maxProperties',
  'dependentRequired',
  'dependentSchemas',
  'if',
  'not',
]

/** Engines refuse longer repetitions, or are slow at them. */
const MOST_COUNTED = 256

/** A reference that is followed deeper than this leads in a circle or nowhere. */
const MOST_REFERENCES = 32

/** Turns JSON Schemas into grammars of values, as a spelling has them. */
export class SchemaGrammar {
  private readonly rules = new Map<Spelling, Map<unknown, Node>>()

  /**
   * @param root the schema that references start from
   * @param loosened takes what is not held to: `/properties/size: minimum`
   */
  constructor(
    private readonly root: JsonSchema,
    private readonly loosened: Set<string> = new Set(),
  ) {}

  /** The values that fit a schema. What the schema asks beyond a grammar is left open, and told. */
  value(schema: unknown, spelling: Spelling, path = ''): Node {
    if (!isObject(schema)) return this.any(spelling)
    for (const word of LOOSENED) if (Object.hasOwn(schema, word)) this.loosened.add(`${path}: ${word}`)
    if (typeof schema.$ref === 'string') return this.reference(schema.$ref, spelling, path)
    if (Object.hasOwn(schema, 'const')) return spelling.literal(schema.const)
    if (Array.isArray(schema.enum) && schema.enum.length > 0)
      return choice(schema.enum.map((value) => spelling.literal(value)))
    for (const word of ['anyOf', 'oneOf'] as const) {
      const among = schema[word]
      if (!Array.isArray(among) || among.length === 0) continue
      if (schema.properties !== undefined) this.loosened.add(`${path}: properties beside ${word}`)
      return choice(among.map((one, i) => this.value(one, spelling, `${path}/${word}/${i}`)))
    }
    if (Array.isArray(schema.allOf)) return this.value(this.merged(schema, schema.allOf, path), spelling, path)
    const types = typesOf(schema)
    if (types.length === 0) return this.any(spelling)
    return choice(types.map((type) => this.typed(type, schema, spelling, path)))
  }

  private typed(type: ValueType, schema: SchemaObject, spelling: Spelling, path: string): Node {
    switch (type) {
      case 'null':
        return spelling.literal(null)
      case 'boolean':
        return choice([spelling.literal(true), spelling.literal(false)])
      case 'string':
        return this.string(schema, spelling, path)
      case 'array':
        return spelling.whole?.(type, schema, this.root) ?? this.list(schema, spelling, path)
      case 'object':
        return spelling.whole?.(type, schema, this.root) ?? this.object(schema, spelling.object(), path)
      default:
        return spelling.number(type === 'integer')
    }
  }

  private string({ minLength, maxLength }: SchemaObject, spelling: Spelling, path: string): Node {
    const [least, most] = [countOf(minLength) ?? 0, countOf(maxLength) ?? Number.POSITIVE_INFINITY]
    const isCounted = least <= MOST_COUNTED && (most <= MOST_COUNTED || most === Number.POSITIVE_INFINITY)
    if ((least > 0 || most < Number.POSITIVE_INFINITY) && (!isCounted || !spelling.counts)) {
      this.loosened.add(`${path}: length`)
      return spelling.string(0, Number.POSITIVE_INFINITY)
    }
    return spelling.string(least, most)
  }

  /** Any value at all. */
  private any(spelling: Spelling): Node {
    if (spelling.any !== undefined) return spelling.any
    return this.rule(spelling, 'any', () =>
      choice(
        (['string', 'number', 'boolean', 'null', 'array', 'object'] as const).map((type) =>
          this.typed(type, { type }, spelling, ''),
        ),
      ),
    )
  }

  private list(schema: SchemaObject, spelling: Spelling, path: string): Node {
    const { open, next, close, empty, item } = spelling.list()
    const tuple = [schema.prefixItems, schema.items].find(Array.isArray) ?? []
    const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items
    const least = Math.max(countOf(schema.minItems) ?? 0, tuple.length)
    const most = rest === false ? tuple.length : (countOf(schema.maxItems) ?? Number.POSITIVE_INFINITY)
    if (most < least) throw new GrammarError(`${path}: no list has ${least} items and no more than ${most}`)
    const first = tuple.map((one: unknown, i) => this.value(one, item, `${path}/prefixItems/${i}`))
    const further = this.value(rest, item, `${path}/items`)
    const [head = further, ...others] = first
    const taken = Math.max(tuple.length, 1)
    const items = sequence(
      open,
      head,
      ...others.map((one) => sequence(next, one)),
      repeat(sequence(next, further), Math.max(0, least - taken), most - taken),
      close,
    )
    if (most === 0) return empty ?? sequence(open, close)
    return least === 0 && empty !== undefined ? choice([empty, items]) : items
  }

  /** The arguments of a call, which are an object: what else the schema allows is left out. */
  arguments(schema: JsonSchema, spelling: ObjectSpelling): Node {
    const object = this.followed(schema)
    const whole = Array.isArray(object.allOf) ? this.merged(object, object.allOf, '') : object
    const forms = [whole.anyOf, whole.oneOf].find(Array.isArray)
    if (forms === undefined) return this.object(whole, spelling, '')
    return choice(forms.map((form) => this.object(this.merged(whole, [form], ''), spelling, '')))
  }

  /** The members in the order of the schema; those that it does not name, behind them. */
  private object(schema: SchemaObject, spelling: ObjectSpelling, path: string): Node {
    const properties = isObject(schema.properties) ? Object.entries(schema.properties) : []
    const required = new Set(listOf(schema.required))
    const { open, next, close, empty } = spelling
    const members = properties.map(([key, value]) => ({
      node: this.member(spelling.member(key), value, spelling.value, `${path}/properties/${key}`),
      isRequired: required.has(key),
    }))
    const others = this.otherMembers(schema, spelling, properties.length === 0, path)
    const more = others === undefined ? NOTHING : repeat(sequence(next, others))
    const bodies: Node[] = []
    for (const [i, member] of members.entries()) {
      const rest = members
        .slice(i + 1)
        .map(({ node, isRequired }) => (isRequired ? sequence(next, node) : optional(sequence(next, node))))
      bodies.push(sequence(member.node, ...rest, more))
      if (member.isRequired) break
    }
    const isOpen = members.every(({ isRequired }) => !isRequired)
    if (isOpen && others !== undefined) bodies.push(sequence(others, more))
    const forms = bodies.length === 0 ? [] : [sequence(open, choice(bodies), close)]
    if (isOpen && empty !== undefined) forms.unshift(empty)
    if (forms.length === 0)
      throw new GrammarError(`${path || '/'}: an object whose keys are not known cannot be written`)
    return choice(forms)
  }

  /** A member that the schema does not name: where it says so, and where it names none at all. */
  private otherMembers(
    { additionalProperties }: SchemaObject,
    { anyMember, value }: ObjectSpelling,
    namesNone: boolean,
    path: string,
  ): Node | undefined {
    const isOpen = additionalProperties === undefined ? namesNone : additionalProperties !== false
    if (!isOpen || anyMember === undefined) return undefined
    return this.member(anyMember, additionalProperties, value, `${path}/additionalProperties`)
  }

  private member({ before, behind }: Around, schema: unknown, spelling: Spelling, path: string): Node {
    return sequence(before, this.value(schema, spelling, path), behind)
  }

  private reference(ref: string, spelling: Spelling, path: string): Node {
    const target = resolvePointer(ref, this.root)
    if (isObject(target)) return this.rule(spelling, target, () => this.value(target, spelling, ref.slice(1)))
    this.loosened.add(`${path}: $ref ${ref}`)
    return this.any(spelling)
  }

  /** What all of some schemas ask, as far as it can be said in one. */
  private merged(schema: SchemaObject, all: readonly unknown[], path: string): SchemaObject {
    const { allOf: _, ...own } = schema
    let merged: Record<string, unknown> = own
    for (const one of all) {
      const part = this.followed(one)
      const both = Object.keys(part).filter((word) => Object.hasOwn(merged, word) && !MERGED.has(word))
      if (both.length > 0) this.loosened.add(`${path}: allOf with ${both.join(', ')}`)
      merged = {
        ...part,
        ...merged,
        ...(part.properties || merged.properties
          ? { properties: { ...(part.properties as object), ...(merged.properties as object) } }
          : {}),
        required: [...listOf(merged.required), ...listOf(part.required)],
      }
    }
    return merged
  }

  private followed(schema: unknown): SchemaObject {
    let node = schema
    for (let i = 0; i < MOST_REFERENCES && isObject(node) && typeof node.$ref === 'string'; i++)
      node = resolvePointer(node.$ref, this.root)
    return isObject(node) ? node : {}
  }

  /** A grammar that may hold itself: one for each schema and spelling. */
  private rule(spelling: Spelling, key: unknown, make: () => Node): Node {
    const known = this.rules.get(spelling) ?? new Map<unknown, Node>()
    this.rules.set(spelling, known)
    let node = known.get(key)
    if (node === undefined) {
      let made: Node | undefined
      node = {
        kind: 'rule',
        name: `${spelling.name}-${key === 'any' ? 'any' : known.size}`,
        node: () => (made ??= make()),
      }
      known.set(key, node)
    }
    return node
  }
}

const MERGED = new Set(['type', 'properties', 'required', 'description', 'title', 'additionalProperties'])

/** The JSON texts that fit a schema, in plainer nodes. */
export function jsonValue({ schema, root }: { schema: JsonSchema; root: JsonSchema }, loosened?: Set<string>): Node {
  return new SchemaGrammar(root, loosened).value(schema, JSON_SPELLING)
}

function typesOf(schema: SchemaObject): ValueType[] {
  const named = (Array.isArray(schema.type) ? schema.type : [schema.type]).map(namedType)
  const types = [...new Set(named.filter((type) => type !== undefined))]
  if (types.length === 0 && isObject(schema.properties)) types.push('object')
  if (types.length === 0 && schema.items !== undefined) types.push('array')
  if (types.length > 0 && schema.nullable === true && !types.includes('null')) types.push('null')
  return types.includes('number') ? types.filter((type) => type !== 'integer') : types
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
