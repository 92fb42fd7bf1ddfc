import type { OfferedTools } from '../tools/offered-tools.js'
import { NO_TYPES } from '../tools/value-types.js'
import { isShallow, jsonOrString } from '../values/raw/typed.js'
import { unwrapArguments } from './wrapped-arguments.js'

/**
 * The arguments in a raw value that may be wrapped around them, read as JSON or as text. Undefined where nothing is wrapped.
 * @example unwrapRaw('arguments', '{"a": 1}', 512, tools, 'f') // {"a": 1}
 */
export function unwrapRaw(
  key: string,
  raw: string,
  depth: number,
  tools: OfferedTools,
  name: string,
): string | undefined {
  if (!isShallow(raw, depth)) return undefined
  for (const value of new Set([jsonOrString(raw, NO_TYPES).json, JSON.stringify(raw)])) {
    const unwrapped = unwrapArguments(`{${JSON.stringify(key)}: ${value}}`, tools, name)
    if (unwrapped !== undefined) return unwrapped.json
  }
  return undefined
}
