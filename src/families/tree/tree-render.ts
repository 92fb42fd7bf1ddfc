import { type RenderCall, RenderError, type RenderParts } from '../../engine/format.js'
import type { JsonSchema } from '../../tools/tools-input.js'
import { propertiesOf, subschema, valueTypes } from '../../tools/value-types.js'
import { spacedJson } from '../../values/json/spaced-json.js'
import { typedValue } from '../../values/raw/typed.js'
import { type TreeSyntax, TreeTags } from './tree-tags.js'

/**
 * The native text of one call, from its tag to its close tag.
 * @throws RenderError for names and strings that hold markup, and for values that the schema would read as others
 */
export function renderTree(syntax: TreeSyntax, call: RenderCall, tool: RenderParts['tool'], id?: string): string {
  return new Writer(syntax, call, tool(call.name)?.parameters).text(id)
}

class Writer {
  private readonly tags: TreeTags

  constructor(
    private readonly syntax: TreeSyntax,
    private readonly call: RenderCall,
    private readonly root: JsonSchema | undefined,
  ) {
    this.tags = new TreeTags(syntax)
  }

  text(id: string | undefined): string {
    const { name, arguments: args } = this.call
    const tag = this.tags.openOf(
      this.syntax.call,
      `${id === undefined ? '' : ` id="${escaped(id)}"`} name="${this.escaped(name)}"`,
    )
    const read = this.tags.at(tag, 0)
    if (typeof read !== 'object' || read.name !== name || read.length !== tag.length)
      throw new RenderError(`${name}: the tag of a call cannot hold this name`)
    return tag + this.members(args, this.root) + this.tags.closeOf(this.syntax.call)
  }

  /** Only tags with types have escapes in their attributes. */
  private escaped(text: string): string {
    return this.syntax.value === undefined ? text : escaped(text)
  }

  private members(map: Readonly<Record<string, unknown>>, schema: JsonSchema | undefined): string {
    const members = Object.entries(map).filter(([, value]) => value !== undefined)
    const missing = propertiesOf(schema, this.root)
    const written = members.map(([key, value]) => {
      missing.delete(key)
      if (typeof value === 'string' && this.tags.swallows(value, missing)) this.refuse()
      return this.value(key, value, subschema(schema, this.root, key))
    })
    return written.join('')
  }

  private items(list: readonly unknown[], schema: JsonSchema | undefined): string {
    const key = this.syntax.value === undefined ? (this.syntax.item ?? '') : undefined
    return list.map((item, i) => this.value(key, item ?? null, subschema(schema, this.root, i))).join('')
  }

  private value(key: string | undefined, value: unknown, schema: JsonSchema | undefined): string {
    const { value: word } = this.syntax
    const open = word === undefined ? this.tags.openOf(key ?? '') : this.typedTag(word, key, value)
    const read = this.tags.at(open, 0)
    if (typeof read !== 'object' || read.kind !== 'value' || read.length !== open.length || read.name !== key)
      throw new RenderError(`${this.call.name}: no tag can hold the key ${JSON.stringify(key)}`)
    return open + this.inside(value, schema) + this.tags.closeOf(word ?? key ?? '')
  }

  private typedTag(word: string, key: string | undefined, value: unknown): string {
    const isTree = typeof value === 'object' && value !== null
    const type = typeof value === 'string' ? 'raw' : isTree ? (Array.isArray(value) ? 'list' : 'dict') : 'json'
    return this.tags.openOf(word, `${key === undefined ? '' : ` name="${escaped(key)}"`} type="${type}"`)
  }

  private inside(value: unknown, schema: JsonSchema | undefined): string {
    const isTree = typeof value === 'object' && value !== null
    const isWired = this.syntax.value !== undefined
    if (!isWired) this.check(value, schema)
    if (isTree) {
      const isEmpty = Object.keys(value).length === 0
      if (isWired) return this.children(value, schema)
      if (isEmpty) return Array.isArray(value) ? '[]' : '{}'
      try {
        return this.children(value, schema)
      } catch (error) {
        // What the schema would read otherwise as a tree, it reads as JSON.
        const json = spacedJson(value)
        const types = valueTypes(schema, this.root)
        const isTyped = types.has(Array.isArray(value) ? 'array' : 'object')
        if (!(error instanceof RenderError) || !isTyped || json.includes(this.tags.first)) throw error
        return json
      }
    }
    if (typeof value !== 'string') return spacedJson(value)
    if (this.holdsMarkup(value)) this.refuse()
    return value
  }

  private refuse(): never {
    throw new RenderError(`${this.call.name}: a string holds markers of the format that would be read as such`)
  }

  private holdsMarkup(text: string): boolean {
    const { token, block, call, value = '' } = this.syntax
    if (token !== '') return text.includes(token)
    return [block, call, value].some((word) => text.includes(`<${word}`) || text.includes(`</${word}`))
  }

  /** Without types, elements called `item` make a list, and others a map. */
  private isTree(value: object, types: ReadonlySet<string>): boolean {
    const isList = Array.isArray(value)
    if (types.size === 0) return Object.keys(value).length > 0 && (isList || Object.keys(value)[0] !== this.syntax.item)
    return types.has(isList ? 'array' : 'object') && !types.has(isList ? 'object' : 'array')
  }

  private children(value: object, schema: JsonSchema | undefined): string {
    return Array.isArray(value) ? this.items(value, schema) : this.members(value as Record<string, unknown>, schema)
  }

  /** Would the schema read it as what it is? */
  private check(value: unknown, schema: JsonSchema | undefined): void {
    const types = schema === undefined ? new Set<never>() : valueTypes(schema, this.root)
    const isTree = typeof value === 'object' && value !== null
    const isSame = isTree
      ? this.isTree(value, types)
      : spacedJson(JSON.parse(typedValue(typeof value === 'string' ? value : spacedJson(value), types).json)) ===
        spacedJson(value)
    if (!isSame)
      throw new RenderError(
        `${this.call.name}: ${spacedJson(value).slice(0, 40)} would be read as another value by its schema. Give the tool, with its types`,
      )
  }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
