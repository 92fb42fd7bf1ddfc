import type { Reading } from '../../engine/reading.js'
import { beginsWrapped, unwrapArguments } from '../../fitting/wrapped-arguments.js'
import { WAIT } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { HeldValue } from './held-value.js'

/** `over`: the text ended inside them. `damaged`: they cannot be read on from where the cursor stands. */
export type ArgumentsOutcome = 'done' | 'over' | 'damaged'

/**
 * Reads the JSON arguments of the call that is open, from the white space before them to behind their last character.
 * An object streams; a string that holds an object is unwrapped once; `null`, or nothing before one of the `ends`, is `{}`.
 * One of the `ends` also ends an object whose last closers are missing. `value`: reads the object.
 */
export function* readArguments(reading: Reading, ends: Matcher<string>, value = reading.value): Read<ArgumentsOutcome> {
  const { cursor } = reading
  let code: number
  while ((code = cursor.skipSpace()) === WAIT) yield
  if (code < 0) return 'over'
  if (code !== 0x7b) return yield* readOther(reading, ends, code)
  const closes = function* () {
    const end = yield* reading.marker(ends)
    return end !== undefined && !reading.format.stops.includes(end)
  }
  return yield* readObject(reading, closes, value)
}

/**
 * Reads the JSON object at the cursor as the arguments of the call that is open. What is wrapped around them is taken off.
 * @param closes does the end of the call stand here? Then it ends an object whose last closers are missing
 */
export function* readObject(
  reading: Reading,
  closes: () => Read<boolean>,
  reader = reading.value,
): Read<ArgumentsOutcome> {
  const { cursor, out } = reading
  let wrapped: boolean | typeof WAIT
  while ((wrapped = isWrapped(reading)) === WAIT) yield
  const held = wrapped ? new HeldValue() : undefined
  const value = reader.begin(held ?? out)
  // The call is announced, so its arguments are not given back, however long they are.
  if (!out.muted && held === undefined) cursor.pause()
  while (!value.scan()) yield value
  cursor.resume()
  let outcome: ArgumentsOutcome = 'done'
  if (!value.done) {
    outcome = cursor.ended && cursor.peek() < 0 ? 'over' : 'damaged'
    if (outcome === 'damaged' && value.closable && out.settings.repair && (yield* closes())) {
      value.close()
      outcome = 'done'
    }
  }
  if (held !== undefined) {
    held.keys = value.keys
    const unwrapped = outcome === 'done' ? unwrapArguments(held.toString(), out.tools, out.name) : undefined
    if (unwrapped !== undefined) {
      const before = cursor.since(held.from).slice(0, held.to - held.from)
      out.repair('wrapped-arguments', held.from, held.to, before, unwrapped.json)
    }
    held.giveTo(out, unwrapped?.json)
  } else out.countKeys(value.keys)
  return outcome
}

/** `{"arguments": {` in the place of arguments: held, since they may have to be unwrapped. */
function isWrapped({ cursor, out }: Reading): boolean | typeof WAIT {
  if (!out.settings.repair) return false
  const { window, at, ended } = cursor
  return beginsWrapped(window.slice(at, at + LONGEST_BEGINNING), out.tools, out.name) ?? (ended ? false : WAIT)
}

/** A wrapper shows within this many characters. */
const LONGEST_BEGINNING = 60

/** What else may stand for arguments. */
function* readOther(reading: Reading, ends: Matcher<string>, code: number): Read<ArgumentsOutcome> {
  const { cursor, out } = reading
  if (code === 0x22 || (code === 0x27 && out.settings.repair) || code === 0x6e || code === 0x4e)
    return yield* readHeld(reading)
  const end = yield* reading.marker(ends)
  if (end === undefined || reading.format.stops.includes(end)) return 'damaged'
  out.json('{}', cursor.offset, cursor.offset)
  return 'done'
}

/** A string that holds an object, or `null`: which it is shows at its end only. */
export function* readHeld(reading: Reading): Read<ArgumentsOutcome> {
  const { cursor, out } = reading
  const held = new HeldValue()
  const value = reading.value.begin(held)
  while (!value.scan()) yield value
  if (!value.done) return cursor.ended && cursor.peek() < 0 ? 'over' : 'damaged'
  const isString = held.isString
  const inner = held.toString() === 'null' ? '{}' : held.inner
  if (inner === undefined) return 'damaged'
  if (isString) {
    out.note('string-arguments', 'the arguments were a JSON string; it was unwrapped once', held.from, held.to)
  }
  held.giveTo(out, inner)
  return 'done'
}
