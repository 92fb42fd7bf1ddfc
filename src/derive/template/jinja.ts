import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja'
import { isObject } from '../../tools/is-object.js'

/** A template that renders sentinels takes a few thousand steps. */
const MOST_STEPS = 400_000
/** UTF-16 units of any text, and members of any list, that a template makes. */
const LONGEST = 2_000_000
const MOST_MEMBERS = 100_000

/** The template did more than a template has to: it may never end. */
export class TemplateLimitError extends Error {
  override name = 'TemplateLimitError'
}

type Node = Parameters<Interpreter['evaluate']>[0] & { type: string }
type Value = ReturnType<Interpreter['evaluate']>

/**
 * Prepares a chat template for rendering with @huggingface/jinja. A template is code of whoever made the model, so that each
 * rendering has a limit of steps, of text and of members of a list; behind it a `TemplateLimitError` is thrown. What a single step
 * may do is bounded by that library alone. Throws what the library throws for a template that it cannot read.
 */
export function preparedTemplate(source: string): (context: Record<string, unknown>) => string {
  const program = filled(parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true })))
  return (context) => {
    const environment = new Environment()
    for (const [name, value] of Object.entries({ ...GLOBALS, ...context })) environment.set(name, value)
    return String(new BoundedInterpreter(environment).run(program).value)
  }
}

const GLOBALS = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  range,
  raise_exception(why: unknown) {
    throw new Error(String(why))
  },
  // The same day always: a date is no part of a format.
  strftime_now: (form: unknown) => String(form).replace(/%[a-zA-Z]/g, '01'),
}

function range(first: number, behind?: number, step = 1): number[] {
  const [from, to] = behind === undefined ? [0, first] : [first, behind]
  const count = Math.ceil((to - from) / step)
  if (!(count <= MOST_MEMBERS)) throw new TemplateLimitError(`range of ${count} numbers`)
  return Array.from({ length: Math.max(0, count) }, (_, i) => from + i * step)
}

/** Counts steps, and does what the library leaves out. */
class BoundedInterpreter extends Interpreter {
  private steps = 0

  override evaluate(node: Node | undefined, environment: Environment): Value {
    if (++this.steps > MOST_STEPS) throw new TemplateLimitError(`more than ${MOST_STEPS} steps`)
    const value = (node && this.leftOut(node, environment)) ?? super.evaluate(node, environment)
    const { value: held } = value as { value: unknown }
    if (typeof held === 'string' && held.length > LONGEST)
      throw new TemplateLimitError(`a text of more than ${LONGEST} characters`)
    if (Array.isArray(held)) {
      if (held.length > MOST_MEMBERS) throw new TemplateLimitError(`a list of more than ${MOST_MEMBERS} members`)
      // A loop over it takes as many, also where its body is empty.
      this.steps += held.length
    }
    return value
  }

  /** What templates use and the library has not. Undefined: the library does it. */
  private leftOut(node: Node, environment: Environment): Value | undefined {
    const { type } = node
    if (type === 'TupleLiteral') return super.evaluate({ ...node, type: 'ArrayLiteral' } as Node, environment)
    if (type === 'CallExpression') return this.method(node as unknown as Call, environment)
    if (type === 'MemberExpression') return this.numberedMember(node as unknown as Member, environment)
    if (type === 'BinaryExpression') return this.binary(node as unknown as Binary, environment)
    return undefined
  }

  /** `list.append(value)`, `'{}'.format(value)`; and `map.items()`, where the map has a key of that name. */
  private method({ callee, args }: Call, environment: Environment): Value | undefined {
    const name = callee.type === 'MemberExpression' && !callee.computed ? callee.property.value : ''
    if (!METHODS.includes(name)) return undefined
    const object = this.evaluate(callee.object, environment)
    const { value: held } = object as { value: unknown }
    if (held instanceof Map) {
      const method = held.has(name) ? object.builtins.get(name) : undefined
      return typeof method?.value === 'function' ? method.value([], environment) : undefined
    }
    const given = args.map((arg) => this.evaluate(arg, environment))
    if (name === 'append' && Array.isArray(held)) {
      held.push(...given)
      return super.evaluate(undefined, environment)
    }
    if (name !== 'format' || typeof held !== 'string') return undefined
    let next = 0
    const text = held.replace(/\{(\d?)\}/g, (_, at) => String(given[at === '' ? next++ : Number(at)]?.value ?? ''))
    return super.evaluate(literal(text), environment)
  }

