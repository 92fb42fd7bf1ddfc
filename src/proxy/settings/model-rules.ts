import type { Format } from '../../engine/format.js'
import { nearNames } from '../../formats/near-names.js'
import type { Registry } from '../../formats/registry.js'
import { isObject } from '../wire/json.js'

/** What holds for one model, or for all whose name fits a pattern. */
export interface ModelRule {
  /** A format's id, an engine's name for it, a Format value, or `auto`. */
  format?: string | Format | undefined
  /** The prompt opens the reasoning block, so texts begin inside it. */
  startInReasoning?: boolean | undefined
  /** The name under which the upstream knows the model. */
  model?: string | undefined
}

/**
 * Rules by the model name of the request. `*` stands for any text; of several that fit the longest counts. A text alone
 * is the format.
 *
 * @example { 'qwen3*': 'hermes', 'r1-*': { format: 'deepseek-v3', startInReasoning: true } }
 */
export type ModelRules = Readonly<Record<string, string | ModelRule>>

/** Finds the rule of a model. */
export type FindRule = (model: string) => ModelRule | undefined

const FIELDS = ['format', 'startInReasoning', 'model']

/**
 * Reads the rules.
 *
 * @throws TypeError that names the model and the field, with near names for a format that nobody knows
 * @example readModelRules({ 'qwen3*': 'hermes' }, registry)('qwen3-8b') // { format: 'hermes' }
 */
export function readModelRules(rules: unknown, registry: Registry): FindRule {
  if (rules === undefined) return () => undefined
  if (!isObject(rules)) throw new TypeError('models: expected an object from model name to format or rule')
  const list = Object.entries(rules).map(([pattern, rule]) => ({ pattern, rule: readRule(pattern, rule, registry) }))
  list.sort((a, b) => b.pattern.length - a.pattern.length)
  return (model) => list.find(({ pattern }) => fits(model, pattern))?.rule
}

function readRule(pattern: string, value: unknown, registry: Registry): ModelRule {
  const place = `models[${JSON.stringify(pattern)}]`
  const rule: unknown = typeof value === 'string' ? { format: value } : value
  if (!isObject(rule)) throw new TypeError(`${place}: expected a format or an object with ${FIELDS.join(', ')}`)
  for (const key of Object.keys(rule)) {
    if (FIELDS.includes(key)) continue
    const near = nearNames(key, FIELDS)
    throw new TypeError(
      `${place}.${key}: no such field; ${near.length > 0 ? `did you mean ${near[0]}?` : `fields are ${FIELDS.join(', ')}`}`,
    )
  }
  const { format, startInReasoning, model } = rule
  if (startInReasoning !== undefined && typeof startInReasoning !== 'boolean') {
    throw new TypeError(`${place}.startInReasoning: expected true or false, got ${JSON.stringify(startInReasoning)}`)
  }
  if (model !== undefined && (typeof model !== 'string' || model === '')) {
    throw new TypeError(`${place}.model: expected the upstream's name of the model, got ${JSON.stringify(model)}`)
  }
  return { format: readFormat(`${place}.format`, format, registry), startInReasoning, model }
}

/**
 * Checks that a format exists.
 *
 * @throws TypeError that names the setting, with near names
 */
export function readFormat(place: string, format: unknown, registry: Registry): string | Format | undefined {
  if (format === undefined || format === 'auto') return format
  if (isObject(format) && typeof format.id === 'string' && Array.isArray(format.families))
    return format as unknown as Format
  if (typeof format !== 'string')
    throw new TypeError(`${place}: expected the name of a format, a Format value or 'auto'`)
  try {
    return registry.getFormat(format)
  } catch (error) {
    throw new TypeError(`${place}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Does the name fit the pattern? Each piece between stars is looked for behind the one before: linear, no RegExp. */
function fits(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return name === pattern
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const piece of rest) {
    const found = name.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return name.length - last.length >= at && name.endsWith(last)
}
