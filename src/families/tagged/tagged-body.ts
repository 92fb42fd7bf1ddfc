import type { Reading } from '../../engine/reading.js'
import { WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import type { TagReader } from '../../text/tag-reader.js'

/**
 * Reads the JSON object at the cursor as the arguments of the open call. Its missing closers are added where the call's
 * end marker stands. False if it cannot be read on from where the cursor then stands.
 */
export function* readJsonBody(reading: Reading, tags: TagReader): Read<boolean> {
  const { cursor, out } = reading
  const value = reading.value.begin(out)
  while (!value.scan()) yield value
  out.countKeys(value.keys)
  if (value.done) return true
  if (!value.bad || !value.closable || !out.settings.repair) return false
  for (;;) {
    const tag = tags.at(cursor.window, cursor.at)
    if (tag === WAIT && !cursor.ended) yield
    else {
      const ends = tag !== WAIT && (tag?.kind === 'call-end' || tag?.kind === 'block-end')
      if (ends) value.close()
      return ends
    }
  }
}
