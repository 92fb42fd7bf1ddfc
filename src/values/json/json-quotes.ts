/** What the first character of a value promises: JSON, or a text of which only its schema knows what it is. */
type Look = 'unknown' | 'json' | 'text'

/**
 * Follows the strings of a JSON text, in pieces, without checking it: enough to tell whether a marker stands inside one.
 * A line break inside a string shows that the text is no JSON.
 * @example q.begin(); q.read('{"a": "<', 0, 8); q.inString // true
 */
export class JsonQuotes {
  inString = false
  private look: Look = 'unknown'
  private escaped = false

  begin(): void {
    this.inString = this.escaped = false
    this.look = 'unknown'
  }

  /** The text may be JSON, as far as it is read. */
  get isJson(): boolean {
    return this.look === 'json'
  }

  /** Reads `text` from..to. */
  read(text: string, from: number, to: number): void {
    for (let i = from; i < to && this.look !== 'text'; i++) {
      const code = text.charCodeAt(i)
      if (this.look === 'unknown') this.look = lookOf(code)
      if (this.escaped) this.escaped = false
      else if (code === 0x22) this.inString = !this.inString
      else if (this.inString && code === 0x5c) this.escaped = true
      else if (this.inString && code === 10) {
        this.look = 'text'
        this.inString = false
      }
    }
  }
}

function lookOf(code: number): Look {
  if (code === 32 || code === 10 || code === 13 || code === 9) return 'unknown'
  const isDigit = code >= 0x30 && code <= 0x39
  const isWord = code === 0x74 || code === 0x66 || code === 0x6e
  return isDigit || isWord || code === 0x2d || code === 0x22 || code === 0x7b || code === 0x5b ? 'json' : 'text'
}
