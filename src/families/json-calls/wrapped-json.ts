import type { CallShape } from '../../engine/call-shape.js'
import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { skipTo } from '../../engine/skip-to.js'
import { giveBack } from '../../recovery/plain-json.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { CallSequence } from '../call-object/call-sequence.js'
import type { CallOutcome } from '../call-object/object-reader.js'

/** Wrappers that models make up, or that prompts use for something else: `<tools>{…}</tools>`. */
export interface WrappedJsonGrammar {
  readonly open: string
  readonly close: string
  readonly shape: CallShape
}

/**
 * The family of JSON calls in a wrapper that is not theirs alone. An object in it is a call if it has a name and, but for
 * its arguments, nothing else; anything else makes the wrapper literal text, like the list of tools that a prompt holds.
 */
export function wrappedJson(grammar: WrappedJsonGrammar): Family {
  return { openers: [{ marker: grammar.open }], create: (reading: Reading) => new WrappedJson(reading, grammar) }
}

class WrappedJson implements FamilyReader {
  readonly expects = '`{` or `[`'
  private readonly close: Matcher<string>
  private readonly ends: Matcher<string>

  constructor(
    private readonly reading: Reading,
    private readonly grammar: WrappedJsonGrammar,
  ) {
    const { close, ends } = reading.grammar.once(grammar, () => ({
      close: markerSet([grammar.close]),
      ends: markerSet([grammar.close, grammar.open, ...reading.format.stops]),
    }))
    this.close = new Matcher(close)
    this.ends = new Matcher(ends)
  }

  opens(_opener: Opener, _from: number): boolean | typeof WAIT {
    const code = this.reading.cursor.skipSpace()
    return code === WAIT ? WAIT : code === 0x7b || code === 0x5b
  }

  *read(_opener: Opener, from: number): Read<boolean> {
    const { cursor } = this.reading
    const sequence = this.sequence(from)
    for (;;) {
      const outcome = yield* sequence.item()
      if (outcome !== 'done') return yield* this.fail(sequence, outcome)
      yield* sequence.passSurplus(false)
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      if (code === 0x2c || code === 0x3b) {
        cursor.at++
        while ((code = cursor.skipSpace()) === WAIT) yield
      }
      if (code !== 0x7b && code !== 0x5b) break
    }
    const marker = yield* this.reading.marker(this.close)
    if (marker !== undefined) cursor.at += marker.length
    else if (cursor.peek() >= 0) cursor.rewind(sequence.to)
    this.reading.lastCallTo = cursor.offset
    return true
  }

  private sequence(from: number): CallSequence {
    const { text, out } = this.reading
    const { fenced } = text
    const rules = {
      shape: this.grammar.shape,
      commit: 'arguments' as const,
      evidence: 'marker' as const,
      // In a fence, the call of a tool that does not exist is an example.
      accepts: (name: string) => !fenced || !out.tools.given || out.tools.has(name),
      envelope: undefined,
      nameAlone: true,
      boundary: this.close,
    }
    return new CallSequence(this.reading, rules, from)
  }

  private *skipToClose(): Read<void> {
    const { cursor } = this.reading
    const hit = yield* skipTo(cursor, this.ends)
    if (hit === this.grammar.close) cursor.at += hit.length
  }

  private *fail(sequence: CallSequence, outcome: CallOutcome): Read<boolean> {
    const { failed, undelivered } = sequence
    if (failed?.opened === true) {
      if (outcome === 'truncated') {
        this.reading.closeCut()
        return true
      }
      yield* this.reading.closeDamaged(failed.why, this.skipToClose())
      return true
    }
    if (outcome === 'truncated') {
      this.reading.cut(`the text ended inside ${this.grammar.open}`, undelivered)
      return true
    }
    yield* giveBack(this.reading, undelivered, outcome === 'refuted' ? sequence : undefined)
    return false
  }
}
