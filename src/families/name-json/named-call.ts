import type { CallMarks } from '../../engine/call-marks.js'
import { CALL_SHAPE, type CallShape } from '../../engine/call-shape.js'
import type { Reading } from '../../engine/reading.js'
import { skipTo } from '../../engine/skip-to.js'
import type { Evidence, Repair, Status } from '../../event/event.js'
import { DamagedJson } from '../../recovery/damaged-json.js'
import { DamagedSpan, type SpanRules } from '../../recovery/damaged-span.js'
import { type NearMarker, NearMarkerReader, standsFor } from '../../recovery/near-marker.js'
import { MarkerMarks, type SpanMark } from '../../recovery/span-marks.js'
import { passSurplus } from '../../recovery/surplus-closers.js'
import { WAIT } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import type { JsonValue } from '../../values/json/json.js'
import { CallObject } from '../call-object/call-object.js'
import { readArguments } from '../call-object/json-arguments.js'
import { FENCE, readEscapedSpace, readFence } from './argument-fence.js'
import type { CallHead } from './call-head.js'
import { isClosedEarly } from './closed-early.js'
import { openCall } from './open-call.js'

export interface NamedCallContext {
  readonly marks: CallMarks
  /** The arguments may stand in a code fence. */
  readonly fence: boolean
  /** Reads the arguments. */
  readonly value?: JsonValue
  /** Of them. Default: of one line. */
  readonly strings?: 'of one line' | 'of any lines'
  /** The text was read to its end once, and no end marker stands in it that ends such a call. */
  readonly ends?: { areMissing: boolean }
  /** Where the call begins, with its marker. */
  readonly from: number
  /** What was wrong before its header. */
  readonly repairs: readonly Repair[]
  /** The end of the text closes it as its close marker does, which is a stop token. Default: as a repair. */
  readonly end?: 'closes'
  /** The keys of a call object, where one may stand for arguments, and the names that it may have. Default: any. */
  readonly shape?: CallShape | undefined
  readonly accepts?: (name: string) => boolean
}

/** What the markers of most formats begin with. */
const LT = 0x3c

/** Reads one call whose header was found: its arguments, and what closes it. */
export class NamedCall {
  private readonly closes: boolean
  /** What ends arguments that are not closed themselves. */
  private readonly ends: Matcher<string>
  /** Why it cannot be delivered, if its arguments can be read. */
  private why = 'its close marker is missing'

  constructor(
    private readonly reading: Reading,
    private readonly context: NamedCallContext,
  ) {
    const { marks, fence } = context
    this.closes = marks.written('call-end') !== ''
    this.ends = fence ? marks.fencedMatcher : marks.matcher
  }

  /** The cursor stands at the header. Leaves it behind the call. False if it was given back as text. */
  *read(head: CallHead, evidence: Evidence): Read<boolean> {
    const { cursor } = this.reading
    if (head.body === 'call object') {
      cursor.at += head.length
      return yield* this.readCallObject()
    }
    openCall(this.reading, head, evidence, this.context)
    cursor.at += head.length
    yield* this.readPayload()
    return true
  }

  private *readPayload(): Read<void> {
    const { reading } = this
    const { cursor, out } = reading
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    // Nearly always the arguments follow at once.
    if (code !== 0x7b && this.context.fence) {
      yield* readEscapedSpace(reading)
      yield* readFence(reading)
      while ((code = cursor.skipSpace()) === WAIT) yield
    }
    const from = cursor.offset
    const mayGoBack = this.context.strings === 'of any lines'
    if (mayGoBack) cursor.keep(from)
    const outcome = yield* readArguments(reading, this.ends, this.context.value)
    if (outcome === 'damaged')
      yield* this.closeDamaged(code === 0x7b ? (this.context.value ?? reading.value).depth : 0, from)
    if (mayGoBack) cursor.drop()
    if (outcome === 'damaged') return
    if (outcome === 'over') return reading.closeCut()
    const to = cursor.offset
    if (this.closes) {
      const status = yield* this.readClose()
      out.close(status, cursor.offset, this.why)
    } else yield* this.endUnclosed(to, to - from)
    reading.lastCallTo = cursor.offset
  }

