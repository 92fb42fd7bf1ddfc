/** Up to this many characters a loop beats `indexOf` and `search`, which have a fixed cost of their own. */
export const SHORT = 32

/** Markers in order, as a `Matcher` looks for them, each with what it means. Never changes, so that parsers can share it. */
export class MarkerSet<T> {
  /** By their characters: those that begin alike stand together, shorter ones first. */
  readonly texts: readonly string[]
  readonly values: readonly T[]
  /** A bit for each ASCII character that a marker begins with. */
  readonly ascii: readonly number[]
  /** The other characters that markers begin with. */
  readonly wide: string
  /** The one character that all markers begin with, if there is one. */
  readonly first: string | undefined
  private class: RegExp | undefined

  /** Of two markers that are the same, the first counts. Empty ones are left out. */
  constructor(markers: Iterable<readonly [string, T]>) {
    const sorted = [...markers].filter(([text]) => text !== '').sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    this.texts = sorted.map(([text]) => text)
    this.values = sorted.map(([, value]) => value)
    const ascii = [0, 0, 0, 0]
    let wide = ''
    for (const text of this.texts) {
      const code = text.charCodeAt(0)
      if (code < 128) ascii[code >> 5] = (ascii[code >> 5] as number) | (1 << (code & 31))
      else if (!wide.includes(text.charAt(0))) wide += text.charAt(0)
    }
    this.ascii = ascii
    this.wide = wide
    const first = this.texts[0]?.charAt(0)
    this.first = first === this.texts[this.texts.length - 1]?.charAt(0) ? first : undefined
  }

  /** Matches a character that a marker begins with. Ten times as fast as a loop, on a long text; made when there is one. */
  get firsts(): RegExp {
    if (this.class !== undefined) return this.class
    const codes = [...new Set(this.texts.map((text) => `\\u${hex(text.charCodeAt(0))}`))].join('')
    this.class = new RegExp(`[${codes}]`)
    return this.class
  }
}

/**
 * Finds the earliest of a set of markers (the longest, where several begin there), and says how much of the text is safe:
 * a suffix that may still become a marker is held back, and nothing else.
 */
export class Matcher<T> {
  private readonly set: MarkerSet<T>
  /** What the last `find` or `at` matched. */
  hit: T | undefined
  /** Index behind the match. */
  end = 0

  constructor(markers: MarkerSet<T> | Iterable<readonly [string, T]>) {
    this.set = markers instanceof MarkerSet ? markers : new MarkerSet(markers)
  }

  /**
   * Index of the earliest marker at or behind `from` (`hit` and `end` say which), or of the suffix to hold back, or the
   * length of the text (`hit` is undefined in both).
   */
  find(text: string, from: number, ended: boolean): number {
    const n = text.length
    for (let i = this.candidate(text, from, n); i < n; i = this.candidate(text, i + 1, n)) {
      if (this.at(text, i, ended)) return i
    }
    this.hit = undefined
    return n
  }

  /** Does a marker stand at `i`, or the beginning of one that the end of the text cuts (`hit` is undefined then)? */
  at(text: string, i: number, ended: boolean): boolean {
    const { texts, values } = this.set
    this.hit = undefined
    // Those in low..high begin as the text does, as far as it is read.
    let low = 0
    let high = texts.length
    for (let read = 0; ; read++) {
      for (; low < high && (texts[low] as string).length === read; low++) {
        if (this.hit !== undefined && this.end === i + read) continue
        this.hit = values[low]
        this.end = i + read
      }
      if (low === high) return this.hit !== undefined
      if (i + read === text.length) {
        if (ended) return this.hit !== undefined
        this.hit = undefined
        return true
      }
      const code = text.charCodeAt(i + read)
      low = lowerBound(texts, low, high, read, code)
      high = lowerBound(texts, low, high, read, code + 1)
    }
  }

  private candidate(text: string, from: number, n: number): number {
    const { first } = this.set
    if (n - from > SHORT) {
      const i = first === undefined ? text.slice(from).search(this.set.firsts) : text.indexOf(first, from) - from
      return i < 0 ? n : from + i
    }
    let i = from
    while (i < n && !this.begins(text.charCodeAt(i))) i++
    return i
  }

  /** Does a marker begin with this character? */
  begins(code: number): boolean {
    const { ascii, wide } = this.set
    if (code < 128) return (((ascii[code >> 5] as number) >> (code & 31)) & 1) === 1
    return wide !== '' && wide.includes(String.fromCharCode(code))
  }
}

function hex(code: number): string {
  return code.toString(16).padStart(4, '0')
}

/** Index of the first text of low..high whose character at `at` is not below `code`. */
function lowerBound(texts: readonly string[], low: number, high: number, at: number, code: number): number {
  let from = low
  let to = high
  while (from < to) {
    const middle = (from + to) >> 1
    if ((texts[middle] as string).charCodeAt(at) < code) from = middle + 1
    else to = middle
  }
  return from
}
