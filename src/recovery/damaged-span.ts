import { isHighSurrogate, isSpace } from '../text/characters.js'
import type { Cursor } from '../text/cursor.js'
import type { HoldBack, Read, Scanner } from '../text/step.js'
import type { SpanMark, SpanMarks } from './span-marks.js'

export interface SpanRules {
  /**
   * What an opener does that nothing quotes. `end`: it ends the damage, since another call begins; it counts at the start of
   * a line or right behind a closer, where none stands in a string. `nest`, where values are raw text: it is quoted, and counted
   * at the start of a line or right behind another mark; `nest-anywhere`: wherever it stands.
   */
  readonly openers: 'end' | 'nest' | 'nest-anywhere'
  /** The close marker that ends it: the call's, or the section's too (default); or the section's alone. */
  readonly until?: 'call-end' | 'section-end'
  /** Takes the text that is skipped. */
  readonly emit?: ((text: string, from: number) => void) | undefined
}

/**
 * Skips the rest of a call between markers that cannot be read (decision 20): to its end marker, or to what begins another
 * call. What opens and closes in it is counted, so that a call that it quotes makes none. (What no marker closes is skipped by
 * `DamagedJson`, which has only brackets and lines to go by.)
 *
 *     …call▁begin｜>f<｜tool▁sep｜>{"a":: "see \n<｜tool▁call▁begin｜>rm<｜tool▁sep｜>{}<｜tool▁call▁end｜>"}<｜tool▁call▁end｜>
 *     <function=write … <tool_call><function=rm></function></tool_call> … </function>
 */
export class DamagedSpan implements Scanner {
  /** What ended it, which is left unread; undefined at the end of the text. */
  ending: SpanMark | undefined
  /** A call was passed over, since it seems to be quoted. */
  passedCalls = false
  /** An opener was passed that was not counted, in the middle of a line: the closer that is looked for may be its own. */
  isUncertain = false
  /** Quoted calls and sections that are open. */
  private calls = 0
  private sections = 0
  /** The last character that was skipped and is no white space, and whether a line break follows it. */
  private last = ''
  private breaks = false
  /** Offset behind the last mark that was counted. */
  private countedTo = -1

  constructor(
    private readonly cursor: Cursor,
    private readonly marks: SpanMarks,
    private readonly rules: SpanRules,
  ) {}

  /** Reads to what ends it, and returns that. */
  *skip(): Read<SpanMark | undefined> {
    if (!this.scan()) yield this
    return this.ending
  }

  /** Reads the mark that ended it, and returns its text. */
  readEnd(): string {
    const { cursor, marks } = this
    const text = cursor.window.slice(cursor.at, cursor.at + marks.length)
    cursor.at += marks.length
    return text
  }

  get holdBack(): HoldBack | undefined {
    return this.marks.holdBack
  }

  scan(): boolean {
    const { cursor, marks } = this
    for (;;) {
      const { window, at, ended } = cursor
      const to = marks.find(window, at, ended)
      const { mark } = marks
      const cutsPair = to === window.length && to > at && !ended && isHighSurrogate(window.charCodeAt(to - 1))
      this.pass(mark === undefined && cutsPair ? to - 1 : to)
      if (mark === undefined) return ended
      if (this.ends(mark)) {
        this.ending = mark
        return true
      }
      this.pass(cursor.at + marks.length)
    }
  }

  private pass(to: number): void {
    const { cursor } = this
    const piece = cursor.window.slice(cursor.at, to)
    if (piece === '') return
    this.rules.emit?.(piece, cursor.offset)
    cursor.at = to
    let end = piece.length
    while (end > 0 && isSpace(piece.charCodeAt(end - 1))) end--
    const breaks = piece.indexOf('\n', end) >= 0
    if (end > 0) this.last = piece.charAt(end - 1)
    this.breaks = breaks || (end === 0 && this.breaks)
  }

  /** Does the mark at the cursor end the call that cannot be read? Else it is quoted. */
  private ends(mark: SpanMark): boolean {
    const { until } = this.rules
    switch (mark) {
      case 'call':
      case 'section':
        return this.opens(mark)
      case 'call-end':
        if (this.calls === 0) return until !== 'section-end' && (until === undefined || this.sections === 0)
        this.calls--
        return this.counted()
      case 'section-end':
        if (this.sections === 0) return true
        this.sections--
        return this.counted()
      default:
        return true
    }
  }

  private opens(mark: 'call' | 'section'): boolean {
    const { openers, until } = this.rules
    const isQuoted = this.calls > 0 || this.sections > 0
    // Nothing was skipped yet: it stands where the damage is, and strings were respected up to there.
    if (openers === 'end' && !isQuoted && (this.breaks || '}]>'.includes(this.last))) return true
    if (openers === 'nest' && !this.breaks && this.cursor.offset !== this.countedTo) {
      // The damaged header itself may be the first of them.
      this.isUncertain ||= this.last !== '' && `${mark}-end` === until
      return false
    }
    this.passedCalls = true
    if (mark === 'call') this.calls++
    else this.sections++
    return this.counted()
  }

  private counted(): false {
    this.countedTo = this.cursor.offset + this.marks.length
    return false
  }
}
