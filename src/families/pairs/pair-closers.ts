import type { Reading } from '../../engine/reading.js'
import { answerOf } from '../../engine/wait.js'
import { WAIT } from '../../text/cursor.js'
import type { HoldBack, Read } from '../../text/step.js'
import type { MarkerKind } from './pair-markers.js'
import type { PairTags } from './pair-tags.js'

/** What may know which text only continues the marker at the cursor. */
interface Asked {
  readonly holdBack: HoldBack | undefined
}

/**
 * Leaves out closers of a call that was closed already: `</tool_call></tool_call>`. `to`: the offset behind the call.
 * Returns that behind the last of them, where it leaves the cursor.
 */
export function* passClosers(reading: Reading, tags: PairTags, to: number, asked: Asked): Read<number> {
  const { cursor, out } = reading
  if (!out.settings.repair) return to
  let end = to
  for (;;) {
    const kind = yield* nextKind(reading, tags, asked)
    if (kind !== 'call-end' && kind !== 'parameter-end') break
    const at = cursor.offset
    cursor.at = tags.markerEnd
    end = cursor.offset
    out.note('stray-marker', 'a close marker after a call that was already closed', at, end)
  }
  cursor.rewind(end)
  return end
}

/** What the marker behind the white space is. What follows the marker is not looked at. */
function* nextKind({ cursor }: Reading, tags: PairTags, asked: Asked): Read<MarkerKind | undefined> {
  while (cursor.skipSpace() === WAIT) yield
  const look = () => {
    const kind = tags.kindAt(cursor.window, cursor.at)
    return kind === WAIT && cursor.ended ? undefined : kind
  }
  const kind = look()
  return kind === WAIT ? yield* answerOf(look, asked) : kind
}