  /** Where no marker closes a call, what stands behind its arguments tells whether they were all. */
  private *endUnclosed(to: number, length: number): Read<void> {
    const { reading, context } = this
    const { cursor, out } = reading
    const behind = yield* passSurplus(reading, context.marks.matcher, 'line')
    if (behind === 'surplus') return out.close('complete', cursor.offset, '')
    cursor.rewind(to)
    if (behind === 'end' || !(yield* isClosedEarly(cursor, to, length))) return out.close('complete', to, '')
    yield* this.damagedJson(0).skip()
    out.note(
      'dropped-text',
      'text after the arguments of a call, perhaps the rest of them, was left out',
      to,
      cursor.offset,
    )
    out.close('malformed', cursor.offset, 'its arguments go on after their closing brace')
  }

  private *readCallObject(): Read<boolean> {
    const { reading, context } = this
    const { cursor } = reading
    const { marks, from, repairs, shape = CALL_SHAPE } = context
    const call = new CallObject(reading, shape, {
      commit: 'name',
      from,
      boundary: marks.matcher,
      accepts: context.accepts ?? (() => true),
      waits: true,
    })
    for (const { kind, from, to, before, after } of repairs) call.mend(kind, from, to, before, after)
    const outcome = yield* call.read()
    if (outcome === 'done') {
      const status = yield* this.readClose()
      call.deliver(undefined, reading.cursor.offset, status === 'complete' ? '' : this.why)
    } else if (call.opened) {
      if (outcome === 'truncated') reading.closeCut()
      else yield* this.closeDamaged(0, cursor.offset)
    } else if (outcome === 'truncated') {
      this.reading.cut('the text ended inside a call, before its name was known', from)
    } else {
      // The note names the next character.
      while (cursor.peek() === WAIT) yield
      return yield* this.giveBack(call.why)
    }
    return true
  }

  /**
   * From behind what was read, the arguments, a whole call object or none, to behind the call's close marker, past a fence
   * and closers too many. A close marker that is missing where something else goes on is a repair. Other text before it
   * belongs to nothing that was read, so that the call is malformed.
   */
  private *readClose(): Read<Status> {
    const { reading, context } = this
    const { cursor, out } = reading
    const { repair } = out.settings
    const { marks } = context
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    if (code !== LT) {
      yield* readEscapedSpace(reading)
      let fence: number
      while ((fence = cursor.starts(FENCE)) === WAIT) yield
      if (fence === 1 && context.fence) {
        cursor.at += FENCE.length
        yield* readEscapedSpace(reading)
      }
    }
    if (code === LT) {
      const wait = reading.wait(marks.matcher)
      if (!wait.scan()) yield wait
      const close = marks.matcher.hit
      if (close !== undefined && marks.of(close) === 'call-end' && marks.isNative(close)) {
        cursor.at += close.length
        return 'complete'
      }
    }
    if (repair && (yield* this.readMisspeltCloser())) return 'complete'
    const to = cursor.offset
    let status: Status = 'complete'
    if (!(yield* this.isCutMarker()) && (yield* passSurplus(reading, marks.matcher)) === 'text') {
      const { ends } = context
      const span = new DamagedSpan(cursor, new MarkerMarks(marks), { openers: 'end' })
      // Between messages no marker can be quoted.
      const skipped = context.end === 'closes' ? this.toMarker() : span.skip()
      const hit = ends?.areMissing === true ? undefined : yield* skipped
      this.why = 'text follows its arguments'
      const text = cursor.since(to)
      const start = text.length - text.trimStart().length
      const written = marks.written('call-end')
      const isCloser = repair && standsFor(text.trim(), written)
      // Without its end marker it is not known what that text belongs to: it stays text.
      if (hit === undefined && !isCloser) {
        // To look for one again behind each of many calls would take long.
        if (ends !== undefined) ends.areMissing = true
        if (span.passedCalls) out.doubt = { status: 'malformed', why: 'it follows a call whose end is unclear' }
        cursor.rewind(to)
        return 'malformed'
      }
      if (isCloser) {
        out.repair('misspelt-marker', to + start, to + text.trimEnd().length, text.trim(), written)
        if (hit === undefined) cursor.rewind(to + text.trimEnd().length)
        if (hit !== 'call-end') return 'complete'
      } else {
        out.note('dropped-text', 'text after the arguments of a call was left out', to, cursor.offset)
        status = 'malformed'
      }
    }
    const at = cursor.offset
    const hit = yield* reading.marker(marks.matcher)
    if (hit !== undefined && marks.of(hit) === 'call-end') {
      cursor.at += hit.length
      const native = marks.isNative(hit)
      if (!native && repair) out.repair('marker-spelling', at, cursor.offset, hit, marks.written('call-end'))
      return native || repair ? status : 'malformed'
    }
    if (hit === undefined && context.end === 'closes') return status
    if (!repair) return hit === undefined ? 'truncated' : 'malformed'
    out.repair('missing-closer', at, at, '', marks.written('call-end'))
    return status
  }

