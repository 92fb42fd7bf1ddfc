import type { Matcher } from '../../text/matcher.js'
import { BACKSLASH, QUOTE } from './json-characters.js'

/** A complete object of strict JSON in a text. */
export interface WholeObject {
  readonly value: unknown
  /** Index behind it. */
  readonly end: number
  /** The number of keys in it and in the objects it holds. Duplicates count. */
  readonly keys: number
}

/** The end of a string is first searched for by a loop, this far: over short distances it is faster than `indexOf`. */
const NEAR = 24
/**
 * After this many failures it gives up: a model that writes invalid JSON once does so again, and a thrown error takes as
 * long as ten small calls. (1,000 calls with a wrong escape: 2.4 ms if none is tried, 11 ms if all are.)
 */
const MOST_FAILURES = 4
/** A number with more digits may not be exact in JavaScript. */
const MOST_DIGITS = 15

/**
 * A shortcut for objects that are complete in the window and strict JSON. It finds the end by jumping from quote to quote
 * and leaves validation to `JSON.parse`, which has to read the object anyway. It answers only where the reader that goes
 * character by character would hand on the same text without a repair or a note; all else is left to that reader.
 *
 * (A call with 100 KB of ASCII code: 0.63 of the speed of `JSON.parse`, 0.38 without the shortcut; 10 KB: 0.44 and 0.34.)
 */
export class WholeObjects {
  /** Offset up to which text was searched. None is searched twice, which keeps the cost linear. */
  private searchedTo = 0
  /** Index at which the last search stopped. */
  private at = 0
  private keys = 0
  /** How often `JSON.parse` refused what was found. */
  private failures = 0

  constructor(
    private readonly depthLimit: number,
    private readonly brackets: Matcher<unknown> | undefined,
  ) {}

  /** The object whose brace stands at index `from` of a window that begins at offset `base`. */
  read(window: string, from: number, base: number): WholeObject | undefined {
    if (base + from < this.searchedTo || this.failures === MOST_FAILURES) return undefined
    const isWhole = this.findEnd(window, from)
    const { at: end, keys } = this
    this.searchedTo = base + end
    if (!isWhole) return undefined
    try {
      return { value: JSON.parse(window.slice(from, end)), end, keys }
    } catch {
      this.failures++
      return undefined
    }
  }

  /** Moves behind the brace that closes the object, counting keys. False if the object is cut or needs a closer look. */
  private findEnd(text: string, from: number): boolean {
    let depth = 0
    let keys = 0
    let digits = 0
    let i = from
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code >= 0x30 && code <= 0x39) {
        if (++digits > MOST_DIGITS) break
        continue
      }
      // `1e999` is beyond the range of a number.
      if (digits > 0 && (code | 0x20) === 0x65) break
      digits = 0
      if (code === QUOTE) {
        i = stringEnd(text, i + 1)
        if (i < 0) {
          i = text.length
          break
        }
      } else if (code === 0x3a) keys++
      else if (code === 0x7b || code === 0x5b) {
        if (depth === this.depthLimit || (code === 0x5b && this.brackets?.at(text, i, false) === true)) break
        depth++
      } else if (code === 0x7d || code === 0x5d) {
        if (--depth === 0) {
          this.at = i + 1
          this.keys = keys
          return true
        }
      } else if (!isPlain(code)) break
    }
    this.at = i
    return false
  }
}

/** Of numbers and literals, commas and white space. */
function isPlain(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2c ||
    code === 0x20 ||
    code === 0x0a ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x0d ||
    code === 0x09
  )
}

/** Index of the quote that closes the string whose text begins at `from`, or -1. */
function stringEnd(text: string, from: number): number {
  const near = Math.min(text.length, from + NEAR)
  let i = from
  for (; i < near; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE) return i
    if (code === BACKSLASH) i++
  }
  for (let quote = text.indexOf('"', i); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let start = quote
    // Those that the loop has passed stood in pairs.
    while (text.charCodeAt(start - 1) === BACKSLASH) start--
    if (((quote - start) & 1) === 0) return quote
  }
  return -1
}
