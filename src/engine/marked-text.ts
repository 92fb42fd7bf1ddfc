import type { ContentMarker } from './grammar.js'
import type { Reading } from './reading.js'

/**
 * Text that is content although markers stand in it: plain data, what was read as a call and is none. It goes out as it
 * comes; each marker of the format in it gets a note (or is left out, where damage is to be dropped). Holds back only what
 * may become a marker, until `end`.
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
      if (isTold(hit)) {
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

/** Content that comes in one piece. */
export function writeMarked(reading: Reading, text: string, from: number): void {
  const marked = new MarkedText(reading)
  marked.add(text, from)
  marked.end()
}

/** Fences and what ordinary text is made of tell nothing. */
function isTold(marker: ContentMarker): boolean {
  return marker.kind === 'opener'
    ? marker.candidates.some(({ opener }) => opener.bare !== true)
    : marker.kind !== 'fence'
}
