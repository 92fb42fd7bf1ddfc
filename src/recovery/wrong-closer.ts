import { endsAt } from '../engine/lines.js'
import type { Reading } from '../engine/reading.js'
import { type Cursor, WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import { type NearMarker, NearMarkerReader } from './near-marker.js'

const ANY_WORD = /* @__PURE__ */ new NearMarkerReader([])

/** More closers than this are text. */
const MOST_CLOSERS = 4

/**
 * Behind the calls of a block that is still open, close tags or special tokens of any word end the block:
 * `<tool_call>{…}</parameter></function>`. Reads them with the white space before each, and says so. False: none stands here, and
 * the cursor is where it was. `opener`: what opened the block, for the note.
 */
export function* passWrongCloser(reading: Reading, opener: string): Read<boolean> {
  const { cursor, out } = reading
  if (!out.settings.repair) return false
  let count = 0
  for (let to = cursor.offset; count < MOST_CLOSERS; count++) {
    const near = yield* wrongCloser(reading)
    if (near === undefined) {
      cursor.rewind(to)
      break
    }
    const from = cursor.offset
    cursor.at += near.length
    to = cursor.offset
    out.note('stray-marker', `another close marker ended the block of ${opener}`, from, to)
  }
  return count > 0
}

/** The closer behind white space, which is passed; undefined for what the format writes itself, and for anything else. */
function* wrongCloser(reading: Reading): Read<NearMarker | undefined> {
  const { cursor, grammar } = reading
  while (cursor.skipSpace() === WAIT) yield
  const own = yield* reading.marker(new Matcher(grammar.content))
  const near = yield* anyMarker(cursor)
  const isOwn = reading.closesThought || (own !== undefined && !(own.kind === 'opener' && own.bare))
  return isOwn || near === undefined || !(yield* isCloser(reading, near)) ? undefined : near
}

/** The words of a tag that closes calls: `</tool_call>`, `</functions>`. */
const CALL_TAG = /^<\/(?:[a-z]{1,12}[_:-])?(?:tool|function|func|call|invoke)s?(?:[_-]?(?:call|use|invoke)s?)?>$/i
/** The words of a token that ends calls: `<|action_end|>`, `<|END_ACTION|>`, `<｜tool▁calls▁end｜>`, `<|/tool_call|>`. */
const CALL_TOKEN =
  /^<[|｜](?=\/|end[_▁-]|[^|｜]{1,40}[_▁-]end[|｜])[/]?(?:(?:begin|end|of|tool|function|call|calls|action|plugin|use)[_▁-]?){1,6}[|｜]>$/i

/**
 * A close tag or token of calls, of whatever format, directly behind a call that needs none: left out, with a note, where it ends the
 * line or the text. `{"name": …, "parameters": {…}}</tool_call>`
 */
export function* passCallTag(reading: Reading): Read<void> {
  const { cursor, out, stops } = reading
  // On trial it may belong to a tag before the call.
  if (!out.settings.repair || out.muted) return
  const to = cursor.offset
  while (cursor.skipSpace() === WAIT) yield
  const near = yield* anyMarker(cursor)
  const from = cursor.offset
  const text = cursor.window.slice(cursor.at, cursor.at + (near?.length ?? 0))
  if (near !== undefined && (CALL_TAG.test(text) || CALL_TOKEN.test(text))) {
    let behind: ReturnType<typeof endsAt>
    while ((behind = endsAt(cursor, cursor.at + near.length, stops)) === WAIT) yield
    if (behind !== 'neither') {
      cursor.at += near.length
      return out.note(
        'stray-marker',
        `${text} follows a call that needs no close marker, and was left out`,
        from,
        cursor.offset,
      )
    }
  }
  cursor.rewind(to)
}

/** What looks like a marker at the cursor, of any word. Reads nothing. */
function* anyMarker(cursor: Cursor): Read<NearMarker | undefined> {
  let near: NearMarker | undefined | typeof WAIT
  while ((near = ANY_WORD.at(cursor.window, cursor.at, cursor.ended)) === WAIT) yield
  return near
}

/** A close tag; or a token, if the line or the text ends behind it, or a marker follows. A token of the chat has text behind it. */
function* isCloser({ cursor, stops, grammar }: Reading, { shape, isEnd, length }: NearMarker): Read<boolean> {
  if (shape !== 'token') return shape === 'tag' && isEnd
  let behind: ReturnType<typeof endsAt>
  while ((behind = endsAt(cursor, cursor.at + length, stops)) === WAIT) yield
  if (behind !== 'neither') return true
  const marker = new Matcher(grammar.content)
  let stands: boolean
  while ((stands = marker.at(cursor.window, cursor.at + length, cursor.ended)) && marker.hit === undefined) yield
  return stands
}
