import type { Reading } from '../../engine/reading.js'
import { NearMarkerReader } from '../../recovery/near-marker.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { HeaderScan } from '../pythonic/python-header.js'
import type { BareJsonGrammar } from './bare-json-grammar.js'
import type { BarePlace } from './bare-place.js'

/**
 * Reads the white space and the separator behind a call without a marker. True if another call or list begins there; else
 * what was read is text again, unless a marker of the format follows, before which the separator is left out.
 *
 *     {"name": "f", "parameters": {}}; {"name": "g", "parameters": {}}
 */
export function* nextCallFollows(reading: Reading, grammar: BareJsonGrammar, place: BarePlace): Read<boolean> {
  const { cursor } = reading
  const { separators, lists } = grammar
  if (separators === undefined) return false
  const to = cursor.offset
  let code: number
  while ((code = cursor.skipSpace()) === WAIT) yield
  const separated = code >= 0 && separators.includes(String.fromCharCode(code))
  const isSemicolon = code === 0x3b
  if (separated) {
    cursor.at++
    while ((code = cursor.skipSpace()) === WAIT) yield
  }
  if (code === 0x7b) return true
  if (code === 0x5b && lists === true) {
    let list: boolean | typeof WAIT
    while ((list = place.listStands()) === WAIT) yield
    if (list) return true
  }
  if (!separated) {
    cursor.rewind(to)
    return false
  }
  let again: boolean | typeof WAIT
  while ((again = markerStands(reading, grammar)) === WAIT) yield
  if (again) return false
  yield* passSeparator(reading, grammar, to, isSemicolon)
  return false
}

/** Leaves out the separator that was read from `to` on, where something that begins like a call follows, or nothing. */
function* passSeparator(reading: Reading, grammar: BareJsonGrammar, to: number, isSemicolon: boolean): Read<void> {
  const { cursor, out } = reading
  if (yield* misspeltMarkerStands(reading, grammar)) {
    out.note('dropped-text', 'a separator before a misspelt marker', to, cursor.offset)
    return
  }
  if (cursor.peek() === 0x5b && (yield* pythonListStands(reading, grammar))) return
  if (isSemicolon && (yield* reading.atEnd()))
    out.note('dropped-text', 'a separator that nothing follows', to, cursor.offset)
  else cursor.rewind(to)
}

/** Does a marker of the format stand here? */
function markerStands({ cursor }: Reading, { again = [] }: BareJsonGrammar): boolean | typeof WAIT {
  let waits = false
  for (const marker of again) {
    const found = cursor.starts(marker)
    if (found === 1) return true
    waits ||= found === WAIT
  }
  return waits && WAIT
}

/** Does a misspelt `again` stand here? The separator before it is left out as before the marker itself. */
function* misspeltMarkerStands(reading: Reading, { again }: BareJsonGrammar): Read<boolean> {
  const { cursor } = reading
  if (again === undefined || !reading.out.settings.repair) return false
  const own = yield* reading.marker(new Matcher(reading.grammar.content))
  if (own !== undefined && !(own.kind === 'opener' && own.bare)) return false
  const reader = new NearMarkerReader(again)
  let near: ReturnType<NearMarkerReader['at']>
  while ((near = reader.at(cursor.window, cursor.at, cursor.ended)) === WAIT) yield
  return near !== undefined && (near.means !== undefined || near.shape === 'token')
}

/** Does a list of calls in Python's syntax stand here, which another family of the format reads? */
function* pythonListStands({ cursor, out }: Reading, { pythonLists }: BareJsonGrammar): Read<boolean> {
  if (pythonLists !== true) return false
  const headers = new HeaderScan(cursor)
  let header: ReturnType<HeaderScan['peek']>
  while ((header = headers.peek(true, true)) === WAIT) yield
  return typeof header === 'object' && header.behind !== 'value' && (!out.tools.given || out.tools.has(header.name))
}
