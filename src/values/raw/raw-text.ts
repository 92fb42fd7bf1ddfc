import { WAIT } from '../../text/cursor.js'
import type { RawSink } from './delimited-rules.js'

/**
 * Hands on the text of a raw value without the line breaks that belong to its markup: one behind the opening tag, and the
 * last one, which is held back until the next text decides. CR LF is one line break.
 */
export class RawText {
  private sink!: RawSink
  /** Nothing has been handed on or held back. */
  private fresh = true
  /** How the value begins: on a new line, or on the line of its tag, which it may leave later (`lines`). */
  private led: 'unknown' | 'newline' | 'inline' | 'lines' = 'unknown'
  /** A line break, or its first half, that was read but not handed on. */
  private held: '' | '\n' | '\r' | '\r\n' = ''

  constructor(private readonly trim: 'newline' | 'none') {}

  begin(sink: RawSink): void {
    this.sink = sink
    this.fresh = true
    this.led = 'unknown'
    this.held = ''
    this.isBlank = true
  }

  /** The next character begins a line, or the value. */
  get atLine(): boolean {
    return this.held.endsWith('\n') || this.fresh
  }

  /** Nothing but white space was handed on. */
  isBlank = true

  /** Text was handed on, more than white space, and nothing is held back. */
  get isInside(): boolean {
    return !this.isBlank && this.held === ''
  }

  /** So far the value is on the line of its opening tag. */
  get isOneLine(): boolean {
    return this.led === 'inline'
  }

  /** The index behind the line break that belongs to the opening tag, if one stands at `at`; `WAIT` inside of one. */
  lead(window: string, at: number, ended: boolean): number {
    if (this.led !== 'unknown' || at === window.length) return at
    const length = this.trim === 'newline' ? breakAt(window, at) : 0
    if (length === 0 && this.trim === 'newline' && !ended && at + 1 === window.length && window[at] === '\r')
      return WAIT
    this.led = length > 0 ? 'newline' : 'inline'
    return at + length
  }

  /** Hands on the text from..to, whose offset in the whole text is `base + from`; a line break at its end is held back. */
  hand(text: string, from: number, to: number, base: number): void {
    if (to <= from) return
    const held = heldAt(text, from, to)
    if (this.isBlank && text.slice(from, to).trim() !== '') this.isBlank = false
    const end = to - held.length
    if (this.led === 'inline' && (held.endsWith('\n') || text.slice(from, end).includes('\n'))) this.led = 'lines'
    // The halves of a CR LF may come in different chunks.
    if (end === from && this.held === '\r' && held === '\n') {
      this.held = '\r\n'
      return
    }
    const before = this.held
    if (end > from || before !== '') this.sink.text(before + text.slice(from, end), base + from - before.length)
    this.held = held
    this.fresh = false
  }

  /** The value ends at this offset. Does the line break before it belong to it? `own`: its own close marker ends it. */
  close(offset: number, own: boolean): void {
    const { held } = this
    if (held !== '' && ((own && this.trim === 'none') || held === '\r')) this.sink.text(held, offset - held.length)
  }
}

/** Length of the line break at an index. */
function breakAt(text: string, at: number): number {
  if (text.charCodeAt(at) === 10) return 1
  return text.startsWith('\r\n', at) ? 2 : 0
}

/** The line break at the end of from..to, or its first half. */
function heldAt(text: string, from: number, to: number): '' | '\n' | '\r' | '\r\n' {
  const last = text.charCodeAt(to - 1)
  if (last === 13) return '\r'
  if (last !== 10) return ''
  return to - 1 > from && text.charCodeAt(to - 2) === 13 ? '\r\n' : '\n'
}
