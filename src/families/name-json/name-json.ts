import { type CallMarks, type Frame, type Mark, marksOf } from '../../engine/call-marks.js'
import type { CallShape } from '../../engine/call-shape.js'
import type { Family, FamilyReader, Opener, Where } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { answerOf } from '../../engine/wait.js'
import type { Repair } from '../../event/event.js'
import { giveBackArguments } from '../../recovery/headless-call.js'
import { passWrongCloser } from '../../recovery/wrong-closer.js'
import { spaceEnd } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import type { HoldBack, Read } from '../../text/step.js'
import type { JsonValue } from '../../values/json/json.js'
import { isWordCode, wordEnd } from '../../values/json/json-characters.js'
import { passEscapedNewlines } from './argument-fence.js'
import { type CallHeadResult, isCutHead, LONGEST_HEAD, LONGEST_NAME, type ReadCallHead } from './call-head.js'
import { CallStart, objectFollowsName } from './call-start.js'
import { NamedCall } from './named-call.js'

/** Calls whose name stands outside their JSON arguments: `[TOOL_CALLS]get_tide[ARGS]{"harbour": "Moss"}` */
export interface NameJsonGrammar {
  /** Markers around all calls of a message. */
  readonly section?: Frame
  /** Whether a call may stand outside a section. Default `repair`: only as a listed repair. */
  readonly sectionless?: 'native' | 'repair'
  /** Markers around a call. Without a close marker it ends with its arguments. */
  readonly call: Frame
  /** Where its marker counts. Default `anywhere`. */
  readonly where?: Where
  readonly head: ReadCallHead
  /** The arguments may stand in a code fence. */
  readonly fence?: boolean
  /** Makes what reads the arguments of a text, where they are no JSON. */
  readonly value?: (reading: Reading) => JsonValue
  /** A call may begin a message without its marker, if its header holds a separator and a brace follows. */
  readonly unmarkedStart?: boolean
  /** Around the strings of the arguments, which may then hold line breaks as they are. Default: quotes, as in JSON. */
  readonly delimiter?: string
  /** All spellings of a marker, with itself: others are accepted as a listed repair. */
  readonly spellings?: (marker: string) => readonly string[]
  /** The keys of a call object, where the header is the beginning of one. Default: the usual. */
  readonly shape?: CallShape
  /** Call markers that other formats write too: outside a section they need a separator in the header. */
  readonly shared?: readonly string[]
}

/** The family of formats that write a call's name outside its JSON arguments. */
export function nameJson(grammar: NameJsonGrammar): Family {
  const marks = marksOf(grammar)
  const of = (...kinds: Mark[]) => [...marks].filter(([, kind]) => kinds.includes(kind)).map(([marker]) => marker)
  return {
    openers: [
      ...of('section', 'call').map((marker) => ({ marker, where: grammar.where })),
      ...(grammar.unmarkedStart === true ? [unmarkedOpener(grammar)] : []),
    ],
    strays: of('section-end', 'call-end'),
    create: (reading: Reading) => new NameJsonBlock(reading, grammar, marks),
  }
}

/** Of a call that begins a message without its marker: `get_tide[ARGS]{`. */
function unmarkedOpener({ head }: NameJsonGrammar): Opener {
  const found = (text: string, from: number) => head(text.slice(from, from + LONGEST_HEAD))
  const opens = (head: CallHeadResult) => typeof head === 'object' && head.separated
  const mayOpen = (text: string, at: number) => opens(found(text, spaceEnd(text, at)))
  const mayBegin = (text: string, at: number) => {
    const head = found(text, at)
    return head === WAIT ? WAIT : opens(head)
  }
  return { marker: '', where: 'text-start', bare: true, mayOpen, mayBegin }
}

/**
 * Finds the calls of one message, in their section or without one. One class in one file: what opens a call depends on whether a
 * section is open, and how it ended before.
 */
class NameJsonBlock implements FamilyReader {
  readonly expects = 'the name of a tool and its arguments'
  private readonly start: CallStart
  /** A section was opened and has not been closed: calls may stand there. */
  private sectionOpen = false
  /** What stands behind the marker is no header, but what is left of one. */
  private isAttempt = false
  private madeCall: NamedCall | undefined
  private readonly ends = { areMissing: false }
  /** Calls of the open section that were read. */
  private calls = 0

  constructor(
    private readonly reading: Reading,
    private readonly grammar: NameJsonGrammar,
    kinds: ReadonlyMap<string, Mark>,
  ) {
    this.start = new CallStart(reading, grammar, kinds, grammar.head)
  }

  private get marks(): CallMarks {
    return this.start.marks
  }

  /** Looks for a marker, or waits for more of a name. */
  get holdBack(): HoldBack | undefined {
    const { window, at } = this.reading.cursor
    const inName = at < window.length && wordEnd(window, at) === window.length
    return inName ? this : this.start.madeMarks?.matcher.holdBack
  }

