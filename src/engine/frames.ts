import type { Read } from '../text/step.js'
import type { PlainMarker } from './grammar.js'
import { endsAt, spaceEnd } from './lines.js'
import type { Reading } from './reading.js'
import { isSpecialToken } from './special-token.js'

/**
 * Reads a marker of a frame around the answer, which is left out. False: it is text here, and the cursor has not moved. Plain
 * tags open a frame only where the answer begins behind reasoning, and close it only where a line, the text or a call follows:
 * those inside belong to the answer.
 * @example yield* readFrame(reading, marker, from) // </think>\n<response>\nThe tag is <b>.\n</response>
 */
export function* readFrame(reading: Reading, marker: PlainMarker, from: number): Read<boolean> {
  const read = marker.kind === 'frame' ? openFrame(reading, marker.text) : yield* closeFrame(reading, marker.text, from)
  if (read) reading.text.fresh = true
  return read
}

function openFrame(reading: Reading, open: string): boolean {
  const { cursor, out, text, format } = reading
  if (!isSpecialToken(open) && !(text.fresh && reading.reasoned && reading.frameClose === undefined)) {
    reading.framesAsText++
    return false
  }
  cursor.at += open.length
  out.mark(text.fresh ? 'closeReasoning' : 'orphanCloser')
  reading.frameClose = format.frames?.find((frame) => frame.open === open)?.close
  return true
}

function* closeFrame(reading: Reading, close: string, from: number): Read<boolean> {
  const { cursor, out, text } = reading
  const isOpen = reading.frameClose === close
  const isToken = isSpecialToken(close)
  if (!isToken && reading.framesAsText > 0) {
    reading.framesAsText--
    return false
  }
  if (!isToken) {
    const behind = yield* endsBehind(reading, close.length)
    if (behind === 'neither' || !(isOpen || behind === 'text' || text.atLineStart)) return false
  }
  cursor.at += close.length
  out.mark('call')
  if (!isOpen) out.note('stray-marker', `${close} closes nothing and was left out`, from, cursor.offset)
  reading.frameClose = undefined
  return true
}

/** What ends `length` characters behind the cursor: the text, the line (also if a call follows), or neither. */
function* endsBehind({ cursor, stops, text }: Reading, length: number): Read<'text' | 'line' | 'neither'> {
  for (;;) {
    const at = cursor.at + length
    const behind = endsAt(cursor, at, stops)
    if (behind === 'text' || behind === 'line') return behind
    if (behind === 'neither') {
      const next = spaceEnd(cursor, at)
      const { window, ended } = cursor
      if (!text.matcher.at(window, next, ended)) return 'neither'
      const { hit } = text.matcher
      if (hit !== undefined) return hit.kind === 'opener' && !hit.bare ? 'line' : 'neither'
    }
    yield
  }
}
