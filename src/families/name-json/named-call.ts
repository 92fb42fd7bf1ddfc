import type { CallMarks } from '../../engine/call-marks.js'
import { CALL_SHAPE, type CallShape } from '../../engine/call-shape.js'
import { noteFenceLabel } from '../../engine/fence-label.js'
import type { Reading } from '../../engine/reading.js'
import { skipTo } from '../../engine/skip-to.js'
import type { Status } from '../../event/event.js'
import { DamagedJson } from '../../recovery/damaged-json.js'
import { DamagedSpan, type SpanRules } from '../../recovery/damaged-span.js'
import { type NearMarker, NearMarkerReader, standsFor } from '../../recovery/near-marker.js'
import { leavesStringOpen } from '../../recovery/quoted-strings.js'
import { MarkerMarks, type SpanMark } from '../../recovery/span-marks.js'
import { passSurplus } from '../../recovery/surplus-closers.js'
import { END, WAIT } from '../../text/cursor.js'
import { Nested } from '../../text/nested.js'
import type { FastPath, HoldBack, Read, Scanner } from '../../text/step.js'
import type { JsonValue } from '../../values/json/json.js'
import { CallObject } from '../call-object/call-object.js'
import { closedBy, JsonArguments } from '../call-object/json-arguments.js'
import { FENCE, readEscapedSpace, readFence } from './argument-fence.js'
import type { CallHead } from './call-head.js'
import { isClosedEarly } from './closed-early.js'
import { type CallOpening, openCall } from './open-call.js'

/** What all calls of a text have in common. */
export interface NamedCallContext {
  readonly marks: CallMarks
  /** The arguments may stand in a code fence. */
  readonly fence: boolean
  /** Reads the arguments. */
  readonly value?: JsonValue
  /** Around the strings of them, which may then hold line breaks as they are. Default: quotes, as in JSON. */
  readonly delimiter?: string | undefined
  /** The text was read to its end once, and no end marker stands in it that ends such a call. */
  readonly ends?: { areMissing: boolean }
  /** The end of the text closes it as its close marker does, which is a stop token. Default: as a repair. */
  readonly end?: 'closes'
  /** The keys of a call object, where one may stand for arguments, and the names that it may have. Default: any. */
  readonly shape?: CallShape | undefined
  readonly accepts?: (name: string) => boolean
}

/** What is read next: the space before the arguments, these, the close marker, or what stands behind a call without one. */
type Step = 'space' | 'arguments' | 'close' | 'behind' | 'over'

/** What the markers of most formats begin with. */
const LT = 0x3c

/**
 * Reads one call whose header was found: its arguments, and what closes it, in steps. What is rare (a call object, a fence, damage)
 * has a reader of its own, `aside`. (1,000 calls of Mistral in tokens: generators for all of it take a quarter more time, and
 * 3 KB a call.)
 *
 * One class in one file: each step depends on what the ones before it found, and so does what is damaged.
 */
export class NamedCall implements Scanner {
  /** It was no text, once `scan` was true. */
  isCall = true
  private step: Step = 'over'
  private aside: Nested<Step> | undefined
  private readonly closes: boolean
  private readonly args: JsonArguments
  private readonly mayGoBack: boolean
  private opening!: CallOpening
  /** Where the arguments begin, and where they end. */
  private argumentsFrom = 0
  private argumentsTo = 0
  /** Why it cannot be delivered, if its arguments can be read. */
  private why = ''

  constructor(
    private readonly reading: Reading,
    private readonly context: NamedCallContext,
  ) {
    const { marks, fence, value } = context
    this.closes = marks.written('call-end') !== ''
    this.mayGoBack = context.delimiter !== undefined
    // They end what is not closed itself.
    const ends = fence ? marks.fencedMatcher : marks.matcher
    this.args = new JsonArguments(reading, closedBy(reading, ends), value, () => marks.opens(ends.hit))
  }

  /** The cursor stands at the header. Leaves it behind the call. False if it was given back as text. */
  *read(head: CallHead, opening: CallOpening): Read<boolean> {
    if (!this.begin(head, opening).scan()) yield this
    return this.isCall
  }

