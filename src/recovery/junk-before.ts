import { endsOf } from '../engine/call-marks.js'
import type { Family, FamilyReader, Opener } from '../engine/format.js'
import { markerSet } from '../engine/grammar.js'
import type { Reading } from '../engine/reading.js'
import { skipTo } from '../engine/skip-to.js'
import type { RepairKind } from '../event/repair-kinds.js'
import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'

/**
 * A family of JSON between markers, whose models may write other text behind the opener: it is left out as a repair, if a
 * brace comes before the close marker. `<|plugin|> I call it: {"name": …}<|action_end|>` So is the end of a fence that it
 * began.
 */
export function junkBefore(close: readonly string[], family: Family): Family {
  // Anything may stand behind the marker.
  const openers = family.openers.map((opener) => ({ ...opener, mayBegin: undefined }))
  return { ...family, openers, create: (reading: Reading) => new JunkBefore(reading, close, family) }
}

const FENCE = '```'

class JunkBefore implements FamilyReader {
  private readonly json: FamilyReader
  private readonly ends: Matcher<string>
  private readonly closes: Matcher<string>
  private readonly blockEnds: Matcher<string>

  constructor(
    private readonly reading: Reading,
    private readonly close: readonly string[],
    family: Family,
  ) {
    this.json = family.create(reading)
    const openers = family.openers.map(({ marker }) => marker)
    const { closes, ends, blockEnds } = reading.grammar.once(family, () => {
      const blockEnds = [...close, ...openers, ...endsOf(reading.format)]
      return { closes: markerSet(close), ends: markerSet(['{', ...blockEnds]), blockEnds: markerSet(blockEnds) }
    })
    this.closes = new Matcher(closes)
    this.ends = new Matcher(ends)
    this.blockEnds = new Matcher(blockEnds)
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
    if (end === '{' && (cursor.offset === at || out.settings.repair)) {
      const before = cursor.since(at).trimEnd()
      const isFenced = before.includes(FENCE)
      if (before !== '') out.leftOut.add(this.reading.format.id, this.kindOf(before), before, at)
      const read = yield* this.json.read(opener, from)
      if (isFenced) yield* this.passFence()
      return read
    }
    if (end === '{') yield* this.passBlock(from)
    else if (end === undefined) this.reading.cut('the text ended before the object of a call', from)
    else this.giveBack(end, from)
    return false
  }

  /** What was left out before the object: the line of a fence, or words. */
  private kindOf(before: string): RepairKind {
    return /^```\w{0,20}$/.test(before) ? 'code-fence' : 'words-before-call'
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

  /** Words before the object, and nothing may be left out: the block is text. */
  private *passBlock(from: number): Read<void> {
    this.giveBack((yield* skipTo(this.reading.cursor, this.blockEnds)) ?? '', from)
  }

  /** No call came before the end of the block: it is text. */
  private giveBack(end: string, from: number): void {
    const { cursor, out, text } = this.reading
    const why = this.reading.expected('`{`')
    if (this.close.includes(end)) cursor.at += end.length
    out.release('damaged-block', `this block cannot be read as a call: ${why}`, cursor.since(from), from)
    out.fail('malformed')
    if (out.settings.damaged === 'keep') text.sawContent()
  }
}