  /** `budgets[512]` of a map, and what has no name: there is nothing. */
  private numberedMember(node: Member, environment: Environment): Value | undefined {
    if (!node.computed || node.property.type === 'SliceExpression') return undefined
    const { value: held } = this.evaluate(node.object, environment) as { value: unknown }
    const { value: key } = this.evaluate(node.property as unknown as Node, environment) as { value: unknown }
    if (key === undefined) return super.evaluate(undefined, environment)
    if (typeof key !== 'number' || !(held instanceof Map)) return undefined
    return super.evaluate({ ...node, property: literal(String(key)) } as unknown as Node, environment)
  }

  /** `budget <= key`, where the key of a map was a number and is text here; and `' ' * 4`. */
  private binary(node: Binary, environment: Environment): Value | undefined {
    const { value: operator } = node.operator
    if (!/^(?:[<>]=?|\*)$/.test(operator)) return undefined
    const sides = [node.left, node.right].map((side) => this.evaluate(side, environment).value as unknown)
    const text = sides.find((side) => typeof side === 'string')
    const count = sides.find((side) => typeof side === 'number')
    if (text === undefined || count === undefined) return undefined
    if (operator === '*') {
      if (text.length * count > LONGEST) throw new TemplateLimitError(`a text ${count} times`)
      return super.evaluate(literal(text.repeat(Math.max(0, count))), environment)
    }
    const [left, right] = sides.map((side) => ({ type: 'FloatLiteral', value: Number(side) }))
    return super.evaluate({ ...node, left, right } as unknown as Node, environment)
  }
}

const METHODS = ['append', 'format', 'items', 'keys', 'values', 'get']

interface Call {
  callee: Member
  args: Node[]
}

interface Binary {
  left: Node
  right: Node
  operator: { value: string }
}

interface Member {
  type: string
  computed: boolean
  object: Node
  property: { type: string; value: string }
}

const literal = (value: string) => ({ type: 'StringLiteral', value }) as unknown as Node

/** Writes what the library cannot read in words that it can: numbers as keys, `string`, `min` and `max` of lists and maps. */
function filled<T>(node: T): T {
  if (Array.isArray(node)) {
    for (const [i, one] of node.entries()) node[i] = filled(one)
    return node
  }
  if (node instanceof Map) {
    const entries = [...node].map(([key, value]) => [filled(asKey(key)), filled(value)] as const)
    return new Map(entries) as T
  }
  if (!isObject(node)) return node
  const found = node as Record<string, unknown>
  for (const [key, value] of Object.entries(found))
    if (isObject(value) || Array.isArray(value)) found[key] = filled(value)
  const { type, filter, operand } = found as { type?: string; filter?: { type: string; value: string }; operand?: Node }
  if (type === 'FilterExpression' && filter?.type === 'Identifier' && operand !== undefined) {
    const filterBy = (name: string, of: Node) => ({ type, operand: of, filter: { type: 'Identifier', value: name } })
    if (filter.value === 'min') return filterBy('first', filterBy('sort', operand) as unknown as Node) as T
    if (filter.value === 'max') return filterBy('last', filterBy('sort', operand) as unknown as Node) as T
    if (filter.value === 'string') {
      const condition = {
        type: 'TestExpression',
        operand,
        negate: false,
        test: { type: 'Identifier', value: 'mapping' },
      }
      return { type: 'Ternary', condition, trueExpr: filterBy('tojson', operand), falseExpr: node } as T
    }
  }
  return node
}

function asKey(key: unknown): unknown {
  const { type, value } = key as { type?: string; value?: unknown }
  return type === 'IntegerLiteral' ? literal(String(value)) : key
}
