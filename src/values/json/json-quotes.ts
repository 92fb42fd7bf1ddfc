/** What a value is by its first character: JSON, or text that only its schema can interpret. */
type Kind = 'unknown' | 'json' | 'text'

/**
 * Tracks the strings of a JSON text that comes in pieces, to tell whether a marker is inside one. It does not validate. A
 * line break inside a string shows that the text is not JSON.
 * @example q.begin(); q.read('{"a": "<', 0, 8); q.inString // true
 */
export class JsonQuotes {
  inString = false
  private kind: Kind = 'unknown'
  private escaped = false

  begin(): void {
    this.inString = this.escaped = false
    this.kind = 'unknown'
  }

  /** The text read so far may be JSON. */
  get isJson(): boolean {
    return this.kind === 'json'
  }

  /** Reads `text` from..to. */
  read(text: string, from: number, to: number): void {
    for (let i = from; i < to && this.kind !== 'text'; i++) {
      const code = text.charCodeAt(i)
      if (this.kind === 'unknown') this.kind = kindOf(code)
      if (this.escaped) this.escaped = false
      else if (code === 0x22) this.inString = !this.inString
      else if (this.inString && code === 0x5c) this.escaped = true
      else if (this.inString && code === 10) {
        this.kind = 'text'
        this.inString = false
      }
    }
  }
}

function kindOf(code: number): Kind {
  if (code === 32 || code === 10 || code === 13 || code === 9) return 'unknown'
  const isDigit = code >= 0x30 && code <= 0x39
  const isWord = code === 0x74 || code === 0x66 || code === 0x6e
  return isDigit || isWord || code === 0x2d || code === 0x22 || code === 0x7b || code === 0x5b ? 'json' : 'text'
}
