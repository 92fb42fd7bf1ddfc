import type { Reading } from '../../engine/reading.js'
import { WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import type { Tags } from '../../text/tags.js'
import { JsonArguments, readHeld } from '../call-object/json-arguments.js'

/**
 * Reads the JSON object at the cursor, or a string that holds one, as the arguments of the open call. Its missing closers are added where the call's
 * end marker stands. False if it cannot be read on from where the cursor then stands.
 */
export function* readJsonBody(reading: Reading, tags: Tags): Read<boolean> {
  const { cursor } = reading
  if (cursor.peek() === 0x22) return (yield* readHeld(reading)) === 'done'
  const closes = (): boolean | typeof WAIT => {
    const tag = tags.at(cursor.window, cursor.at)
    if (tag === WAIT) return WAIT
    return tag?.kind === 'call-end' || tag?.kind === 'block-end' || tag?.kind === 'body-end'
  }
  return (yield* new JsonArguments(reading, closes).readObject()) === 'done'
}
