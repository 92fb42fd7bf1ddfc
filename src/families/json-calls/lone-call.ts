import { BEFORE_KEY, CALL_SHAPE, isShort, keysOf } from '../../engine/call-shape.js'
import type { Family, FamilyReader } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { closeTagLength, NearMarkerReader } from '../../recovery/near-marker.js'
import { giveBack } from '../../recovery/plain-json.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { CallObject } from '../call-object/call-object.js'
import { firstKeyTests } from '../call-object/first-key.js'

/**
 * The family of call objects without their open marker. A text that is one and nothing else, with the close marker behind it,
 * which proves it, or with the name of a given tool: any other object there is plain data, and so is all that stands in it.
 * And, at the start of any other line, one of a given tool with the close marker behind it, whose opener was lost.
 * A misspelt wrapper around one of a given tool proves it as well.
 * (`bareJson` has the formats in which such calls are ordinary: lists of them, in any place, in fences.)
 * @example loneCall('<tool_call>', '</tool_call>') // {"name": "f", "arguments": {"a": 1}}</tool_call>
 */
export function loneCall(open: string, close: string): Family {
  const closer = markerSet([close])
  const near = new NearMarkerReader([close])
  return {
    openers: [
      { marker: '{', where: 'line-start', bare: true, before: BEFORE_KEY, mayOpen: firstKeyTests(KEYS).object },
    ],
    create: (reading: Reading) => new LoneCall(reading, open, new Matcher(closer), near),
  }
}

const KEYS = /* @__PURE__ */ keysOf(CALL_SHAPE)

class LoneCall implements FamilyReader {
  constructor(
    private readonly reading: Reading,
    private readonly marker: string,
    private readonly close: Matcher<string>,
    private readonly near: NearMarkerReader,
  ) {}

  /** Nothing stands before it. */
  private get isFirst(): boolean {
    return this.reading.text.blank && this.reading.lastCallTo < 0
  }

  /** Outside a fence, and a key may follow the brace. */
  opens(): boolean | typeof WAIT {
    const { text, out, cursor } = this.reading
    if (out.refusesCalls || text.fenced) return false
    if (!this.isFirst && !(out.tools.given && out.settings.repair)) return false
    const next = cursor.window.charAt(cursor.at + 1)
    if (next === '') return cursor.ended ? false : WAIT
    return BEFORE_KEY.includes(next)
  }

  *read(_opener: unknown, from: number): Read<boolean> {
    const { reading } = this
    const { cursor, out } = reading
    const { isFirst } = this
    const call = new CallObject(reading, CALL_SHAPE, {
      commit: 'end',
      from,
      boundary: undefined,
      keys: KEYS,
      acceptsStart: isFirst ? isShort : (start) => out.tools.has(start) || out.tools.startsName(start),
      accepts: (name) => isFirst || out.tools.has(name),
    })
    const outcome = yield* call.read()
    const to = cursor.offset
    const isKnown = out.tools.given && out.tools.has(call.name ?? '')
    if (outcome === 'done') {
      while (cursor.skipSpace() === WAIT) yield
      const close = yield* reading.marker(this.close)
      if (close !== undefined) {
        cursor.at += close.length
        if (!isFirst) call.mend('missing-opener', from, from, '', this.marker)
        call.deliver(isFirst ? 'marker' : 'bare', to)
        return true
      }
      const isAlone = isKnown && ((yield* this.isWrapped()) || (isFirst && (yield* reading.atEnd())))
      cursor.rewind(to)
      if (isAlone) {
        call.deliver('bare', to)
        return true
      }
    } else if (
      isFirst &&
      call.isCut &&
      isKnown &&
      (outcome === 'truncated' || (outcome === 'damaged' && (yield* reading.atEnd())))
    ) {
      call.deliverCut()
      return true
    }
    yield* giveBack(reading, from, isFirst ? call : undefined)
    return false
  }

  /** Does what closes a misspelt wrapper stand here: `</TOOL_CALL>` behind `<TOOL_CALL>`, or a spelling of the close marker? */
  private *isWrapped(): Read<boolean> {
    const { wrapper, cursor } = this.reading
    if (wrapper === undefined) return false
    let length: number
    while ((length = closeTagLength(cursor)) === WAIT) yield
    const tag = cursor.window.slice(cursor.at, cursor.at + length)
    return length > 0 && (tag === wrapper.replace('<', '</') || this.near.meaning(tag) !== undefined)
  }
}
