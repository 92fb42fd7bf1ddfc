import type { Read, Reading } from '../reader.js'
import { JsonValue, type JsonStart } from '../values/json.js'

/**
 * Hands the rest of a JSON value on as content: what stands inside plain data is no call. It ends where the value ends, or
 * where it turns out to be no JSON.
 */
export function* readPlainJson(r: Reading, start: JsonStart, closers: readonly number[]): Read<void> {
  const { cursor, out } = r
  const value = new JsonValue(cursor, false, out.settings.depth)
  value.begin(
    {
      json: (text, from) => out.content(text, from),
      repair() {},
      bigInteger() {},
    },
    start,
    closers,
  )
  while (!value.scan()) yield value
  value.flushHeld()
}
