import { type RenderCall, RenderError } from '../../engine/format.js'
import { nameBefore } from '../name-json/call-head.js'
import type { DelimitedGrammar } from './delimited.js'
import { delimitedHead } from './delimited-head.js'

/** Keys that stand bare; all others have delimiters. */
const BARE_KEY = /^[\p{L}\p{N}_.$-]{1,128}$/u

/**
 * The native text of one call, between its markers.
 * @throws RenderError for what cannot be a name, and for strings that hold the delimiter
 */
export function renderDelimited(grammar: DelimitedGrammar, { name, arguments: args }: RenderCall): string {
  const { open, close, prefix } = grammar
  const head = nameBefore('{', delimitedHead(prefix), name, prefix + name)
  return open + head + mapText(grammar, args) + close
}

function mapText(grammar: DelimitedGrammar, map: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(map).filter(([, value]) => value !== undefined)
  return `{${members.map(([key, value]) => `${keyText(grammar, key)}:${valueText(grammar, value)}`).join(',')}}`
}

function keyText(grammar: DelimitedGrammar, key: string): string {
  return BARE_KEY.test(key) ? key : stringText(grammar, key)
}

function valueText(grammar: DelimitedGrammar, value: unknown): string {
  if (typeof value === 'string') return stringText(grammar, value)
  if (Array.isArray(value)) return `[${value.map((item) => valueText(grammar, item ?? null)).join(',')}]`
  if (typeof value === 'object' && value !== null) return mapText(grammar, value as Record<string, unknown>)
  return JSON.stringify(value) ?? 'null'
}

function stringText({ delimiter }: DelimitedGrammar, text: string): string {
  if (text.includes(delimiter)) throw new RenderError(`a string holds ${delimiter}, which would end it`)
  return delimiter + text + delimiter
}
