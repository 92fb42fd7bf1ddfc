import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import type { Candidate, ContentMarker, OpenerMarker } from './grammar.js'
import { opensCall } from './opens-call.js'
import type { Reading } from './reading.js'
import { skipTo } from './skip-to.js'

/**
 * Reads a comment, an echoed result or a turn of somebody else up to what ends it, as text, calls included. From the first call on it is held
 * back: if its end never comes, the calls are read after all, but none of them counts as complete.
 * @example <!-- <tool_call>{"name": "f", "arguments": {}}</tool_call> -->
 */
export function* readQuotation(reading: Reading, open: string, ends: readonly string[]): Read<void> {
  const { cursor, out, text } = reading
  const emit = (piece: string, from: number) => {
    text.track(piece)
    out.content(piece, from)
  }
  emit(open, cursor.offset)
  cursor.at += open.length
  if (reading.unclosed.includes(ends)) return
  const matcher = new Matcher(reading.grammar.quotation(ends))
  for (;;) {
    const marker = yield* skipTo(cursor, matcher, emit)
    const from = cursor.offset
    if (marker === undefined || marker.kind === 'stop') return
    if (marker.kind === 'opener') {
      if (yield* readQuoted(reading, marker, open, ends)) return
      continue
    }
    cursor.at += marker.text.length
    if (marker.kind === 'quote-end') {
      text.trackQuoteEnd(marker.text)
      out.content(marker.text, from)
    } else if (PLAIN.includes(marker.kind)) emit(marker.text, from)
    else {
      text.track(marker.text)
      out.release('marker-in-text', `${marker.text} stands after ${open}`, marker.text, from)
    }
    if (marker.kind === 'quote-end') return
  }
}

/** They mean nothing inside of a quotation, and no call stands at them. */
const PLAIN: readonly ContentMarker['kind'][] = ['fence', 'quote', 'result', 'element']

/** Reads a marker in a quotation that may open a call. True if the quotation was read to its end, or never closes. */
function* readQuoted(reading: Reading, marker: OpenerMarker, open: string, ends: readonly string[]): Read<boolean> {
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
  const end = yield* skipTo(cursor, new Matcher(ends.map((text) => [text, text])))
  if (end !== undefined) {
    if (!reading.format.stops.includes(end)) cursor.at += end.length
    const piece = cursor.since(from)
    text.trackQuoteEnd(piece)
    out.release('quoted-call', `a call after ${open} is text`, piece, from)
  } else {
    cursor.rewind(from)
    reading.unclosed.push(ends)
    out.doubt = { status: 'malformed', why: `${open} before it never closes, so it may be a quotation` }
  }
  cursor.drop()
  return true
}