  absorbs(text: string): boolean {
    const { window, at } = this.reading.cursor
    return window.length - at + text.length < LONGEST_NAME && wordEnd(text, 0) === text.length
  }

  opens(opener: Opener, from: number): boolean | typeof WAIT {
    const { reading, grammar } = this
    // An opener that was one before may have been quoted, and was not read.
    this.isAttempt = false
    if (opener.marker === '') return this.opensUnmarked()
    const kind = this.marks.of(opener.marker)
    const { repair } = reading.out.settings
    const code = reading.cursor.skipSpace()
    if (code < 0) return code === WAIT ? WAIT : false
    if (!repair && !this.marks.isNative(opener.marker)) return false
    if (kind === 'section') {
      const next = this.start.peekMarker()
      if (next === WAIT) return WAIT
      if (this.marks.of(next) !== undefined) return true
      if (this.start.isCutMarker()) return false
    } else if (grammar.section !== undefined && !this.sectionOpen && grammar.sectionless !== 'native' && !repair)
      return false
    const head = this.start.peekHead()
    // Another family of the format may read a marker that came twice.
    if (head === WAIT || (head === 'text' && this.start.peekMarker() === WAIT)) return WAIT
    const spaced = reading.cursor.offset > from + opener.marker.length
    if (head === 'cut' && !this.start.mayBeName()) return false
    if (kind === 'section') return repair && head !== 'text' && !(head === 'cut' && spaced)
    // In a section whatever stands behind a call's marker is meant as one.
    if (this.sectionOpen) return true
    const attempt = head === 'text' && !spaced && kind === 'call' && repair && objectFollowsName(reading)
    if (attempt === WAIT) return WAIT
    this.isAttempt = attempt
    if (attempt) return true
    if (head === 'text' || (head === 'cut' && !isCutHead(reading.cursor.window.slice(reading.cursor.at), spaced)))
      return false
    return grammar.shared?.includes(opener.marker) !== true || (typeof head === 'object' && head.separated)
  }

  /** `name[ARGS]{` at the start of a message. */
  private opensUnmarked(): boolean | typeof WAIT {
    const { cursor, out, lastCallTo } = this.reading
    if (!out.settings.repair || lastCallTo >= 0) return false
    const code = cursor.skipSpace()
    if (code < 0) return code === WAIT ? WAIT : false
    const head = this.start.peekHead()
    if (head === WAIT) return WAIT
    if (typeof head !== 'object' || !head.separated) return false
    if (out.tools.given && !out.tools.has(head.name.replaceAll('\\_', '_'))) return false
    const behind = cursor.window.slice(cursor.at + head.length, cursor.at + LONGEST_HEAD).trimStart()
    return behind === ''
      ? cursor.ended || cursor.window.length - cursor.at >= LONGEST_HEAD
        ? false
        : WAIT
      : behind[0] === '{'
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { cursor } = this.reading
    if (this.isAttempt) {
      yield* giveBackArguments(this.reading, from, this.reading.expected(this.expects))
      this.reading.openText()
      return false
    }
    const evidence = opener.marker === '' ? 'bare' : 'marker'
    let repairs = this.openerRepairs(opener, from)
    if (this.marks.of(opener.marker) === 'section') {
      this.sectionOpen = true
      this.calls = 0
      const next = yield* this.nextCall(from)
      if (next === undefined) return true
      repairs = [...repairs, ...next]
    }
    for (let callFrom = from; ; callFrom = cursor.offset) {
      // Nearly always the name follows at once.
      let head = isWordCode(cursor.peek()) ? this.start.peekHead() : WAIT
      if (head === WAIT) head = yield* this.headBehindMarkers()
      const opening = { from: callFrom, evidence, repairs } as const
      if (typeof head === 'object') {
        const call = this.call.begin(head, opening)
        if (!call.scan()) yield call
      }
      const isCall = typeof head === 'object' ? this.call.isCall : yield* this.readOther(head, callFrom)
      if (isCall) this.calls++
      // The close marker of the section belongs to the text that was given back.
      else if (this.sectionOpen && this.calls === 0) this.reading.openText()
      if (!isCall) return false
      if (this.grammar.section === undefined) return true
      const next = yield* this.nextCall(undefined)
      if (next === undefined) return true
      repairs = next
    }
  }

  /** What is wrong with the marker that opened a block. */
  private openerRepairs({ marker }: Opener, from: number): readonly Repair[] {
    const { section, sectionless, call } = this.grammar
    const repairs: Repair[] = []
    const lone =
      section !== undefined && !this.sectionOpen && sectionless !== 'native' && this.marks.of(marker) === 'call'
    if (lone) repairs.push(repairOf('missing-opener', from, '', section.open[0]))
    if (marker === '') repairs.push(repairOf('missing-opener', from, '', call.open[0]))
    else if (!this.marks.isNative(marker)) {
      // The call may begin before its marker: with the fence that it stands in.
      const at = from + this.reading.cursor.since(from).indexOf(marker)
      repairs.push(repairOf('marker-spelling', at, marker, this.marks.written(this.marks.of(marker))))
    }
    return repairs
  }