  /** Reads the header at the cursor, and announces the call. `scan` reads the rest. */
  begin(head: CallHead, opening: CallOpening): this {
    this.isCall = true
    this.opening = opening
    this.why = 'its close marker is missing'
    this.aside = undefined
    if (head.body === 'call object') this.leaveTo(this.readCallObject(head.length))
    else openCall(this.reading, head, opening)
    this.reading.cursor.at += head.length
    this.step = 'space'
    return this
  }

  get fastPath(): FastPath | undefined {
    return this.aside === undefined && this.step === 'arguments' ? this.args.fastPath : this.aside?.fastPath
  }

  get holdBack(): HoldBack | undefined {
    if (this.aside !== undefined) return this.aside.holdBack
    if (this.step === 'arguments') return this.args.holdBack
    return this.step === 'space' ? undefined : this.context.marks.matcher.holdBack
  }

  scan(): boolean {
    for (;;) {
      if (this.aside !== undefined) {
        if (!this.aside.scan()) return false
        this.step = this.aside.result
        this.aside = undefined
      }
      if (this.step === 'over') return true
      if (!this.advance(this.step)) return false
    }
  }

  /** Reads on by a generator, which says what follows. */
  private leaveTo(reader: Read<Step>): true {
    this.aside = new Nested(reader)
    return true
  }

  /** One step. False where it needs more text. */
  private advance(step: Exclude<Step, 'over'>): boolean {
    if (step === 'arguments') return this.args.scan() && this.endArguments()
    const code = this.reading.cursor.skipSpace()
    if (code === WAIT) return false
    if (step === 'space') return this.startArguments(code)
    return step === 'close' ? this.close(code) : this.endOpen(code)
  }

  private startArguments(code: number): true {
    // Nearly always the arguments follow at once.
    if (code !== 0x7b && this.context.fence) return this.leaveTo(this.readFence())
    return this.beginArguments()
  }

  private beginArguments(): true {
    const { cursor } = this.reading
    this.argumentsFrom = cursor.offset
    if (this.mayGoBack) cursor.keep(cursor.offset)
    this.args.begin()
    this.step = 'arguments'
    return true
  }

  private *readFence(): Read<Step> {
    const { reading } = this
    yield* readEscapedSpace(reading)
    yield* readFence(reading)
    while (reading.cursor.skipSpace() === WAIT) yield
    this.beginArguments()
    return 'arguments'
  }

  private endArguments(): true {
    const { reading } = this
    const { outcome } = this.args
    if (outcome === 'damaged') return this.leaveTo(this.closeDamaged())
    if (this.mayGoBack) reading.cursor.drop()
    if (outcome === 'over') {
      reading.closeCut()
      this.step = 'over'
    } else {
      this.argumentsTo = reading.cursor.offset
      this.step = this.closes ? 'close' : 'behind'
    }
    return true
  }

  /** Nearly always the close marker stands behind the arguments. */
  private close(code: number): boolean {
    const { cursor } = this.reading
    const { marks } = this.context
    if (code === LT) {
      const stands = this.reading.stands(marks.matcher)
      if (stands === WAIT) return false
      const close = marks.matcher.hit
      if (stands && close !== undefined && marks.of(close) === 'call-end' && marks.isNative(close)) {
        cursor.at += close.length
        return this.finish('complete', cursor.offset)
      }
    }
    return this.leaveTo(this.closeOtherwise())
  }

  private *closeOtherwise(): Read<Step> {
    const status = yield* this.readClose()
    this.finish(status, this.reading.cursor.offset)
    return 'over'
  }

  /** Where no marker closes a call, nearly always a marker or the end of the text stands behind it. */
  private endOpen(code: number): boolean {
    const { reading, argumentsTo } = this
    const stands = code === END || reading.stands(this.context.marks.matcher)
    if (stands === WAIT) return false
    reading.cursor.rewind(argumentsTo)
    return stands ? this.finish('complete', argumentsTo, '') : this.leaveTo(this.endUnclosed())
  }

  /** The call is read, and the cursor stands behind it. */
  private finish(status: Status, to: number, why = this.why): true {
    const { cursor, out } = this.reading
    out.close(status, to, why)
    this.reading.lastCallTo = cursor.offset
    this.step = 'over'
    return true
  }

