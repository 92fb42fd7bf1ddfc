import { CALL_SHAPE } from '../../engine/call-shape.js'
import { onlyFencesFollow } from '../../engine/fences-follow.js'
import type { FamilyReader, Opener } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { DamagedJson } from '../../recovery/damaged-json.js'
import { giveBack } from '../../recovery/plain-json.js'
import { passCallTag } from '../../recovery/wrong-closer.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { JSON_CLOSERS } from '../../values/json/json-states.js'
import { CallSequence } from '../call-object/call-sequence.js'
import type { CallOutcome } from '../call-object/object-reader.js'
import type { Commit } from '../call-object/pending-call.js'
import type { BareJsonGrammar } from './bare-json-grammar.js'
import { BarePlace } from './bare-place.js'
import { nextCallFollows } from './next-call.js'

const FENCE = /* @__PURE__ */ markerSet(['```'])

/** Reads calls without a marker, and the calls that follow one. */
export class BareCalls implements FamilyReader {
  readonly expects = 'a call'
  private readonly close: Matcher<string>
  private readonly fence = new Matcher(FENCE)
  readonly place: BarePlace

  constructor(
    private readonly reading: Reading,
    private readonly grammar: BareJsonGrammar,
  ) {
    this.place = new BarePlace(reading, grammar)
    this.close = new Matcher(reading.grammar.once(grammar, () => markerSet(grammar.close ?? [])))
  }

  opens(opener: Opener, from: number): boolean | typeof WAIT {
    const { text, out, cursor } = this.reading
    const { place } = this
    // The next character rules out most braces of ordinary text.
    const stands = opener.marker === '[' ? place.listStands() : place.objectStands()
    if (stands === false || out.refusesCalls) return false
    if (text.fenced ? from === cursor.offset || !place.fenceOpens(from) : !place.mayStand && !place.mayBeProven)
      return false
    return stands
  }

  *read(_opener: Opener, from: number): Read<boolean> {
    const { fenced } = this.reading.text
    const { commit = 'end' } = this.grammar
    // What stands behind a fence tells whether it is an example.
    if (!fenced && commit === 'arguments') return yield* this.stream(this.sequence('arguments', from), fenced)
    return yield* this.hold(this.sequence('end', from), from, fenced)
  }

  /**
   * Reads what follows a call that ended here, as far as it is calls. `marked`: the call stood after a marker, so the
   * others of its sequence do.
   */
  *readFurther(marked: boolean): Read<void> {
    const { cursor, text } = this.reading
    const to = cursor.offset
    if (!(yield* nextCallFollows(this.reading, this.grammar, this.place))) return
    const sequence = this.sequence(marked ? 'name' : 'arguments', cursor.offset)
    sequence.undelivered = to
    yield* this.stream(sequence, text.fenced)
  }

  private sequence(commit: Commit, from: number): CallSequence {
    const { out, text } = this.reading
    const { tools } = out
    const { shape = CALL_SHAPE, envelope } = this.grammar
    const marked = commit === 'name'
    const isFree = marked || !tools.given || this.place.mayBeProven
    return new CallSequence(
      this.reading,
      {
        shape,
        commit,
        envelope,
        evidence: marked ? 'marker' : 'bare',
        // The fence shows where the call ends.
        boundary: text.fenced && commit === 'end' ? this.fence : undefined,
        accepts: (name) => isFree || tools.has(name),
        ...(isFree ? {} : { acceptsStart: (start: string) => tools.has(start) || tools.startsName(start) }),
      },
      from,
    )
  }

  /** Delivers each call as it comes. */
  private *stream(sequence: CallSequence, fenced: boolean): Read<boolean> {
    do {
      const outcome = yield* sequence.item()
      if (outcome !== 'done' && !(yield* this.fail(sequence, outcome))) return false
      // Behind words, a brace may close what began there.
      if (this.reading.text.blank) yield* sequence.passSurplus(false)
    } while (yield* nextCallFollows(this.reading, this.grammar, this.place))
    if (fenced) yield* this.closesFence()
    else if (sequence.count > 0) yield* passCallTag(this.reading)
    return !fenced && sequence.count > 0
  }

  /** Delivers all calls, if nothing else follows them. */
  private *hold(sequence: CallSequence, from: number, fenced: boolean): Read<boolean> {
    const { cursor, out } = this.reading
    const { fence } = this.reading.text
    const permitted = fenced || this.place.mayStand
    const { mayBeProven, first } = this.place
    do {
      const outcome = yield* sequence.item()
      if (outcome !== 'done') return yield* this.fail(sequence, outcome)
      // Behind other text, a brace on another line may close what began there.
      yield* sequence.passSurplus(!fenced && !first)
    } while (yield* nextCallFollows(this.reading, this.grammar, this.place))
    let over = !fenced || (yield* this.closesFence())
    const to = cursor.offset
    if (over) {
      while (cursor.skipSpace() === WAIT) yield
      // The close marker proves a call at the start of the text, and one of a given tool at the start of a line.
      if (mayBeProven || (permitted && out.tools.given && sequence.allKnown)) {
        const close = yield* this.reading.marker(this.close)
        if (close !== undefined) {
          cursor.at += close.length
          sequence.deliver(mayBeProven ? 'marker' : 'bare')
          return true
        }
      }
      over = fenced ? yield* onlyFencesFollow(this.reading) : (yield* this.reading.atEnd()) && permitted
    }
    if (over && sequence.allKnown) {
      cursor.rewind(to)
      sequence.deliver('bare')
      return !fenced
    }
    this.reading.text.fence = fence
    cursor.rewind(sequence.to)
    yield* giveBack(this.reading, from)
    return false
  }

