import type { ContentMarker, OpenerMarker } from './grammar.js'
import { isCloser } from './orphan-closer.js'
import type { Reading } from './reading.js'
import type { Quotation } from './scanner.js'

/**
 * Counts a marker that is text in a quotation or a fence. Where values are raw, it may begin or end one that is quoted: what
 * opens a call in that is quoted too, also behind a blank line.
 * @example > <tool_call>\n<function=write>\n<parameter=text>\nSee:\n\n<tool_call>…
 */
export function countPart({ text, grammar }: Reading, marker: ContentMarker): void {
  if (grammar.valueEnds.size === 0 || (marker.kind === 'opener' && marker.bare)) return
  const closes = marker.kind === 'opener' ? marker.text.startsWith('</') : isCloser(marker)
  if (closes && !grammar.valueStarts.has(marker.text)) {
    text.holdQuotation()
    text.closePart()
  } else if (text.isApart && text.showsCall) text.parts++
}

/**
 * Makes the opener of a quoted message header (in inline code, a quoted line or a fence) text; reading continues behind
 * it.
 */
export function quoteHeader({ cursor, out, text }: Reading, marker: OpenerMarker, from: number): void {
  cursor.rewind(from + marker.text.length)
  if (text.quotation === undefined) text.track(marker.text)
  else text.trackQuoted(marker.text, text.quotation)
  out.release('marker-in-text', `${marker.text} is quoted`, marker.text, from)
}

/** Makes the header of a quoted call text (`<tool_call>{"name": …` in inline code); reading continues behind it. */
export function quoteCall(reading: Reading, marker: OpenerMarker, from: number, place: Quotation): void {
  const { cursor, out, text } = reading
  const read = cursor.since(from)
  // The header was found behind a blank line, which ends the quotation.
  if (read.indexOf('\n\n', marker.text.length) > 0) {
    quoteHeader(reading, marker, from)
    return
  }
  reading.openText()
  if (place === 'a value of another call') text.track(read)
  else text.trackQuoted(read, place)
  if (out.refusesCalls) out.release('tool-choice', 'no calls are allowed here, so this is text', read, from)
  else out.release('quoted-call', `${marker.text} stands in ${place}, so the call is text`, read, from)
}
