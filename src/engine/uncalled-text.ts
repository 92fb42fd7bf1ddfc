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
  /** Where reasoning stands before the first call: from, to, from, to. */
  private readonly thoughts: number[] = []

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

  /** Reasoning that closes is no call of any format: another one may not know its markers. */
  reasoning(events: readonly ParseEvent[]): void {
    if (this.isCalled) return
    const { thoughts } = this
    for (const event of events) {
      if (event.type === 'reasoning') {
        if (thoughts.at(-1) === event.from) thoughts[thoughts.length - 1] = event.to
        else if (event.from < LONGEST_LOOK) thoughts.push(event.from, event.to)
      } else if (event.type === 'note' && event.code === 'truncated-reasoning')
        thoughts.length = Math.max(0, thoughts.length - 2)
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
    const { thoughts } = this
    if (thoughts.length === 0) return text
    const pieces: string[] = []
    let at = 0
    for (let i = 0; i < thoughts.length; i += 2) {
      const [from, to] = [thoughts[i] as number, Math.min(thoughts[i + 1] as number, text.length)]
      pieces.push(text.slice(at, from), ' '.repeat(Math.max(0, to - from)))
      at = Math.max(at, to)
    }
    return pieces.join('') + text.slice(at)
  }
}
