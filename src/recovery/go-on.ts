import { CALL_SHAPE, keysOf } from '../engine/call-shape.js'
import type { Reading } from '../engine/reading.js'
import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import { declaredOf } from '../tools/declared.js'
import { keyAhead } from './key-ahead.js'

const CALL_KEYS = /* @__PURE__ */ new Set(keysOf(CALL_SHAPE))

/**
 * Do the arguments of the open call go on behind their last brace, where its close marker is missing? Then half of them were read,
 * and the call is damaged (decision 12). On their line any text says so, but for markup and a separator before another call; on the
 * next lines a key does, and an object that is no call. The cursor stands behind the arguments, and is left there.
 *
 *     {"a": 1}, "b": 2}    {"a": 1} and {"b": 2}    {"a": 1} LF {"b": 2}
 */
export function* argumentsGoOn(reading: Reading): Read<boolean> {
  const { cursor } = reading
  const to = cursor.offset
  const goOn = yield* moreStands(reading, to)
  cursor.rewind(to)
  return goOn
}

function* moreStands(reading: Reading, to: number): Read<boolean> {
  const { cursor } = reading
  let code: number
  while ((code = cursor.skipSpace()) === WAIT) yield
  let isApart = cursor.since(to).includes('\n')
  const isLine = !isApart
  if (code === 0x2c || code === 0x3b) {
    isApart = true
    cursor.at++
    while ((code = cursor.skipSpace()) === WAIT) yield
  }
  if (code < 0 || code === 0x60 || code === 0x3c || (yield* endStands(reading))) return false
  const isObject = code === 0x7b
  if (isObject) cursor.at++
  let key: ReturnType<typeof keyAhead>
  while ((key = keyAhead(cursor)) === WAIT) yield
  if (key === undefined) return isLine
  return !isObject || !isApart || !mayCall(reading, key)
}

/** Does a marker of the format stand here? None is a part of arguments. */
function* endStands(reading: Reading): Read<boolean> {
  const marker = yield* reading.marker(new Matcher(reading.grammar.content))
  return marker !== undefined && !(marker.kind === 'opener' && (marker.bare || marker.prefix))
}

/** May an object with this key be the next call, rather than more arguments of this one? */
function mayCall({ out }: Reading, key: string): boolean {
  return CALL_KEYS.has(key) && declaredOf(out.tools, out.name)?.properties.has(key) !== true
}
