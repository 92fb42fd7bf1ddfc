import type { ParseEvent } from '../event/event.js'
import { GrowingText } from '../text/growing-text.js'

/** How much of a text is kept, in UTF-16 units: a wrong format shows early. */
const MOST_TEXT = 64 * 1024
/** The text behind so many calls is looked at. */
const MOST_CALLS = 256

/**
 * The text outside of calls, in which another format is looked for. Up to the first call it is the raw text; behind
 * that the content, with blanks in place of everything else, so that offsets stay the same.
 */
export class UncalledText {
  private readonly text = new GrowingText()
  private isCalled = false
  /** Where the first calls end, and whose they are. */
  readonly callEnds: { readonly to: number; readonly name: string }[] = []
  /** Spans of drafts in the text. */
  private readonly drafts: [from: number, to: number][] = []

  /** Adds raw text, until the first call. */
  raw(chunk: string): void {
    if (!this.isCalled && this.text.length < MOST_TEXT) this.text.add(chunk)
  }

  /** The first call begins at offset `from`: cuts the raw text there. */
  call(from: number): void {
    if (this.isCalled) return
    this.isCalled = true
    const before = this.text.toString().slice(0, from)
    this.text.clear()
    this.text.add(before)
  }

  /**
   * Remembers drafts: another format must not take them for calls, even if it does not know the markers of their
   * reasoning.
   */
  notes(events: readonly ParseEvent[]): void {
    for (const event of events) {
      if (event.type === 'note' && event.code === 'draft') this.drafts.push([event.from, event.to])
    }
  }

  /** Adds content behind the first call. */
  content(events: readonly ParseEvent[]): void {
    if (!this.isCalled) return
    for (const event of events) {
      const { length } = this.text
      if (event.type === 'call-end' && this.callEnds.length < MOST_CALLS)
        this.callEnds.push({ to: event.to, name: event.call.name })
      if (event.type !== 'content' || event.from < length || length >= MOST_TEXT) continue
      if (event.from > length) this.text.add(' '.repeat(Math.min(event.from, MOST_TEXT) - length))
      this.text.add(event.text)
    }
  }

  /** `text` (that of `toString`) with a line break at the end of each call: what stands behind one begins a line. */
  inLines(text: string): string {
    const lastCharacters = this.callEnds.map(({ to }) => [to - 1, to] as const)
    return filled(text, lastCharacters, '\n')
  }

  /** The text with drafts blanked out. */
  toString(): string {
    return filled(this.text.toString().slice(0, MOST_TEXT), this.drafts, ' ')
  }
}

/** The text with each character of these spans replaced by another one. A span that overlaps the one before stays as it is. */
function filled(text: string, spans: readonly (readonly [from: number, to: number])[], by: string): string {
  let given = ''
  let at = 0
  for (const [from, to] of spans) {
    if (from < at || to > text.length) continue
    given += text.slice(at, from) + by.repeat(to - from)
    at = to
  }
  return given + text.slice(at)
}