  /** A spelling of the close marker right behind the arguments ends the call, whatever follows: `{…}tool_call|> And so on.` */
  private *readMisspeltCloser(): Read<boolean> {
    const { cursor, out } = this.reading
    const written = this.context.marks.written('call-end')
    if (written === '' || (yield* this.reading.marker(this.context.marks.matcher)) !== undefined) return false
    const closers = this.reading.grammar.once('the close marker of a call', () => new NearMarkerReader([written]))
    let near: NearMarker | undefined | typeof WAIT
    while ((near = closers.at(cursor.window, cursor.at, cursor.ended)) === WAIT) yield
    if (near?.means !== written) return false
    const at = cursor.offset
    const text = cursor.window.slice(cursor.at, cursor.at + near.length)
    cursor.at += near.length
    out.repair('misspelt-marker', at, cursor.offset, text, written)
    return true
  }

  /** The text ends in a marker, and not nearly behind it: its beginning is text, and says nothing about the call before it. */
  private *isCutMarker(): Read<boolean> {
    const { cursor } = this.reading
    const { marks } = this.context
    const { matcher } = marks
    if ((yield* this.reading.marker(matcher)) !== undefined) return false
    return cursor.ended && matcher.at(cursor.window, cursor.at, false) && matcher.hit === undefined
  }

  /** Where strings may hold line breaks, an opener behind one may be quoted like any other. */
  private get openers(): SpanRules['openers'] {
    return this.context.strings === 'of any lines' ? 'nest-anywhere' : 'end'
  }

  /** Skips to the next marker, whatever it is. */
  private *toMarker(): Read<SpanMark | undefined> {
    const { marks } = this.context
    const marker = yield* skipTo(this.reading.cursor, marks.matcher)
    return marker === undefined ? undefined : (marks.of(marker) ?? 'stop')
  }

  /** Ends the call as damaged, behind what belongs to it. `depth` brackets of its arguments, which begin at `from`, are open. */
  private *closeDamaged(depth: number, from: number): Read<void> {
    const { reading } = this
    const { cursor } = reading
    while (cursor.peek() === WAIT) yield
    const why = reading.expected('arguments that are a JSON object')
    // A string of any lines that lost its delimiter may have swallowed the end marker: it is looked for from the start.
    if (this.context.strings === 'of any lines') cursor.rewind(from)
    // Where no marker closes a call, its braces do.
    const rest = this.closes ? this.skipToClose() : this.damagedJson(Math.max(1, depth)).skip()
    yield* reading.closeDamaged(why, rest)
  }

  private damagedJson(depth: number): DamagedJson {
    const { marks } = this.context
    const isOpener = (marker: string) => marks.of(marker) !== undefined
    const ends = marks.markers.filter((marker) => !isOpener(marker))
    return new DamagedJson(this.reading.cursor, depth, ends, marks.markers.filter(isOpener))
  }

  private *skipToClose(): Read<void> {
    const { cursor } = this.reading
    const { marks } = this.context
    const span = new DamagedSpan(cursor, new MarkerMarks(marks), { openers: this.openers })
    if ((yield* span.skip()) === 'call-end') span.readEnd()
  }

  /** Text after all, up to behind its close marker. Always false. */
  *giveBack(why: string): Read<boolean> {
    const { reading, context } = this
    const { cursor, out, text } = reading
    const { from, marks } = context
    const keep = out.settings.damaged === 'keep'
    const reason = why || reading.expected('the name of a tool')
    if (keep) {
      out.content(cursor.since(from), from)
      text.sawContent()
    }
    const emit = keep ? (text: string, from: number) => out.content(text, from) : undefined
    const span = new DamagedSpan(cursor, new MarkerMarks(marks), { openers: this.openers, emit })
    if ((yield* span.skip()) === 'call-end') {
      const at = cursor.offset
      const close = span.readEnd()
      if (keep) out.content(close, at)
    }
    out.fail('malformed')
    out.note('damaged-block', `this block cannot be read as a call: ${reason}`, from, cursor.offset)
    return false
  }
}
