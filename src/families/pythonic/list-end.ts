import type { Opener } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { passWrongCloser } from '../../recovery/wrong-closer.js'
import { WAIT } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import type { HeaderScan } from './python-header.js'
import { PythonList } from './python-list.js'

/** No close marker is longer. */
const LONGEST_CLOSE = 64

/** Reads what stands behind a list of calls: its close marker, the same list once more, or a line that is no call. */
export class ListEnd {
  constructor(
    private readonly reading: Reading,
    private readonly markers: readonly string[],
    readonly close: Matcher<string>,
    private readonly open: Matcher<string>,
  ) {}

  /** Reads the close marker, or the marker that stands in its place. If neither follows, white space is text again. */
  *skipClose(opener: Opener): Read<'own' | 'other' | 'none'> {
    const { cursor } = this.reading
    if (this.markers.length === 0) return 'none'
    const to = cursor.offset
    while (cursor.skipSpace() === WAIT) yield
    const marker = yield* this.reading.marker(this.close)
    // The next block opens with what closes one: ```tool_code
    const isNext = marker !== undefined && (yield* this.reading.marker(this.open)) !== undefined
    if (marker !== undefined && !isNext) {
      cursor.at += marker.length
      return 'own'
    }
    cursor.rewind(to)
    if (isNext) return 'other'
    return opener.bare !== true && (yield* passWrongCloser(this.reading, opener.marker)) ? 'other' : 'none'
  }

  /** Another line behind the calls of a block may be a call that was meant and cannot be read: then the text is malformed. */
  *doubtRest(): Read<void> {
    const { cursor, out } = this.reading
    const to = cursor.offset
    cursor.keep(to)
    while (cursor.skipSpace() === WAIT) yield
    const from = cursor.offset
    const isOver = !cursor.since(to).includes('\n') || (yield* this.reading.atEnd()) || (yield* this.beginsClose())
    cursor.rewind(to)
    cursor.drop()
    if (isOver) return
    out.damage('the block of calls goes on with a line that is not a call', from, from)
  }

  /** Does the text end with the beginning of a close marker? */
  private *beginsClose(): Read<boolean> {
    const { cursor } = this.reading
    for (;;) {
      const rest = cursor.window.slice(cursor.at, cursor.at + LONGEST_CLOSE)
      if (!this.markers.some((close) => close.trimStart().startsWith(rest))) return false
      if (cursor.ended) return true
      yield
    }
  }

  /** Leaves out a second list, which has a close marker and no opener: the model repeats itself. */
  *skipEcho(headers: HeaderScan): Read<void> {
    const { cursor, out } = this.reading
    const to = cursor.offset
    cursor.keep(to)
    const isLeftOut = yield* this.readEcho(headers)
    if (!isLeftOut) cursor.rewind(to)
    cursor.drop()
    if (!isLeftOut) return
    out.note('dropped-text', 'a second list of calls, which no marker opens, was left out', to, cursor.offset)
    out.fail('malformed')
  }

  /** Reads a list without events. True if a close marker ended it. */
  private *readEcho(headers: HeaderScan): Read<boolean> {
    const { reading, markers } = this
    const { cursor, out } = reading
    let found: ReturnType<HeaderScan['peek']>
    while (cursor.skipSpace() === WAIT) yield
    while ((found = headers.peek(true, false)) === WAIT) yield
    if (typeof found !== 'object') return false
    out.mute()
    const rules = { form: 'brackets', close: markers, evidence: 'bare', knownOnly: false } as const
    yield* new PythonList(reading, headers, rules).read(found, cursor.offset)
    out.unmute()
    const marker = yield* reading.marker(this.close)
    cursor.at += marker?.length ?? 0
    return marker !== undefined
  }
}
