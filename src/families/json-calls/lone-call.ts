import { BEFORE_KEY, CALL_SHAPE, isShort, keysOf } from '../../engine/call-shape.js'
import type { Family, FamilyReader } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { giveBack } from '../../recovery/plain-json.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { CallObject } from '../call-object/call-object.js'
import { firstKeyLooks } from '../call-object/first-key.js'

/**
 * The family of a text that is one call object and nothing else, without its open marker: with the close marker behind it,
 * which proves it, or with the name of a given tool. Any other object is plain data, and so is all that stands in it.
 * (`bareJson` has the formats in which such calls are ordinary: lists of them, in any place, in fences.)
 * @example loneCall('</tool_call>') // {"name": "f", "arguments": {"a": 1}}</tool_call>
 */
export function loneCall(close: string): Family {
  const closer = markerSet([close])
  return {
    openers: [
      { marker: '{', where: 'text-start', bare: true, before: BEFORE_KEY, mayOpen: firstKeyLooks(KEYS).object },
    ],
    create: (reading: Reading) => new LoneCall(reading, new Matcher(closer)),
  }
}

const KEYS = /* @__PURE__ */ keysOf(CALL_SHAPE)

class LoneCall implements FamilyReader {
  constructor(
    private readonly reading: Reading,
    private readonly close: Matcher<string>,
  ) {}

  /** Before any call, outside a fence, and a key may follow the brace. */
  opens(): boolean | typeof WAIT {
    const { text, out, cursor, lastCallTo } = this.reading
    if (out.refusesCalls || text.fenced || lastCallTo >= 0) return false
    const next = cursor.window.charAt(cursor.at + 1)
    if (next === '') return cursor.ended ? false : WAIT
    return BEFORE_KEY.includes(next)
  }

  *read(_opener: unknown, from: number): Read<boolean> {
    const { reading } = this
    const { cursor, out } = reading
    const call = new CallObject(reading, CALL_SHAPE, {
      commit: 'end',
      from,
      boundary: undefined,
      keys: KEYS,
      acceptsStart: isShort,
      accepts: () => true,
    })
    const outcome = yield* call.read()
    const to = cursor.offset
    const isKnown = out.tools.given && out.tools.has(call.name ?? '')
    if (outcome === 'done') {
      while (cursor.skipSpace() === WAIT) yield
      const close = yield* reading.marker(this.close)
      if (close !== undefined) {
        cursor.at += close.length
        call.deliver('marker', to)
        return true
      }
      const alone = isKnown && (yield* reading.atEnd())
      cursor.rewind(to)
      if (alone) {
        call.deliver('bare', to)
        return true
      }
    } else if (
      call.isCut &&
      isKnown &&
      (outcome === 'truncated' || (outcome === 'damaged' && (yield* reading.atEnd())))
    ) {
      call.deliverCut()
      return true
    }
    yield* giveBack(reading, from, call)
    return false
  }
}
