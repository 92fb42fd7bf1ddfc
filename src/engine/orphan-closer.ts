import { WAIT } from '../text/cursor.js'
import type { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import { beginsCall } from './attempt.js'
import type { ContentMarker, Grammar } from './grammar.js'
import { endsAt, spaceEnd } from './lines.js'
import type { Reading } from './reading.js'
import { isSpecialToken } from './special-token.js'
import { tagEnd } from './tag-end.js'

/** Does the marker close a call or a part of one? */
export function isCloser(marker: ContentMarker): boolean {
  return marker.kind === 'stray' || (marker.kind === 'inner' && marker.text.startsWith('</'))
}

/**
 * Reads closers whose openers never came, with the white space between them. Special tokens are left out with a note;
 * other closers only on a line of their own or at the end of the text. False: they are text, and the cursor has not
 * moved.
 * @example yield* leaveOrphans(reading, matcher, true) // Done.\n</parameter>\n</function>\n</tool_call>
 */
export function* leaveOrphans(reading: Reading, matcher: Matcher<ContentMarker>, lineBlank: boolean): Read<boolean> {
  const { cursor, out } = reading
  let length: number
  while ((length = orphansLength(reading, matcher, lineBlank)) === WAIT) yield
  if (length === 0) return false
  const from = cursor.offset
  const text = cursor.window.slice(cursor.at, cursor.at + length)
  cursor.at += length
  out.note(
    'stray-marker',
    `${text.length > 60 ? `${text.slice(0, 57)}...` : text} closes nothing and was left out`,
    from,
    cursor.offset,
  )
  return true
}

/**
 * Does the closer of a value stand here, before the closer of its call or the next key, behind text that follows a call? Then a
 * value of that call may have held the first of them (`…see </arg_value></tool_call> here</arg_value></tool_call>`), and what
 * was read of it is not all.
 */
export function* endsValueBehindCall(reading: Reading, { text: closer }: ContentMarker): Read<boolean> {
  const { cursor, out, text, grammar } = reading
  if (!grammar.valueEnds.has(closer) || !out.called || text.fresh) return false
  for (;;) {
    const next = spaceEnd(cursor, cursor.at + closer.length)
    const stands = next >= 0 && text.matcher.at(cursor.window, next, cursor.ended)
    const { hit } = text.matcher
    if (stands && hit !== undefined) return hit.kind === 'inner' || isCloser(hit)
    if (next >= 0 && (!stands || cursor.ended)) return false
    yield
  }
}

/**
 * Does a tag or a token that is no closer stand behind the closer of a value, which became text: so far behind the cursor? Then the body of a call that could
 * not be read goes on there, and what opens next may stand in one of its values. Before a closer, that body is over.
 *
 *     <function|=write_file> <parameter=path>a.md</parameter> <paramete=content> <tool_call>…
 */
export function* bodyGoesOn(reading: Reading, length = 0): Read<boolean> {
  const { cursor, text, grammar } = reading
  for (;;) {
    const next = spaceEnd(cursor, cursor.at + length)
    if (next >= 0) {
      if (cursor.window.charAt(next) !== '<') return false
      const stands = text.matcher.at(cursor.window, next, cursor.ended)
      const { hit } = text.matcher
      if (!stands || (hit === undefined && cursor.ended)) return true
      if (hit !== undefined) return !hit.text.startsWith('</') && !isCloser(hit) && !opensNext(hit, grammar)
    }
    yield
  }
}

/** Behind a value that is closed, the tag of a call opens the next one. (A key has a marker of its own, where pairs do.) */
function opensNext(marker: ContentMarker, { valueStarts }: Grammar): boolean {
  return (
    marker.kind === 'opener' &&
    !marker.stem &&
    valueStarts.size === 0 &&
    marker.candidates.some(({ opener }) => !opener.prefix)
  )
}

/**
 * Does the text of a call follow what ends the header of a message, although no header stands before it? Then a call was meant:
 * `to=get_tide<|message|>{"port": "Moss"}`.
 */
export function* endsLostHeader(reading: Reading, { text: marker }: ContentMarker): Read<boolean> {
  const { cursor, grammar } = reading
  if (!grammar.headerEnds.has(marker)) return false
  for (;;) {
    const next = spaceEnd(cursor, cursor.at + marker.length)
    const begins = next < 0 ? next : beginsCall(reading, next)
    if (typeof begins === 'boolean') return begins
    if (begins !== WAIT) return false
    yield
  }
}

/** At most this many closers are read at once, since all of them are scanned again with each chunk. */
const MOST_CLOSERS = 8

function orphansLength(reading: Reading, matcher: Matcher<ContentMarker>, lineBlank: boolean): number {
  const { cursor, stops } = reading
  const { window, at, ended } = cursor
  /** The index behind the last closer that is certainly left out. */
  let sure = at
  let to = at
  let begins = lineBlank
  for (let next = at, count = 0; count < MOST_CLOSERS; count++) {
    if (!matcher.at(window, next, ended)) break
    const { hit } = matcher
    if (hit === undefined) return WAIT
    if (!isCloser(hit)) break
    to = tagEnd(cursor, next, hit.text)
    if (to <= 0) return to === WAIT ? WAIT : sure - at
    if (isSpecialToken(hit.text)) sure = to
    const behind = endsAt(cursor, to, stops)
    if (behind === WAIT) return WAIT
    if (behind === 'text' || (behind === 'line' && begins)) sure = to
    if (behind === 'text') break
    begins = behind === 'line' || begins
    next = spaceEnd(cursor, to)
    if (next < 0) return WAIT
  }
  return sure - at
}
