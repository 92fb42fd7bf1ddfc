import type { Policy } from '../../engine/policy.js'
import { textEnd } from '../../engine/scanner.js'
import type { Cursor } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Scanner } from '../../text/step.js'
import { writeInside } from '../../values/raw/raw-argument.js'

const CLOSE = '\n```'

/**
 * Hands a fenced block of code on as a JSON string, up to the last line that closes the fence before one of the ends. From
 * a closing line on everything waits, until another one or an end shows whether it belonged to the code.
 */
export class CodeArgument implements Scanner {
  /** A closing line was read. */
  closed = false
  /** Offset of the last closing line. */
  closedAt = 0
  /** What stands at the cursor after `scan` returned true: one of the ends, or undefined at the end of the text. */
  hit: string | undefined
  private waiting = ''
  /** The newline behind the line that opens the fence was read. */
  private begun = false
  private readonly close: Matcher<string>
  private readonly closeOrEnd: Matcher<string>

  /** The cursor stands behind the line that opens the fence, at its newline. */
  constructor(
    private readonly cursor: Cursor,
    private readonly out: Policy,
    ends: readonly string[],
  ) {
    this.close = new Matcher([[CLOSE, CLOSE]])
    this.closeOrEnd = new Matcher([CLOSE, ...ends].map((text) => [text, text]))
  }

  scan(): boolean {
    const { cursor } = this
    for (;;) {
      // Until the fence is closed once, a marker in the code is data.
      const matcher = this.closed ? this.closeOrEnd : this.close
      const { window, at, ended } = cursor
      const to = textEnd(cursor, matcher)
      this.hit = matcher.hit
      this.read(window.slice(at, to), cursor.base + at)
      cursor.at = to
      if (this.hit !== CLOSE) return this.hit !== undefined || ended
      this.closeHere()
    }
  }

  /** Text behind the last closing line. */
  get rest(): string {
    return this.waiting.slice(CLOSE.length)
  }

  private read(text: string, from: number): void {
    if (this.closed) this.waiting += text
    else this.emit(text, from)
  }

  private closeHere(): void {
    const { cursor } = this
    if (this.closed) this.emit(this.waiting, this.closedAt)
    this.closed = true
    this.closedAt = cursor.offset
    this.waiting = CLOSE
    cursor.at += CLOSE.length
  }

  private emit(text: string, from: number): void {
    if (text === '') return
    const skipped = this.begun ? 0 : 1
    this.begun = true
    writeInside(this.out, text.slice(skipped), from + skipped)
  }
}
