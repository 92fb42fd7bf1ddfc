import { isSpace } from './characters.js'

// The kinds of characters in `MarkerSet.kinds`.
export const PLAIN = 0
export const SPACE = 1
export const BREAK = 2
export const BEGINS = 3
/** A bracket that opens JSON, or the arguments of Python. */
export const BRACKET = 4

/** Up to this many characters a loop is faster than `indexOf` and `search`, which have a fixed cost. */
export const SHORT = 32

/** So much of what markers begin with is compared by a search. */
const LONGEST_START = 8

/**
 * A node of a prefix tree of markers: the text that all markers below it share at this place.
 * DeepSeek's markers have 16 spellings each; looking for them one by one would take longer than all other reading.
 */
interface Step<T> {
  readonly text: string
  /** Its first character. */
  readonly code: number
  readonly next: readonly Step<T>[]
  /** A marker ends behind this step. */
  readonly ends: boolean
  readonly value: T | undefined
}

/** The markers that a `Matcher` looks for, each with its meaning. Immutable, so that parsers can share it. */
export class MarkerSet<T> {
  /** The roots of the prefix tree. */
  readonly steps: readonly Step<T>[]
  /** By ASCII character: `PLAIN`, `SPACE`, `BREAK`, `BRACKET`, or `BEGINS` if a marker begins with it. */
  readonly kinds = new Uint8Array(128)
  /** The other characters that markers begin with. */
  readonly wide: string
  /** The one character that all markers begin with, if there is one. */
  readonly first: string | undefined
  private madeStarts: RegExp | undefined

  /** Of two equal markers the first counts. Empty ones are left out. */
  constructor(markers: Iterable<readonly [string, T]>) {
    const unique = new Map<string, T>()
    for (const [text, value] of markers) if (text !== '' && !unique.has(text)) unique.set(text, value)
    this.steps = stepsOf(
      [...unique].sort(([a], [b]) => (a < b ? -1 : 1)),
      0,
    )
    for (let code = 0; code <= 32; code++) if (isSpace(code)) this.kinds[code] = code === 10 ? BREAK : SPACE
    for (const bracket of '{[(') this.kinds[bracket.charCodeAt(0)] = BRACKET
    let wide = ''
    for (const { text } of this.steps) {
      const code = text.charCodeAt(0)
      if (code < 128) this.kinds[code] = BEGINS
      else wide += text.charAt(0)
    }
    this.wide = wide
    this.first = this.steps.length === 1 ? this.steps[0]?.text.charAt(0) : undefined
  }

  /**
   * Matches what markers begin with: ten times as fast as a loop on a long text. Made when first needed. Where all that share
   * a character share more, that counts too, since words begin as `functools` does, but few go on so. (1 KB of prose with the
   * markers of all formats: 2.8 µs, and 10.2 by the first characters alone.)
   */
  get starts(): RegExp {
    if (this.madeStarts === undefined) {
      const starts = this.steps.map(({ text }) => escaped(text.slice(0, LONGEST_START)))
      // Without markers there is nothing to match.
      this.madeStarts = new RegExp(starts.join('|') || '[]')
    }
    return this.madeStarts
  }
}

/** The steps from index `at` on, of sorted markers that are equal before it. */
function stepsOf<T>(markers: readonly (readonly [string, T])[], at: number): Step<T>[] {
  const steps: Step<T>[] = []
  for (let from = 0; from < markers.length; ) {
    const [text] = markers[from] as readonly [string, T]
    let to = from + 1
    while (markers[to]?.[0].charCodeAt(at) === text.charCodeAt(at)) to++
    // The markers are sorted, so what the first and the last share, all share.
    const last = (markers[to - 1] as readonly [string, T])[0]
    let end = at + 1
    while (end < text.length && text.charCodeAt(end) === last.charCodeAt(end)) end++
    const ends = end === text.length
    const value = ends ? (markers[from] as readonly [string, T])[1] : undefined
    steps.push({
      text: text.slice(at, end),
      code: text.charCodeAt(at),
      next: stepsOf(markers.slice(ends ? from + 1 : from, to), end),
      ends,
      value,
    })
    from = to
  }
  return steps
}

/**
 * Finds the earliest marker of a set (the longest, where several begin at one place), and says how much text is safe to
 * hand on: only a suffix that may still become a marker is held back.
 */
