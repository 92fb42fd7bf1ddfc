import { endsAt } from '../engine/lines.js'
import type { Reading } from '../engine/reading.js'
import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import { closeTagLength } from './near-marker.js'

/** Longer runs, white space included, are text. */
const LONGEST_RUN = 200

/** What stands behind a payload: what ends its call, at once or behind surplus closers; or something else. */
export type Behind = 'end' | 'surplus' | 'text'

/**
 * Surplus closers between a whole payload and what ends its call are left out, as a listed repair (decision 12): brackets, a
 * stray quote, closing tags on their own line. The cursor stands behind the payload. It is left before the one of `ends`
 * that follows, or at the end of the text; where something else follows, it stays where it was, and nothing was said.
 * `line`: no marker closes such calls, so that a line break behind the closers ends them too; it is left to the text.
 * `further`: characters that are closers there as well.
 *
 *     <function=f>{"a": 1}"}</function>
 */
export function* passSurplus(
  reading: Reading,
  ends: Matcher<unknown>,
  until: 'marker' | 'line' = 'marker',
  further = '',
): Read<Behind> {
  const { cursor, out } = reading
  const { repair } = out.settings
  const start = cursor.offset
  let from = -1
  let to = -1
  for (;;) {
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    if (code < 0 || (yield* reading.marker(ends)) !== undefined) break
    if (until === 'line' && from >= 0 && cursor.since(to).includes('\n')) {
      cursor.rewind(to)
      break
    }
    const length =
      repair && cursor.offset - start < LONGEST_RUN ? yield* closerLength(reading, code, start, further) : 0
    if (length === 0) {
      cursor.rewind(start)
      return 'text'
    }
    if (from < 0) from = cursor.offset
    cursor.at += length
    to = cursor.offset
  }
  if (from < 0) return 'end'
  out.repair('surplus-closer', from, to, cursor.since(from).slice(0, to - from), '')
  return 'surplus'
}

/** Length of the closer that stands here; 0 for none. */
function* closerLength(reading: Reading, code: number, start: number, further: string): Read<number> {
  const { cursor } = reading
  if (code === 0x7d || code === 0x5d || code === 0x22 || code === 0x27) return 1
  if (further.includes(String.fromCharCode(code))) return 1
  if (code !== 0x3c || !cursor.since(start).includes('\n')) return 0
  let length: number
  while ((length = closeTagLength(cursor)) === WAIT) yield
  return reading.closesThought ? 0 : length
}

/** More closers than this are text. */
const MOST_CLOSERS = 8

/**
 * Closers behind calls that are closed already: left out, with a note, where the line or the text ends behind them, or a
 * marker follows. `[f(a=1)]]`
 */
export function* passClosersBehind(reading: Reading, closer: string): Read<void> {
  const { cursor, out, stops, grammar } = reading
  const to = cursor.offset
  let from = -1
  let end = to
  for (let count = 0; out.settings.repair && count < MOST_CLOSERS; count++) {
    while (cursor.skipSpace() === WAIT) yield
    if (cursor.window.charAt(cursor.at) !== closer) break
    if (from < 0) from = cursor.offset
    cursor.at++
    end = cursor.offset
  }
  cursor.rewind(end)
  if (from < 0) return
  let behind: ReturnType<typeof endsAt>
  while ((behind = endsAt(cursor, cursor.at, stops)) === WAIT) yield
  const marker = behind === 'neither' ? yield* reading.marker(new Matcher(grammar.content)) : undefined
  if (behind === 'neither' && (marker === undefined || (marker.kind === 'opener' && marker.bare))) cursor.rewind(to)
  else out.note('stray-marker', 'one closer too many', from, end)
}
