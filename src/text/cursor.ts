import { GrowingText } from './growing-text.js'

/** The answer of a primitive that needs more text than has come. */
export const WAIT = -1
/** The answer of a primitive at the end of the text. */
export const END = -2

/** Why a source stopped: the model ended its turn, a token limit cut it off, or the stream was aborted. */
export type EndReason = 'stop' | 'length' | 'abort'

/**
 * Text that grows by chunks, and the place that reading has reached.
 *
 * Only unread text is held (`window`), so the cost of a chunk does not depend on what came before it. No primitive can
 * tell where a chunk ended: it answers, or it says `WAIT` and is asked again when more has come. Text that may have to
 * be given back (the block may turn out not to be a call) is kept separately between `keep` and `drop`.
 */
export class Cursor {
  /** The unread text starts at `at`; everything before that has been read. */
  window = ''
  at = 0
  /** Offset of `window[0]` in the whole text. */
  base = 0
  ended = false
  reason: EndReason = 'stop'
  private openKeeps = 0
  private keptFrom = 0
  private paused = false
  /** `kept` lacks text that was read during a pause. */
  private lacksPaused = false
  private readonly kept = new GrowingText()

  /** Offset in the whole text of the next character to read. */
  get offset(): number {
    return this.base + this.at
  }

  push(chunk: string): void {
    const at = this.at
    if (this.openKeeps > 0 && at > 0) this.keepRead()
    this.window = at === this.window.length ? chunk : this.window.slice(at) + chunk
    this.base += at
    this.at = 0
  }

  /** Was all text read that has come? */
  get isRead(): boolean {
    return this.at === this.window.length
  }

  /** Is text that is read now being kept? */
  get keeps(): boolean {
    return this.openKeeps > 0 && !(this.lacksPaused && this.paused && this.openKeeps === 1)
  }

  /** Appends text without moving the window: none of it can be read yet. */
  grow(chunk: string): void {
    this.window += chunk
  }

  /** Releases the text that has been read, so that `base` alone says where reading stands. */
  settle(): void {
    if (this.openKeeps > 0 && this.at > 0) this.keepRead()
    this.base += this.at
    this.window = ''
    this.at = 0
  }

  /** Puts back `text`, which was read last, to be read again. */
  putBack(text: string): void {
    const from = this.offset - text.length
    if (from < this.base && !this.keeps) {
      this.window = text.slice(0, this.base - from) + this.window
      this.base = from
      this.at = 0
    } else this.rewind(from)
  }

  end(reason: EndReason): void {
    this.ended = true
    this.reason = reason
  }

  /** The next character's code, `WAIT` or `END`. Reads nothing. */
  peek(): number {
    if (this.at < this.window.length) return this.window.charCodeAt(this.at)
    return this.ended ? END : WAIT
  }

  /** Reads JSON white space, then answers like `peek`. */
  skipSpace(): number {
    const window = this.window
    let at = this.at
    for (; at < window.length; at++) {
      const code = window.charCodeAt(at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) {
        this.at = at
        return code
      }
    }
    this.at = at
    return this.ended ? END : WAIT
  }

  /** Does `text` stand here? 1, 0 or `WAIT`. Reads nothing. */
  starts(text: string): number {
    const { window, at } = this
    if (window.startsWith(text, at)) return 1
    if (this.ended || window.length - at >= text.length) return 0
    return text.startsWith(window.slice(at)) ? WAIT : 0
  }

  private keepRead(): void {
    if (this.paused && this.openKeeps === 1) {
      if (!this.lacksPaused) this.kept.clear()
      this.lacksPaused = true
    } else this.kept.add(this.window.slice(Math.max(0, this.keptFrom - this.base), this.at))
  }

  /** Keeps text that was read without the window, behind `settle`, if text is being kept. */
  keepPassed(text: string): void {
    if (this.keeps) this.kept.add(text)
  }

  /** Keeps the text from `from` on, until the matching `drop`. `from` may not lie before the window. */
  keep(from = this.offset): void {
    if (this.openKeeps++ > 0 && !this.lacksPaused) return
    this.keptFrom = from
    this.lacksPaused = false
  }

  drop(): void {
    if (--this.openKeeps > 0) return
    this.paused = this.lacksPaused = false
    this.kept.clear()
  }

  /** Until `resume`, text need not be kept, since it will not be given back: the arguments of an announced call. */
  pause(): void {
    this.paused = this.openKeeps === 1
  }

  resume(): void {
    this.paused = false
    if (!this.lacksPaused) return
    this.lacksPaused = false
    this.keptFrom = this.offset
  }

  /** The text from `from` (kept, or still in the window) to the reading position. */
  since(from: number): string {
    if (from >= this.base) return this.window.slice(from - this.base, this.at)
    return this.kept.tail(this.base - from) + this.window.slice(0, this.at)
  }

  /**
   * Goes back to `from` (kept, or still in the window), to read from there again. Callers make sure that no text is
   * read again more than once.
   */
  rewind(from: number): void {
    if (from < this.base) {
      this.window = this.kept.takeBack(this.base - from) + this.window
      this.base = from
    }
    this.at = from - this.base
  }
}
