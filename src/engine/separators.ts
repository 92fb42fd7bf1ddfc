import { isSpace, spaceEnd } from '../text/characters.js'

/** A longer run of white space is text, not a separator. */
const LONGEST_SEPARATOR = 1024

type Emit = (text: string, from: number) => void

/** What precedes white space: text of the same channel, a call, or the closer of a reasoning block. */
type Before = 'text' | 'call' | 'closer'

/**
 * Leaves out the white space next to markers, which belongs to the chat template: `</think>\n\nHello` is `Hello`. A run
 * of white space is held back until the text behind it decides. Everything else comes out as it is written.
 */
export class Separators {
  private held = ''
  private heldFrom = 0
  /** The run is too long to be a separator and is being handed on. */
  private isLong = false
  private before: Before = 'text'
  /** Inside a reasoning block, so that the held white space is reasoning. */
  private thinking = false
  /** Reasoning has come out, so that a further block is joined to it by a line break, if one was left out. */
  private thought = false
  /** Offset of the last line break that was left out, or -1. */
  private breakAt = -1

  constructor(
    private readonly emitContent: Emit,
    private readonly emitReasoning: Emit,
  ) {}

  /** Is white space held back, or would it be if it came now? */
  get waits(): boolean {
    return this.held !== '' || this.isLong || this.before !== 'text'
  }

  content(text: string, from: number): void {
    if (this.waits || isSpace(text.charCodeAt(text.length - 1))) this.add(text, from)
    else this.emitContent(text, from)
  }

  reasoning(text: string, from: number): void {
    if (this.waits || isSpace(text.charCodeAt(text.length - 1))) this.add(text, from)
    else this.emitReasoning(text, from)
  }

  private add(text: string, from: number): void {
    // Text that no event names lies between the two runs.
    if (this.held !== '' && from !== this.heldFrom + this.held.length) this.release()
    const start = spaceEnd(text, 0)
    if (start > 0) this.hold(text.slice(0, start), from)
    if (start === text.length) return
    this.follow()
    const end = textEnd(text)
    this.emit(text.slice(start, end), from + start)
    if (end < text.length) this.hold(text.slice(end), from + end)
  }

  private hold(space: string, from: number): void {
    if (this.isLong) {
      this.emit(space, from)
      return
    }
    if (this.held === '') this.heldFrom = from
    this.held += space
    if (this.held.length <= LONGEST_SEPARATOR) return
    this.isLong = true
    this.flush()
  }

  /** Text follows the held white space. */
  private follow(): void {
    this.release()
    this.isLong = false
    this.before = 'text'
  }

  /** Nothing is held any more. Behind a closer the line breaks are left out, but not the first line's indentation. */
  private release(): void {
    if (this.before === 'closer') {
      if (this.thinking) this.drop()
      else this.drop(this.held.lastIndexOf('\n') + 1)
    }
    this.flush()
  }

  private flush(): void {
    const { held } = this
    this.held = ''
    if (held !== '') this.emit(held, this.heldFrom)
  }

  private drop(count = this.held.length): void {
    const lineBreak = this.held.lastIndexOf('\n', count - 1)
    if (count > 0 && lineBreak >= 0) this.breakAt = this.heldFrom + lineBreak
    this.held = this.held.slice(count)
    this.heldFrom += count
  }

  private emit(text: string, from: number): void {
    if (!this.thinking) {
      // Events come in text order, so a line break from before content cannot join reasoning behind it.
      this.breakAt = -1
      this.emitContent(text, from)
      return
    }
    if (this.thought && this.breakAt >= 0) this.emitReasoning('\n', this.breakAt)
    this.breakAt = -1
    this.thought = true
    this.emitReasoning(text, from)
  }

  /** A call, an empty block, or a closer that was left out: the white space before it is a separator. */
  call(): void {
    this.drop()
    this.isLong = false
    this.before = 'call'
    this.thinking = false
    // Events come in text order, so a line break from before the call cannot join reasoning behind it.
    this.breakAt = -1
  }

  /** A reasoning block was opened. */
  openReasoning(): void {
    if (this.before === 'text') this.flush()
    else this.drop()
    this.isLong = false
    // The white space behind an opener is left out like that behind a closer, indentation included.
    this.before = 'closer'
    this.thinking = true
  }

  /** A reasoning block ended: by its closer, by a call or with the text. */
  closeReasoning(): void {
    this.drop()
    this.isLong = false
    this.before = 'closer'
    this.thinking = false
  }

  /** A closer came without a reasoning block: the white space before it is content. */
  orphanCloser(): void {
    if (this.before === 'text') this.flush()
    this.closeReasoning()
  }

  /** The text ended, by itself or by a stop token. */
  end(): void {
    if (this.before === 'text' && !this.thinking) this.flush()
    else this.drop()
  }
}

function textEnd(text: string): number {
  let i = text.length
  while (i > 0 && isSpace(text.charCodeAt(i - 1))) i--
  return i
}