  /** Where no marker closes a call, what stands behind its arguments tells whether they were all. */
  private *endUnclosed(): Read<Step> {
    const { reading, context, argumentsTo: to } = this
    const { cursor, out } = reading
    const behind = yield* passSurplus(reading, context.marks.matcher, 'line')
    if (behind === 'surplus') this.finish('complete', cursor.offset, '')
    else if (yield* isClosedEarly(cursor, to, to - this.argumentsFrom)) {
      yield* this.damagedJson(0).skip()
      const message = 'text after the arguments of a call, perhaps the rest of them, was left out'
      out.note('dropped-text', message, to, cursor.offset)
      this.finish('malformed', cursor.offset, 'its arguments go on after their closing brace')
    } else this.finish('complete', to, '')
    return 'over'
  }

  /** The cursor stands behind `length` characters: white space, and perhaps a fence. */
  private *readCallObject(length: number): Read<Step> {
    const { reading, context } = this
    const { cursor, out } = reading
    const headFrom = cursor.offset - length
    const head = cursor.since(headFrom)
    const { marks, shape = CALL_SHAPE } = context
    const { from, repairs } = this.opening
    const call = new CallObject(reading, shape, {
      commit: 'name',
      from,
      boundary: marks.matcher,
      opensNext: () => marks.opens(marks.matcher.hit),
      accepts: context.accepts ?? (() => true),
      waits: true,
    })
    for (const { kind, from, to, before, after } of repairs) call.mend(kind, from, to, before, after)
    const outcome = yield* call.read()
    const fence = head.indexOf(FENCE)
    if (call.opened && fence >= 0) {
      const label = fence + FENCE.length
      noteFenceLabel(out, head.slice(label), headFrom + label)
    }
    if (outcome === 'done') {
      const status = yield* this.readClose()
      call.deliver(undefined, reading.cursor.offset, status === 'complete' ? call.doubt : this.why)
    } else if (call.opened) {
      if (outcome === 'truncated') reading.closeCut()
      else yield* this.skipDamaged(0, cursor.offset)
    } else if (outcome === 'truncated') {
      this.reading.cut('the text ended inside a call, before its name was known', from)
    } else {
      // The note names the next character.
      while (cursor.peek() === WAIT) yield
      yield* this.giveBack(call.why, from)
      this.isCall = false
    }
    return 'over'
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
      const isCloser = repair && standsFor(text.trim(), written) && !this.holdsMarker(text.trim())
      // Without its end marker it is not known what that text belongs to: it stays text.
      if (hit === undefined && !isCloser) {
        // To look for one again behind each of many calls would take long.
        if (ends !== undefined) ends.areMissing = true
        if (span.passedCalls) out.doubtRest()
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
        if (hit !== 'call-end' && leavesStringOpen(text, context.delimiter)) out.doubtRest()
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

  /** Does a marker stand behind something else? It may begin another call, so that both spell no closer: `/<|tool_call>`. */
  private holdsMarker(text: string): boolean {
    return this.context.marks.matcher.find(text, 1, true) < text.length
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
    return this.context.delimiter !== undefined ? 'nest-anywhere' : 'end'
  }

  /** Skips to the next marker, whatever it is. */
  private *toMarker(): Read<SpanMark | undefined> {
    const { marks } = this.context
    const marker = yield* skipTo(this.reading.cursor, marks.matcher)
    return marker === undefined ? undefined : (marks.of(marker) ?? 'stop')
  }

  private *closeDamaged(): Read<Step> {
    yield* this.skipDamaged(this.args.depth, this.argumentsFrom)
    if (this.mayGoBack) this.reading.cursor.drop()
    return 'over'
  }

  /** Ends the call as damaged, behind what belongs to it. `depth` brackets of its arguments, which begin at `from`, are open. */
  private *skipDamaged(depth: number, from: number): Read<void> {
    const { reading } = this
    const { cursor } = reading
    const why = yield* reading.expectedNext('arguments that are a JSON object')
    // A string of any lines that lost its delimiter may have swallowed the end marker: it is looked for from the start.
    if (this.context.delimiter !== undefined) cursor.rewind(from)
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
  *giveBack(why: string, from: number): Read<false> {
    const { reading, context } = this
    const { cursor, out, text } = reading
    const { marks } = context
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
    out.damage(`this block cannot be read as a call: ${reason}`, from, cursor.offset)
    return false
  }
}
