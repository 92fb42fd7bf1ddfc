import type { Policy } from '../../engine/policy.js'
import { Cursor } from '../../text/cursor.js'
import { JsonValue } from '../../values/json/json.js'
import { HeldValue } from '../call-object/held-value.js'

/**
 * A raw value as JSON, where the schema takes no text and only the repairs of the JSON reader make it that: `{'bid': True}`.
 * The repairs are listed. Undefined if it is no JSON even so.
 * @param from the offset of the value
 */
export function mendedJson(raw: string, from: number, out: Policy): string | undefined {
  const cursor = new Cursor()
  cursor.push(raw)
  cursor.end('stop')
  cursor.base = from
  const held = new HeldValue()
  const value = new JsonValue(cursor, true, out.settings.depth).begin(held)
  value.scan()
  if (!value.done || cursor.skipSpace() >= 0) return undefined
  for (const repair of held.repairs) out.repair(...repair)
  return held.toString()
}
