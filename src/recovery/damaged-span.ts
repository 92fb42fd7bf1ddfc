import type { CallMarks } from '../engine/call-marks.js'
import { textEnd } from '../engine/scanner.js'
import { isSpace } from '../text/characters.js'
import type { Cursor } from '../text/cursor.js'
import type { HoldBack, Read, Scanner } from '../text/step.js'

/**
 * Skips the rest of a call between markers that cannot be read (decision 20): to its end marker, or to a marker that begins
 * another call. Strings cannot be trusted behind the damage, so an opener counts only where none stands in a string: at
 * the beginning of a line, or right behind a closer. Any other one is quoted, and so is what stands up to its own end.
 *
 *     …call▁begin｜>f<｜tool▁sep｜>{"a":: "see \n<｜tool▁call▁begin｜>rm<｜tool▁sep｜>{}<｜tool▁call▁end｜>"}<｜tool▁call▁end｜>
 */
export class DamagedSpan implements Scanner {
  /** Quoted calls and sections that are open. */
  private calls = 0
  private sections = 0
  /** A call was passed over, since it seems to be quoted. */
  passedCalls = false
  /** The last character that was skipped and is no white space, and whether a line break follows it. */
  private last = ''
  private breaks = false

  constructor(
    private readonly cursor: Cursor,
    private readonly marks: CallMarks,
    private readonly emit: ((text: string, from: number) => void) | undefined,
    /** Strings may hold line breaks: then an opener behind one may be quoted like any other. */
    private readonly strings: 'of one line' | 'of any lines' = 'of one line',
  ) {}

  /** Reads to the marker that ends it, which is left and returned; undefined at the end of the text. */
  *skip(): Read<string | undefined> {
    if (!this.scan()) yield this
    return this.marks.matcher.hit
  }

  get holdBack(): HoldBack | undefined {
    return this.marks.matcher.holdBack
  }

  scan(): boolean {
    const { cursor, marks } = this
    for (;;) {
      const to = textEnd(cursor, marks.matcher)
      this.pass(to)
      const { hit } = marks.matcher
      if (hit === undefined) return cursor.ended
      if (this.ends(hit)) return true
      this.pass(cursor.at + hit.length)
    }
  }

  private pass(to: number): void {
    const { cursor } = this
    const piece = cursor.window.slice(cursor.at, to)
    if (piece === '') return
    this.emit?.(piece, cursor.offset)
    cursor.at = to
    let end = piece.length
    while (end > 0 && isSpace(piece.charCodeAt(end - 1))) end--
    const breaks = piece.indexOf('\n', end) >= 0
    if (end > 0) this.last = piece.charAt(end - 1)
    this.breaks = breaks || (end === 0 && this.breaks)
  }

  /** Does the marker end the call that cannot be read? Else it is quoted. */
  private ends(marker: string): boolean {
    const isQuoted = this.calls > 0 || this.sections > 0
    switch (this.marks.of(marker)) {
      case 'call':
      case 'section': {
        // Nothing was skipped yet: it stands where the damage is, and strings were respected up to there.
        const begins = this.strings === 'of one line' && (this.breaks || '}]>'.includes(this.last))
        if (!isQuoted && begins) return true
        this.passedCalls = true
        if (this.marks.of(marker) === 'call') this.calls++
        else this.sections++
        return false
      }
      case 'call-end':
        if (this.calls === 0) return true
        this.calls--
        return false
      case 'section-end':
        if (this.sections === 0) return true
        this.sections--
        return false
      default:
        return true
    }
  }
}
