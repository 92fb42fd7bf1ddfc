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
  const { cursor, out } = reading
  const { separators, again = [], lists } = grammar
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
  for (const marker of again) {
    let found: number
    while ((found = cursor.starts(marker)) === WAIT) yield
    if (found === 1) return false
  }
  if (yield* misspeltMarkerStands(reading, grammar)) {
    out.note('dropped-text', 'a separator before a misspelt marker', to, cursor.offset)
    return false
  }
  if (code === 0x5b && (yield* pythonListStands(reading, grammar))) return false
  if (isSemicolon && (yield* reading.atEnd()))
    out.note('dropped-text', 'a separator that nothing follows', to, cursor.offset)
  else cursor.rewind(to)
  return false
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
