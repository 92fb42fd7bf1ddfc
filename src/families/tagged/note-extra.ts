import type { Reading } from '../../engine/reading.js'
import type { Tag } from '../../text/tag.js'

/** Tells of attributes in the tag at the cursor that mean nothing to the format: `<invoke name="f" id="1">`. */
export function noteExtra({ cursor, out }: Reading, { extraFrom, extraTo }: Tag): void {
  if (extraTo === 0) return
  const at = cursor.offset
  const attributes = cursor.window.slice(cursor.at + extraFrom, cursor.at + extraTo)
  out.note('unknown-member', `${attributes} in a tag means nothing and was left out`, at + extraFrom, at + extraTo)
}
