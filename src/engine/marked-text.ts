import type { ContentMarker } from './grammar.js'
import type { Reading } from './reading.js'

/**
 * Writes text that is content although it holds markers: plain data, or what was read as a call and is not one. The
 * text goes out as it comes. Each marker of the format in it gets a note, or is left out with `damaged: 'drop'`. Only
 * what may become a marker is held back, until `end`.
 */
export class MarkedText {
  private held = ''
  private from = 0

  constructor(private readonly reading: Reading) {}

  add(text: string, from: number): void {
    if (this.held === '') this.from = from
    this.emit(this.held + text, false)
  }

  end(): void {
    this.emit(this.held, true)
  }

  /** The text that is held back. */
  get pending(): string {
    return this.held
  }

  private emit(text: string, ended: boolean): void {
    const { out, text: scanner } = this.reading
    const { matcher } = scanner
    const base = this.from
    let done = 0
    let safe = text.length
    for (let i = 0; i < text.length; ) {
      i = matcher.find(text, i, ended)
      const { hit, end } = matcher
      if (hit === undefined) {
        safe = i
        break
      }
      if (deservesNote(hit)) {
        out.content(text.slice(done, i), base + done)
        out.release('marker-in-text', `${hit.text} stands in plain text`, hit.text, base + i)
        done = i = end
      } else {
        i++
      }
    }
    out.content(text.slice(done, safe), base + done)
    this.held = text.slice(safe)
    this.from = base + safe
  }
}

/** Writes content that comes in one piece. */
export function writeMarked(reading: Reading, text: string, from: number): void {
  const marked = new MarkedText(reading)
  marked.add(text, from)
  marked.end()
}

/** Does the marker deserve a note? Not fences, nor bare openers, which are ordinary characters. */
function deservesNote(marker: ContentMarker): boolean {
  return marker.kind === 'opener'
    ? marker.candidates.some(({ opener }) => opener.bare !== true)
    : marker.kind !== 'fence'
}
