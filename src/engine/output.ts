import type { NoteCode, ParseEvent, Status } from '../event/event.js'
import { Separators } from './separators.js'

/**
 * The events of one text, in text order: content, reasoning and notes. Nothing comes out while it is muted; white space
 * next to markers comes out only where it is no separator. (Calls: `policy.ts`, which extends this.)
 */
export class Output {
  /** Made with its first event in it: a list that grows from nothing takes room for seventeen. */
  private events: ParseEvent[] | undefined
  /** While positive, nothing comes out: a reader tries a span on trial, which is given back as a whole afterwards. */
  private muteDepth = 0
  private truncated = false
  private malformed = false
  private readonly separators: Separators | undefined

  constructor(
    /** What becomes of text that cannot be read: content, or left out. */
    private readonly damaged: 'keep' | 'drop',
    separators: 'keep' | 'drop',
  ) {
    if (separators === 'keep') return
    this.separators = new Separators(
      (text, from) => this.emitContent(text, from),
      (text, from) => this.emit({ type: 'reasoning', text, from, to: from + text.length }),
    )
  }

  /** Hands over what has come out since the last time. */
  drain(): ParseEvent[] {
    const { events } = this
    this.events = undefined
    return events ?? []
  }

  protected emit(event: ParseEvent): void {
    if (this.events === undefined) this.events = [event]
    else this.events.push(event)
  }

  /** The last event that has not been handed over. */
  protected get lastEvent(): ParseEvent | undefined {
    return this.events?.[this.events.length - 1]
  }

  get muted(): boolean {
    return this.muteDepth > 0
  }

  mute(): void {
    this.muteDepth++
  }

  unmute(): void {
    this.muteDepth--
  }

  content(text: string, from: number): void {
    if (text === '' || this.muteDepth > 0) return
    if (this.separators === undefined) this.emitContent(text, from)
    else this.separators.content(text, from)
  }

  private emitContent(text: string, from: number): void {
    // Content that directly follows the last event joins it: braces in prose come one by one.
    const last = this.lastEvent
    if (last?.type === 'content' && last.to === from) {
      last.text += text
      last.to += text.length
    } else this.emit({ type: 'content', text, from, to: from + text.length })
  }

  reasoning(text: string, from: number): void {
    if (text === '' || this.muteDepth > 0) return
    if (this.separators === undefined) this.emit({ type: 'reasoning', text, from, to: from + text.length })
    else this.separators.reasoning(text, from)
  }

  /** White space is held back, or would be if it came now: all content has to pass through here. */
  get separates(): boolean {
    return this.separators?.waits === true
  }

  /** A marker stands here that has no event of its own. `call`: it opens or closes a call or an empty block. */
  mark(marker: 'call' | 'openReasoning' | 'closeReasoning' | 'orphanCloser' | 'end'): void {
    if (this.separators === undefined || this.muteDepth > 0) return
    this.separators[marker]()
  }

  note(code: NoteCode, message: string, from: number, to: number): void {
    if (this.muteDepth === 0) this.emit({ type: 'note', code, message, from, to })
  }

  /** What looked like a call, or a part of one, cannot be read. */
  damage(message: string, from: number, to: number): void {
    this.note('damaged-block', message, from, to)
    this.fail('malformed')
  }

  /**
   * Text that could not be read as a call, or a marker that opened nothing: it becomes content, or with `damaged: 'drop'`
   * it is left out. The note says which.
   */
  release(code: NoteCode, message: string, text: string, from: number): void {
    if (this.damaged === 'keep') {
      this.content(text, from)
      this.note(code, message, from, from + text.length)
    } else {
      this.note(code, `${message} (left out)`, from, from + text.length)
    }
  }

  /** The text ended inside something (`truncated`), or something that looked like a call could not be read (`malformed`). */
  fail(status: 'truncated' | 'malformed'): void {
    if (this.muteDepth > 0) return
    if (status === 'truncated') this.truncated = true
    else this.malformed = true
  }

  /** What the text as a whole is. */
  protected status(isCut: boolean): Status {
    return isCut || this.truncated ? 'truncated' : this.malformed ? 'malformed' : 'complete'
  }
}
