import { isObject } from '../../tools/is-object.js'
import type { FunctionTool } from './ai-sdk-prompt.js'

/**
 * Tools as gpt-oss is told of them: functions of TypeScript in one namespace.
 *
 * @example typeScriptTools([{ type: 'function', name: 'now', inputSchema: {} }]) // … type now = () => any; …
 */
export function typeScriptTools(tools: readonly FunctionTool[]): string {
  const functions = tools.map(({ name, description, inputSchema }) => {
    const { properties } = isObject(inputSchema) ? inputSchema : {}
    const takes = isObject(properties) && Object.keys(properties).length > 0 ? `_: ${typeOf(inputSchema, 0)}` : ''
    return `${comment(description)}type ${name} = (${takes}) => any;`
  })
  return `## functions\n\nnamespace functions {\n\n${functions.join('\n\n')}\n\n} // namespace functions`
}

/** Schemas are nested a few levels deep; what is deeper, or refers to itself, is `any`. */
const DEEPEST = 8

function typeOf(schema: unknown, depth: number): string {
  if (!isObject(schema) || depth > DEEPEST) return 'any'
  const { type, properties, required, items, anyOf, oneOf } = schema
  const choices = schema.enum ?? ('const' in schema ? [schema.const] : undefined)
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join(' | ')
  const unions = anyOf ?? oneOf
  if (Array.isArray(unions)) return unions.map((one) => typeOf(one, depth + 1)).join(' | ')
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one }, depth + 1)).join(' | ')
  if (type === 'array') {
    const item = typeOf(items, depth + 1)
    return item.includes(' | ') ? `(${item})[]` : `${item}[]`
  }
  if (isObject(properties)) {
    const needed = new Set(Array.isArray(required) ? required : [])
    const members = Object.entries(properties).map(([name, member]) => {
      const about = comment(isObject(member) ? member.description : undefined)
      return `${about}${name}${needed.has(name) ? '' : '?'}: ${typeOf(member, depth + 1)},\n`
    })
    return `{\n${members.join('')}}`
  }
  if (type === 'integer') return 'number'
  return typeof type === 'string' && type !== 'object' ? type : type === 'object' ? 'object' : 'any'
}

function comment(description: unknown): string {
  return typeof description === 'string' && description !== ''
    ? `${description
        .split('\n')
        .map((line) => `// ${line}`)
        .join('\n')}\n`
    : ''
}
