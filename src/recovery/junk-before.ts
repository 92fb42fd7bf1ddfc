import { endsOf } from '../engine/call-marks.js'
import type { Family, FamilyReader, Opener } from '../engine/format.js'
import { markerSet } from '../engine/grammar.js'
import type { Reading } from '../engine/reading.js'
import { skipTo } from '../engine/skip-to.js'
import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'

/**
 * A family of JSON between markers, whose models may write other text behind the opener: it is left out, if a brace comes
 * before the close marker. `<|plugin|> I call it: {"name": …}<|action_end|>` So is the end of a fence that it began.
 */
export function junkBefore(close: readonly string[], family: Family): Family {
  return { ...family, create: (reading: Reading) => new JunkBefore(reading, close, family) }
}

const FENCE = '```'

class JunkBefore implements FamilyReader {
  private readonly json: FamilyReader
  private readonly ends: Matcher<string>
  private readonly closes: Matcher<string>

  constructor(
    private readonly reading: Reading,
    private readonly close: readonly string[],
    family: Family,
  ) {
    this.json = family.create(reading)
    const openers = family.openers.map(({ marker }) => marker)
    const { closes, ends } = reading.grammar.once(family, () => ({
      closes: markerSet(close),
      ends: markerSet(['{', ...close, ...openers, ...endsOf(reading.format)]),
    }))
    this.closes = new Matcher(closes)
    this.ends = new Matcher(ends)
  }

  opens(): boolean | typeof WAIT {
    const code = this.reading.cursor.skipSpace()
    return code === WAIT ? WAIT : code >= 0
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { cursor, out } = this.reading
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    if (code === 0x5b) return yield* this.json.read(opener, from)
    const at = cursor.offset
    const end = yield* skipTo(cursor, this.ends)
    if (end === '{') {
      const isFenced = cursor.since(at).includes(FENCE)
      if (cursor.offset > at)
        out.note('dropped-text', 'text before the object of a call was left out', at, cursor.offset)
      const read = yield* this.json.read(opener, from)
      if (isFenced) yield* this.passFence()
      return read
    }
    if (end === undefined) this.reading.cut('the text ended before the object of a call', from)
    else this.giveBack(end, from)
    return false
  }

  /** The end of the fence, if the block's close marker or the end of the text follows it. */
  private *passFence(): Read<void> {
    const { cursor, out } = this.reading
    const to = cursor.offset
    while (cursor.skipSpace() === WAIT) yield
    const at = cursor.offset
    let found: number
    while ((found = cursor.starts(FENCE)) === WAIT) yield
    cursor.at += found === 1 ? FENCE.length : 0
    while (cursor.skipSpace() === WAIT) yield
    const close = yield* this.reading.marker(this.closes)
    if (found !== 1 || (close === undefined && !(yield* this.reading.atEnd()))) return cursor.rewind(to)
    cursor.at += close?.length ?? 0
    out.note('dropped-text', 'the end of a fence around the object of a call was left out', at, cursor.offset)
  }

  /** No call came before the end of the block: it is text. */
  private giveBack(end: string, from: number): void {
    const { cursor, out, text } = this.reading
    const why = this.reading.expected('`{`')
    if (this.close.includes(end)) cursor.at += end.length
    out.release('damaged-block', `this block is no call that can be read: ${why}`, cursor.since(from), from)
    out.fail('malformed')
    if (out.settings.damaged === 'keep') text.sawContent()
  }
}
