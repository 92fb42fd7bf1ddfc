/** Below this many characters a loop beats `indexOf`, which has a fixed cost of its own. */
const SHORT = 24

/**
 * A set of markers, as data. Finds the earliest one (the longest, where several begin there), and says how much of the
 * text is safe: a suffix that may still become a marker is held back, and nothing else.
 *
 * Parsers make many of these and most texts are short, so there is nothing to compile: markers are few, and all that is
 * prepared is which characters they begin with. Making a trie of them took three quarters of the time of a small text.
 */
export class Matcher<T> {
  private readonly markers: string[] = []
  private readonly values: T[] = []
  /** A bit for each ASCII character that a marker begins with. */
  private readonly ascii = [0, 0, 0, 0]
  /** The other characters that markers begin with. */
  private wide = ''
  /** The characters that markers have second: most text that begins as a marker differs there. Undefined if one has none. */
  private second: string | undefined = ''
  /** The one character that all markers begin with, if there is one. */
  private first: string | undefined
  /** What the last `find` or `at` matched. */
  hit: T | undefined
  /** Index behind the match. */
  end = 0

  constructor(markers: Iterable<readonly [string, T]>) {
    for (const [marker, value] of markers) {
      const first = marker.charAt(0)
      if (this.markers.length === 0) this.first = first
      else if (this.first !== first) this.first = undefined
      this.markers.push(marker)
      this.values.push(value)
      const code = marker.charCodeAt(0)
      if (code < 128) (this.ascii[code >> 5] as number) |= 1 << (code & 31)
      else this.wide += first
      if (marker.length < 2) this.second = undefined
      else if (this.second?.includes(marker.charAt(1)) === false) this.second += marker.charAt(1)
    }
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
    this.hit = undefined
    const { markers } = this
    const left = text.length - i
    if (left === 0) return !ended && markers.length > 0
    if (left > 1 && this.second?.includes(text.charAt(i + 1)) === false) return false
    const code = text.charCodeAt(i)
    let rest: string | undefined
    let longest = 0
    for (let k = 0; k < markers.length; k++) {
      const marker = markers[k] as string
      if (marker.charCodeAt(0) !== code) continue
      if (marker.length > left) {
        if (ended) continue
        rest ??= text.slice(i)
        if (!marker.startsWith(rest)) continue
        this.hit = undefined
        return true
      }
      if (marker.length > longest && text.startsWith(marker, i)) {
        longest = marker.length
        this.hit = this.values[k]
        this.end = i + longest
      }
    }
    return longest > 0
  }

  private candidate(text: string, from: number, n: number): number {
    if (this.first !== undefined && n - from > SHORT) {
      const i = text.indexOf(this.first, from)
      return i < 0 ? n : i
    }
    const { ascii, wide } = this
    for (let i = from; i < n; i++) {
      const code = text.charCodeAt(i)
      if (
        code < 128 ? ((ascii[code >> 5] as number) >> (code & 31)) & 1 : wide !== '' && wide.includes(text.charAt(i))
      ) {
        return i
      }
    }
    return n
  }
}
