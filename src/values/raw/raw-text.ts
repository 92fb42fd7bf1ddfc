import type { RawSink } from './delimited-rules.js'

/**
 * Hands the text of a raw value on, but for the newlines that belong to its markup: one behind the opening tag, and the
 * last one, which is held back until it is known what follows.
 */
export class RawText {
  private sink!: RawSink
  /** Nothing has been handed on or held back. */
  private fresh = true
  /** How the value begins: behind a newline, or in the line of its tag, which it may leave later (`lines`). */
  private led: 'unknown' | 'newline' | 'inline' | 'lines' = 'unknown'
  /** A newline is read and not handed on. */
  private newline = false

  constructor(private readonly trim: 'newline' | 'none') {}

  begin(sink: RawSink): void {
    this.sink = sink
    this.fresh = true
    this.led = 'unknown'
    this.newline = false
  }

  /** What comes next stands at the beginning of a line, or of the value. */
  get atLine(): boolean {
    return this.newline || this.fresh
  }

  /** Text was handed on, and nothing is held back. */
  get isInside(): boolean {
    return !this.fresh && !this.newline
  }

  /** So far it stands in the line of its opening tag. */
  get isOneLine(): boolean {
    return this.led === 'inline'
  }

  /** The index behind the newline that belongs to the opening tag, if one stands at `at`. */
  lead(window: string, at: number): number {
    if (this.led !== 'unknown' || at === window.length) return at
    this.led = this.trim === 'newline' && window.charCodeAt(at) === 10 ? 'newline' : 'inline'
    return this.led === 'newline' ? at + 1 : at
  }

  /** Hands on the text from..to, whose offset in the whole text is `base + from`; a newline at its end is held back. */
  hand(text: string, from: number, to: number, base: number): void {
    if (to <= from) return
    const end = text.charCodeAt(to - 1) === 10 ? to - 1 : to
    const before = this.newline ? '\n' : ''
    if (this.led === 'inline' && (end < to || text.slice(from, end).includes('\n'))) this.led = 'lines'
    if (end > from || before !== '') this.sink.text(before + text.slice(from, end), base + from - before.length)
    this.newline = end < to
    this.fresh = false
  }

  /** The value's own close marker stands at this offset: does the newline before it belong to the value? */
  close(offset: number): void {
    if (this.newline && this.trim === 'none') this.sink.text('\n', offset - 1)
  }
}