  /**
   * Goes to the next call of the section: behind its marker, which is left out only as a repair. Undefined if there is none
   * here: the section has ended, or a marker follows that opens by itself.
   */
  private *nextCall(section: number | undefined): Read<readonly Repair[] | undefined> {
    const { cursor, out } = this.reading
    for (;;) {
      const before = cursor.offset
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      const isEscape = code === 0x5c && this.grammar.fence === true && out.settings.repair
      const newlines = isEscape ? yield* passEscapedNewlines(cursor) : -1
      const at = cursor.offset
      const wait = this.reading.wait(this.marks.matcher)
      if (!wait.scan()) yield wait
      const marker = this.start.accepted(this.marks.matcher.hit)
      const kind = this.marks.of(marker)
      if (marker === undefined || kind === undefined) {
        if (marker === undefined && (yield* this.callStands(section !== undefined))) {
          this.noteNewlines(newlines, at)
          return [repairOf('missing-opener', at, '', this.grammar.call.open[0])]
        }
        if (section !== undefined) out.note('dropped-text', 'a section without calls', section, before)
        else if (
          this.sectionOpen &&
          newlines < 0 &&
          (yield* passWrongCloser(this.reading, this.marks.written('section')))
        ) {
          this.sectionOpen = false
          return undefined
        }
        if (cursor.peek() >= 0 || newlines >= 0) cursor.rewind(before)
        return undefined
      }
      this.noteNewlines(newlines, at)
      if (section !== undefined && !out.settings.repair && (kind === 'section' || kind === 'call-end')) {
        out.damage(`a call was expected in this section, found ${marker}`, section, before)
        cursor.rewind(before)
        return undefined
      }
      if (section === undefined && (kind === 'call' || kind === 'section')) return undefined
      cursor.at += marker.length
      if (kind === 'call')
        return this.marks.isNative(marker) ? NONE : [repairOf('marker-spelling', at, marker, this.marks.written(kind))]
      if (kind === 'section-end') {
        this.sectionOpen = false
        if (section !== undefined) out.note('dropped-text', 'a section without calls', section, cursor.offset)
        return undefined
      }
      if (section === undefined)
        out.note('stray-marker', `${marker} closes nothing and was left out`, at, cursor.offset)
      else out.leftOut.add(this.reading.format.id, kind === 'section' ? 'surplus-opener' : 'surplus-closer', marker, at)
    }
  }

  private noteNewlines(from: number, to: number): void {
    if (from >= 0) this.reading.out.note('dropped-text', 'newlines written as a backslash and an n', from, to)
  }

  /** Does a call without its marker stand here? Behind a section's marker it may be one that cannot be read. */
  private *callStands(first: boolean): Read<boolean> {
    if (this.reading.cursor.peek() < 0 || !this.reading.out.settings.repair) return false
    let head: CallHeadResult | 'cut'
    while ((head = this.start.peekHead()) === WAIT) yield
    return first ? head !== 'text' : typeof head === 'object' && head.separated
  }

  /** White space, and the call's marker where the model wrote it twice. */
  private *skipRepeated(): Read<void> {
    const { cursor } = this.reading
    for (;;) {
      while (cursor.skipSpace() === WAIT) yield
      const marker = yield* this.start.marker()
      if (this.marks.of(marker) !== 'call' || marker === undefined) return
      if (!this.reading.passRepeated(marker)) return
    }
  }

  /** The header of a call, which is not whole yet, or stands behind its marker once more. */
  private *headBehindMarkers(): Read<CallHeadResult | 'cut'> {
    if (!isWordCode(this.reading.cursor.peek())) yield* this.skipRepeated()
    const head = this.start.peekHead()
    return head === WAIT ? yield* answerOf(() => this.start.peekHead(), this) : head
  }

  /** Reads what stands behind the marker of a call, and is no header. False if it was given back as text. */
  private *readOther(head: CallHeadResult | 'cut', from: number): Read<boolean> {
    const { cursor } = this.reading
    if (head !== 'cut' || !this.start.mayBeName()) return yield* this.call.giveBack('', from)
    cursor.at = cursor.window.length
    this.reading.cut('the text ended inside the header of a call', from)
    return true
  }

  /** Reads the calls of the text, one after the other. */
  private get call(): NamedCall {
    if (this.madeCall === undefined) {
      const { reading, grammar, marks, ends } = this
      const { delimiter, fence = false, shape } = grammar
      const value = grammar.value?.(reading) ?? reading.value
      this.madeCall = new NamedCall(reading, { marks, value, delimiter, fence, ends, shape })
    }
    return this.madeCall
  }
}

const NONE: readonly Repair[] = []

function repairOf(kind: string, at: number, before: string, after = ''): Repair {
  return { kind, from: at, to: at + before.length, before, after }
}