  /** Reads the close of the fence. At the end of the text it may be missing. */
  private *closesFence(): Read<boolean> {
    const { cursor, text } = this.reading
    const to = cursor.offset
    while (cursor.skipSpace() === WAIT) yield
    let found: number
    while ((found = cursor.starts(text.fence)) === WAIT) yield
    if (found === 1) {
      cursor.at += text.fence.length
      text.fence = ''
      return true
    }
    const over = this.isCutFence || (yield* this.reading.atEnd())
    if (!over || cursor.peek() >= 0) cursor.rewind(to)
    return over
  }

  /** Do fewer backticks than close the fence end the text here: a fence that was cut? */
  private get isCutFence(): boolean {
    const { cursor, text } = this.reading
    return cursor.ended && text.fence.startsWith(cursor.window.slice(cursor.at))
  }

  /** The sequence stopped at something that is no call, or at the end of the text. True if other calls may follow. */
  private *fail(sequence: CallSequence, outcome: CallOutcome): Read<boolean> {
    const { failed, undelivered, commit } = sequence
    if (failed?.opened === true) {
      if (outcome === 'truncated') {
        this.reading.closeCut()
        return false
      }
      yield* this.closeDamaged(sequence, failed.why)
      sequence.passed()
      return true
    }
    if (outcome === 'truncated' && commit === 'name') {
      this.reading.cut('the text ended inside a call, before its name was known', undelivered)
      return false
    }
    const mayBeOver = outcome === 'damaged' || failed === undefined
    const over = outcome === 'truncated' || (mayBeOver && (yield* this.reading.atEnd()))
    if (over && (yield* this.cut(sequence))) return false
    const inList = sequence.isNested && (failed?.rejected ?? sequence.closers.at(-1) !== JSON_CLOSERS.array) === false
    if (inList && sequence.undelivered > sequence.from) yield* this.noteOpenList(sequence)
    if (outcome === 'damaged' && commit === 'name') {
      const { cursor, out } = this.reading
      out.damage(`no call can be read after this call: ${failed?.why}`, undelivered, cursor.offset)
    }
    yield* giveBack(this.reading, sequence.undelivered, outcome === 'refuted' ? sequence : undefined)
    return false
  }

  /** Notes that text stands behind the delivered calls of a list, in the place of its bracket or of another call. */
  private *noteOpenList({ undelivered, resume, failed }: CallSequence): Read<void> {
    const { reading } = this
    const { cursor, out } = reading
    const isOver = failed === undefined && resume === 'after-value'
    if (isOver) out.note('stray-marker', 'the list of calls was not closed', undelivered, cursor.offset)
    else {
      const why = failed?.why || (yield* reading.expectedNext(failed === undefined ? '`{` or `]`' : 'a call'))
      out.note('damaged-block', `the list of calls cannot be read further: ${why}`, undelivered, cursor.offset)
    }
    if (!isOver || !out.settings.repair) out.fail('malformed')
  }

  /** The text ended inside a sequence. True if some of its calls are delivered; false if all of it is text. */
  private *cut(sequence: CallSequence): Read<boolean> {
    const { cursor, out } = this.reading
    const { failed, count } = sequence
    const { given } = out.tools
    if (!given && sequence.commit === 'end') return false
    // A closer would have proved calls of unknown tools.
    if (given && !sequence.allKnown) return false
    const isCut = failed?.isCut === true && (!given || out.tools.has(failed.name ?? ''))
    if (!isCut && count === 0) return false
    sequence.deliver('bare')
    const from = sequence.undelivered
    if (isCut) {
      failed?.deliverCut()
    } else if (sequence.isNested) {
      // Where the model stopped between calls, nothing but the bracket is missing.
      const stopped = cursor.peek() >= 0
      out.note(
        stopped && failed === undefined ? 'stray-marker' : 'truncated-call',
        'the list of calls was not closed',
        from,
        cursor.offset,
      )
      if (!stopped) out.fail('truncated')
      else if (failed !== undefined || !out.settings.repair) out.fail('malformed')
    } else {
      yield* giveBack(this.reading, from)
    }
    return true
  }

  /** Leaves out the rest of an announced call that cannot be read further. */
  private *closeDamaged(sequence: CallSequence, why: string): Read<void> {
    const { cursor, format } = this.reading
    // The object is closed, and only its content is wrong.
    if (sequence.closers.length === 0) return this.reading.out.close('malformed', cursor.offset, why)
    const rest = new DamagedJson(cursor, sequence.closers.length, format.stops, this.grammar.again)
    yield* this.reading.closeDamaged(why, rest.skip())
  }
}
