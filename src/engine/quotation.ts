import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import type { Candidate, OpenerMarker } from './grammar.js'
import { opensCall } from './opens-call.js'
import type { Reading } from './reading.js'
import { skipTo } from './skip-to.js'

/**
 * Reads a comment or an echoed result up to its closer, as text, calls included. From the first call on it is held
 * back: if the closer never comes, the calls are read after all, but none of them counts as complete.
 * @example <!-- <tool_call>{"name": "f", "arguments": {}}</tool_call> -->
 */
export function* readQuotation(reading: Reading, open: string, close: string): Read<void> {
  const { cursor, out, text } = reading
  const emit = (piece: string, from: number) => {
    text.track(piece)
    out.content(piece, from)
  }
  emit(open, cursor.offset)
  cursor.at += open.length
  if (reading.unclosed.includes(close)) return
  const matcher = new Matcher(reading.grammar.quotation(close))
  for (;;) {
    const marker = yield* skipTo(cursor, matcher, emit)
    const from = cursor.offset
    if (marker === undefined || marker.kind === 'stop') return
    if (marker.kind === 'opener') {
      if (yield* readQuoted(reading, marker, open, close)) return
      continue
    }
    cursor.at += marker.text.length
    if (marker.kind === 'quote-end') {
      text.trackQuoteEnd(marker.text)
      out.content(marker.text, from)
    } else if (marker.kind === 'fence' || marker.kind === 'quote') emit(marker.text, from)
    else {
      text.track(marker.text)
      out.release('marker-in-text', `${marker.text} stands after ${open}`, marker.text, from)
    }
    if (marker.kind === 'quote-end') return
  }
}

/** Reads a marker in a quotation that may open a call. True if the quotation was read to its end, or never closes. */
function* readQuoted(reading: Reading, marker: OpenerMarker, open: string, close: string): Read<boolean> {
  const { cursor, out, text } = reading
  const from = cursor.offset
  cursor.keep(from)
  let found: Candidate | undefined
  if (out.refusesCalls) cursor.at += marker.text.length
  else found = yield* opensCall(reading, marker, from)
  if (found === undefined) {
    const piece = cursor.since(from)
    text.track(piece)
    if (marker.bare) out.content(piece, from)
    else out.release('marker-in-text', `${marker.text} stands after ${open}`, piece, from)
    cursor.drop()
    return false
  }
  // Stop tokens are not looked for: one may be data of the call.
  const end = yield* skipTo(cursor, new Matcher([[close, close]]))
  if (end !== undefined) {
    cursor.at += close.length
    const piece = cursor.since(from)
    text.trackQuoteEnd(piece)
    out.release('quoted-call', `a call after ${open} is text`, piece, from)
  } else {
    cursor.rewind(from)
    reading.unclosed.push(close)
    out.doubt = { status: 'malformed', why: `${open} before it never closes, so it may be a quotation` }
  }
  cursor.drop()
  return true
}
