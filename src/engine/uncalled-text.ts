import type { ParseEvent } from '../event/event.js'
import { GrowingText } from '../text/growing-text.js'

/** So much of a text is looked at, in UTF-16 units: a wrong format shows early. */
const LONGEST_LOOK = 64 * 1024

/**
 * What of a text is no call, for another format to look at: all of it, until the first call; behind that its content, with
 * as many blanks in between as stood there.
 */
export class UncalledText {
  private text = new GrowingText()
  private isCalled = false
  /** Where drafts of calls stand in it: from, to, from, to. */
  private readonly drafts: number[] = []

  /** All of the text, while no call was announced; then nothing. */
  raw(chunk: string): void {
    if (!this.isCalled && this.text.length < LONGEST_LOOK) this.text.add(chunk)
  }

  /** The first call begins at an offset of what was kept. */
  call(from: number): void {
    if (this.isCalled) return
    this.isCalled = true
    const before = this.text.toString().slice(0, from)
    this.text = new GrowingText()
    this.text.add(before)
  }

  /** A draft is no call of any format, though another one may not know the markers of its reasoning. */
  notes(events: readonly ParseEvent[]): void {
    for (const event of events) {
      if (event.type === 'note' && event.code === 'draft') this.drafts.push(event.from, event.to)
    }
  }

  content(events: readonly ParseEvent[]): void {
    if (!this.isCalled) return
    for (const event of events) {
      const { length } = this.text
      if (event.type !== 'content' || event.from < length || length >= LONGEST_LOOK) continue
      if (event.from > length) this.text.add(' '.repeat(Math.min(event.from, LONGEST_LOOK) - length))
      this.text.add(event.text)
    }
  }

  toString(): string {
    const text = this.text.toString().slice(0, LONGEST_LOOK)
    const pieces: string[] = []
    let at = 0
    for (let i = 0; i < this.drafts.length; i += 2) {
      const [from, to] = [this.drafts[i] as number, this.drafts[i + 1] as number]
      if (from < at || to > text.length) continue
      pieces.push(text.slice(at, from), ' '.repeat(to - from))
      at = to
    }
    return pieces.length === 0 ? text : pieces.join('') + text.slice(at)
  }
}