export class Matcher<T> {
  private readonly set: MarkerSet<T>
  /**
   * The step in which the text ended, and how much of it was there. Undefined if the text does not end in a possible marker.
   */
  private cut: Step<T> | undefined
  private cutAt = 0
  /** The meaning of the marker that the last `find` or `at` matched. */
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
    this.cut = undefined
    const n = text.length
    for (let i = this.candidate(text, from, n); i < n; i = this.candidate(text, i + 1, n)) {
      if (this.at(text, i, ended)) return i
    }
    this.hit = undefined
    return n
  }

  /** Is there a marker at `i`, or the beginning of one that the end of the text cuts (`hit` is undefined then)? */
  at(text: string, i: number, ended: boolean): boolean {
    this.hit = this.cut = undefined
    let last: Step<T> | undefined
    let steps = this.set.steps
    for (let read = i; steps.length > 0; ) {
      if (read >= text.length) return ended ? this.hit !== undefined : this.waits(last, last?.text.length)
      const step = stepAt(steps, text.charCodeAt(read))
      if (step === undefined) break
      const matched = alike(step.text, 1, text, read + 1)
      if (matched < step.text.length) {
        if (!ended && read + matched === text.length) return this.waits(step, matched)
        break
      }
      read += matched
      if (step.ends) {
        this.hit = step.value
        this.end = read
      }
      last = step
      steps = step.next
    }
    return this.hit !== undefined
  }

  /** Remembers where the text ended: a longer marker may come. */
  private waits(cut: Step<T> | undefined, at = 0): boolean {
    this.hit = undefined
    this.cut = cut
    this.cutAt = at
    return true
  }

  /** This matcher, if the text it last looked at ends in what may become a marker. */
  get holdBack(): this | undefined {
    return this.cut === undefined ? undefined : this
  }

  /** Takes in `text` and answers true if the held-back text may still become a marker, and no marker is whole yet. */
  absorbs(text: string): boolean {
    const n = text.length
    let step = this.cut
    let at = this.cutAt
    for (let i = 0; step !== undefined; at = 0) {
      const matched = alike(step.text, at, text, i)
      i += matched - at
      const isWhole = matched === step.text.length
      if (isWhole ? step.ends : i < n) return false
      if (i === n) {
        this.cut = step
        this.cutAt = matched
        return true
      }
      step = stepAt(step.next, text.charCodeAt(i))
    }
    return false
  }

  private candidate(text: string, from: number, n: number): number {
    const { first } = this.set
    let i = from
    if (n - from > SHORT) {
      if (first !== undefined) {
        i = text.indexOf(first, from)
        return i < 0 ? n : i
      }
      // The end of the text may cut one, which the search misses, and it finds another behind that.
      const cut = n - LONGEST_START
      i = text.slice(from).search(this.set.starts)
      if (i >= 0 && from + i <= cut) return from + i
      i = cut
    }
    while (i < n && !this.begins(text.charCodeAt(i))) i++
    return i
  }

  /** Does the text hold a character beyond ASCII that a marker begins with? */
  mayBegin(text: string): boolean {
    for (const first of this.set.wide) if (text.includes(first)) return true
    return false
  }

  /** Does a marker begin with this character? */
  begins(code: number): boolean {
    const { kinds, wide } = this.set
    if (code < 128) return kinds[code] === BEGINS
    return wide !== '' && wide.includes(String.fromCharCode(code))
  }
}

function stepAt<T>(steps: readonly Step<T>[], code: number): Step<T> | undefined {
  for (let i = 0; i < steps.length; i++) {
    const step = steps[i] as Step<T>
    if (step.code === code) return step
  }
  return undefined
}

/**
 * Compares `one` from `at` with `other` from `i`. Returns the index in `one` at which they differ or one of them ends.
 */
function alike(one: string, at: number, other: string, i: number): number {
  const end = Math.min(one.length, at + other.length - i)
  let k = at
  for (let j = i; k < end && one.charCodeAt(k) === other.charCodeAt(j); j++) k++
  return k
}

/** The text as a regular expression. */
function escaped(text: string): string {
  let pattern = ''
  for (let i = 0; i < text.length; i++) pattern += `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`
  return pattern
}
