import { isObject } from '../tools/is-object.js'
import type { JsonSchema } from '../tools/tools-input.js'
import { gbnfOf } from './gbnf.js'
import { type FreeText, type Node, plainly } from './node.js'
import { regularExpression } from './regular.js'

/** xgrammar's structural tag, as vLLM and SGLang take it in a request. */
export interface StructuralTag {
  readonly type: 'structural_tag'
  readonly format: TagFormat
}

/** A part of a structural tag: `{ type: 'const_string', value: … }`, `{ type: 'sequence', elements: […] }`, and others. */
export interface TagFormat {
  readonly type: string
  readonly [field: string]: unknown
}

/** The grammar as a structural tag. */
export function structuralTagOf(grammar: Node): StructuralTag {
  return { type: 'structural_tag', format: formatOf(grammar) }
}

function formatOf(node: Node): TagFormat {
  if (node.kind === 'literal') return { type: 'const_string', value: node.text }
  const pattern = node.kind === 'choice' ? undefined : regularExpression(node)
  if (pattern !== undefined) return { type: 'regex', pattern }
  switch (node.kind) {
    case 'text':
      return { type: 'any_text', ...(node.without.length > 0 && { excludes: node.without }) }
    case 'json':
      return { type: 'json_schema', json_schema: ownSchema(node.schema, node.root) }
    case 'sequence':
      return { type: 'sequence', elements: node.parts.map(formatOf) }
    case 'choice':
      return choiceOf(node.among)
    case 'repeat':
      return repeated(formatOf(node.node), node.least, node.most)
    case 'free':
      return triggered(node)
    default:
      // What may hold itself has no name in a structural tag, so it comes as a grammar.
      return { type: 'grammar', grammar: gbnfOf(node) }
  }
}

function choiceOf(among: readonly Node[]): TagFormat {
  const isEmpty = (node: Node) => node.kind === 'literal' && node.text === ''
  const elements = among.filter((node) => !isEmpty(node)).map(formatOf)
  const [only] = elements
  const choice: TagFormat = elements.length === 1 && only !== undefined ? only : { type: 'or', elements }
  return among.some(isEmpty) ? repeated(choice, 0, 1) : choice
}

function repeated(content: TagFormat, least: number, most: number): TagFormat {
  if (most === 1) return { type: 'optional', content }
  if (most !== Number.POSITIVE_INFINITY) return { type: 'repeat', min: least, max: most, content }
  if (least > 1) return { type: 'repeat', min: least, max: -1, content }
  return { type: least === 0 ? 'star' : 'plus', content }
}

/** Free text with blocks: each a tag, from the words that it begins with to those that it ends with. */
function triggered(free: FreeText): TagFormat {
  const { trigger, without, block, most } = free
  const parts = block.kind === 'sequence' ? block.parts : [block]
  const [first, last] = [parts[0], parts.at(-1)]
  const begin = first?.kind === 'literal' ? first.text : trigger
  const end = parts.length > 1 && last?.kind === 'literal' ? last.text : ''
  // xgrammar must know where a block ends.
  if (end === '') return formatOf(plainly(free))
  const content = parts.slice(first?.kind === 'literal' ? 1 : 0, -1)
  const inside: Node = content.length === 1 ? (content[0] as Node) : { kind: 'sequence', parts: content }
  return {
    type: 'triggered_tags',
    triggers: [trigger],
    tags: [{ type: 'tag', begin, content: formatOf(inside), end }],
    ...(without.length > 0 && { excludes: without }),
    ...(most === 1 && { stop_after_first: true }),
  }
}

/**
 * A schema that stands alone: with the definitions that it refers to, and with objects open where it names no property, which
 * xgrammar would close.
 */
function ownSchema(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (typeof schema !== 'object') return schema
  const own = opened(schema) as Record<string, unknown>
  if (schema === root || !isObject(root)) return own
  for (const word of ['$defs', 'definitions'])
    if (root[word] !== undefined && own[word] === undefined) own[word] = opened(root[word])
  return own
}

function opened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(opened)
  if (!isObject(schema)) return schema
  const own: Record<string, unknown> = {}
  for (const [word, value] of Object.entries(schema))
    own[word] = ['const', 'enum', 'default', 'examples', 'required'].includes(word) ? value : opened(value)
  const isOpen = own.type === 'object' && own.properties === undefined && own.additionalProperties === undefined
  return isOpen ? { ...own, additionalProperties: true } : own
}
