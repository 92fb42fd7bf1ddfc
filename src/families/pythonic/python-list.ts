import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import type { Evidence, Repair } from '../../event/event.js'
import { END, WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import { quote } from '../../text/quote.js'
import type { Read } from '../../text/step.js'
import { PythonCall } from './python-call.js'
import type { CallHeader, HeaderScan } from './python-header.js'
import { PythonSkipper } from './python-skipper.js'
import { readSpace } from './python-space.js'

/** How a list is to be read. */
export interface ListRules {
  /** Within `[` and `]`, or one call after the other, on one line or several. */
  readonly form: 'brackets' | 'lines'
  /** Markers that end the list, whatever is open in it. */
  readonly close: readonly string[]
  readonly evidence: Evidence
  /** Only tools that were given are called here. */
  readonly knownOnly: boolean
}

/**
 * Reads the calls of one list, from behind its `[` to behind its `]`. What cannot be read takes down its own element only.
 *
 *     list = "[" call { "," call } [","] "]"
 */
export class PythonList {
  /** A call was announced. */
  opened = false
  /** Its last element was damaged, and a bracket of it is open: the list may not have ended. */
  leftOpen = false
  /** Why an element could not be read, where nothing is announced yet. */
  why = ''
  private readonly ends: Matcher<string>
  private readonly skipper: PythonSkipper
  /** Offset behind the last element. */
  private elementTo = 0
  /** Where the elements begin that were left out before the first call was announced, or -1. */
  private leftOutFrom = -1
  /** What was mended before the next call. */
  private mended: Repair[] = []

  constructor(
    private readonly reading: Reading,
    private readonly headers: HeaderScan,
    private readonly rules: ListRules,
  ) {
    this.ends = new Matcher(
      reading.grammar.once(rules.close, () => markerSet([...reading.format.stops, ...rules.close])),
    )
    this.skipper = new PythonSkipper(reading.cursor, this.ends, rules.form)
  }

  /** `from`: where the first call begins, with its marker and bracket. False if this is no list that can be read. */
  *read(first: CallHeader, from: number): Read<boolean> {
    const { cursor } = this.reading
    let header: CallHeader | undefined = first
    for (let start = from; ; start = cursor.offset) {
      const goesOn: boolean = this.isCall(header)
        ? yield* this.call(header, start)
        : yield* this.leaveOut(header, start)
      if (!goesOn) break
      this.elementTo = cursor.offset
      const next: CallHeader | undefined | false = yield* this.next()
      if (next === false) break
      header = next
    }
    return this.opened
  }

  /** One call. False if nothing can follow it. */
  private *call(header: CallHeader, from: number): Read<boolean> {
    const { reading, rules } = this
    const { cursor, out } = reading
    const call = new PythonCall(reading, header, from, rules.evidence, this.mended)
    this.mended = []
    const outcome = yield* call.read()
    const cut = outcome === 'truncated' || (outcome === 'damaged' && (yield* this.atEnd()))
    if (cut) call.open()
    if (call.opened) this.announced(from)
    this.leftOpen = call.isClosedEarly
    if (outcome === 'done') return true
    if (cut) {
      reading.closeCut()
      return false
    }
    yield* this.skip(call.closers, call.lastWord)
    if (call.opened) out.close('malformed', cursor.offset, call.why)
    else this.leftOut(from, call.why)
    return true
  }

  private isCall(header: CallHeader | undefined): header is CallHeader {
    const { tools } = this.reading.out
    return header !== undefined && (!this.rules.knownOnly || !tools.given || tools.has(header.name))
  }

  /** An element that is no call. */
  private *leaveOut(header: CallHeader | undefined, from: number): Read<boolean> {
    const why = header === undefined ? 'an element is not a call' : `no tool named ${quote(header.name)} was given`
    yield* this.skip([], '')
    this.leftOut(from, why)
    return true
  }

  private *skip(closers: readonly number[], word: string): Read<void> {
    const skipper = this.skipper.begin(closers, word)
    if (!skipper.scan()) yield skipper
    this.leftOpen = skipper.isOpen
  }

  private leftOut(from: number, why: string): void {
    const { cursor, out } = this.reading
    if (!this.opened) {
      this.why ||= why
      if (this.leftOutFrom < 0) this.leftOutFrom = from
      return
    }
    out.damage(`left out of the list of calls: ${why}`, from, cursor.offset)
  }

  private announced(from: number): void {
    const { out } = this.reading
    this.opened = true
    if (this.leftOutFrom < 0) return
    if (out.gate?.refusedFrom !== undefined) {
      // The call is text, and so is what stands before it in the list.
      out.gate.refusedFrom = this.leftOutFrom
      return
    }
    out.damage(`left out of the list of calls: ${this.why}`, this.leftOutFrom, from)
    this.leftOutFrom = -1
  }

  /** Behind an element: the header of the next one, undefined for one that is no call, false at the end of the list. */
  private *next(): Read<CallHeader | undefined | false> {
    const { cursor, out } = this.reading
    const { form } = this.rules
    let comma = false
    for (;;) {
      const code = yield* readSpace(this.reading, (from, { length }) => {
        // It is not read again where the list turns out to be over.
        this.elementTo = from + length
        out.note('dropped-text', 'a comment between calls was left out', from, this.elementTo)
      })
      const at = cursor.offset
      if (code < 0) return form === 'lines' ? this.over() : this.unclosed()
      if (code === 0x2c || (code === 0x3b && !comma && out.settings.repair)) {
        if (comma) out.note('stray-marker', 'one comma too many', at, at + 1)
        if (code === 0x3b) this.mend('wrong-separator', ';', at)
        comma = true
        cursor.at++
      } else if (code === 0x5d && form === 'brackets') {
        cursor.at++
        return false
      } else if (yield* this.atEnd()) {
        return form === 'lines' ? this.over() : this.unclosed()
      } else if (!comma && (code === 0x29 || code === 0x7d) && out.settings.repair) {
        out.note('stray-marker', 'one closer too many', at, at + 1)
        cursor.at++
        this.elementTo = cursor.offset
      } else {
        return yield* this.element(comma)
      }
    }
  }

  /** Something stands where an element may. */
  private *element(comma: boolean): Read<CallHeader | undefined | false> {
    const { cursor, out } = this.reading
    const isLines = this.rules.form === 'lines'
    let header: ReturnType<HeaderScan['peek']>
    while ((header = this.headers.peek(false, false)) === WAIT) yield
    if (header === END) {
      if (isLines && !comma) return this.over()
      cursor.at = cursor.window.length
      return this.unclosed()
    }
    if (header !== undefined && (comma || isLines || out.settings.repair)) {
      if (!comma && !isLines) this.mend('missing-comma', '', cursor.offset)
      return header
    }
    return comma && !isLines ? undefined : this.over()
  }

  /** The list has ended, with or without its bracket: what follows its last call is text. */
  private over(): false {
    const { cursor, out } = this.reading
    cursor.rewind(this.elementTo)
    if (this.rules.form === 'lines') return false
    out.damage('the list should go on or close here, but something else follows', this.elementTo, this.elementTo)
    return false
  }

  private mend(kind: string, before: string, at: number): void {
    this.mended.push({ kind, from: at, to: at + before.length, before, after: ',' })
  }

  /** The list ends without its bracket: at the end of the text (cut), or at a stop token or its close marker (nothing lost). */
  private unclosed(): false {
    const { cursor, out } = this.reading
    const isOver = cursor.peek() < 0
    if (!this.opened) return false
    if (isOver) out.fail('truncated')
    else if (!out.settings.repair) out.fail('malformed')
    out.note(
      isOver ? 'truncated-call' : 'stray-marker',
      'the list of calls was not closed',
      this.elementTo,
      cursor.offset,
    )
    return false
  }

  private *atEnd(): Read<boolean> {
    const end = yield* this.reading.marker(this.ends)
    return end !== undefined
  }
}
