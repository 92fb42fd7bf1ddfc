import { isHighSurrogate } from '../../text/characters.js'
import { insideJson } from '../json/inside-json.js'

/**
 * Python string literals, piece by piece. The text may still grow: where more of it could change the answer, a reader
 * says `'more'`. With `final` (the text has ended) it never does.
 */

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['a', '\x07'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['\n', ''],
])
const HEX_LENGTHS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
])

const BACKSLASH = 0x5c

/**
 * Reads one escape of a Python string; `at` is the place after the backslash. An escape that Python does not know, or
 * that lacks its digits, keeps its backslash.
 * @returns the text it stands for, and how many UTF-16 units it takes after the backslash
 * @example pythonEscape('n', 0) // { value: '\n', length: 1 }
 */
export function pythonEscape(text: string, at: number, final = false): { value: string; length: number } | 'more' {
  if (at >= text.length) return final ? { value: '\\', length: 0 } : 'more'
  const char = text.charAt(at)
  const simple = SIMPLE_ESCAPES.get(char)
  if (simple !== undefined) return { value: simple, length: 1 }
  if (char === '\r') {
    // A line continuation; the line may end in CR LF.
    if (at + 1 >= text.length && !final) return 'more'
    return { value: '', length: text.charAt(at + 1) === '\n' ? 2 : 1 }
  }
  const digits = HEX_LENGTHS.get(char)
  const isHex = digits !== undefined
  const limit = at + (isHex ? 1 + digits : 3)
  let end = isHex ? at + 1 : at
  while (end < limit && end < text.length && isDigit(text.charCodeAt(end), isHex ? 16 : 8)) end++
  if (end < limit && end === text.length && !final && (isHex || end > at)) return 'more'
  if (!isHex && end > at) {
    return { value: String.fromCharCode(Number.parseInt(text.slice(at, end), 8)), length: end - at }
  }
  const code = isHex && end === limit ? Number.parseInt(text.slice(at + 1, end), 16) : -1
  // Only the backslash is read here; what stands behind it is ordinary text.
  if (code < 0 || code > 0x10ffff) return { value: '\\', length: 0 }
  return { value: String.fromCodePoint(code), length: end - at }
}

/** How a string literal began: `length` covers the prefix and the opening quotes. */
export interface PythonQuote {
  raw: boolean
  quote: "'" | '"' | "'''" | '"""'
  length: number
}

/**
 * Reads the beginning of a string literal at `at`: an optional prefix `r`, `R`, `u` or `U`, and one or three quotes.
 * @returns undefined if no string begins here (bytes and f-strings are no literals)
 * @example pythonQuote("r'''a'''", 0) // { raw: true, quote: "'''", length: 4 }
 */
export function pythonQuote(text: string, at: number, final = false): PythonQuote | 'more' | undefined {
  const first = text.charAt(at)
  const prefixed = first !== '' && 'rRuU'.includes(first)
  const start = prefixed ? at + 1 : at
  const quote = text.charAt(start)
  if (quote === '') return final ? undefined : 'more'
  if (quote !== "'" && quote !== '"') return undefined
  const raw = first === 'r' || first === 'R'
  const rest = text.slice(start + 1, start + 3)
  // Two quotes are an empty string or the beginning of three: the next character tells.
  if (!final && (rest === '' || rest === quote)) return 'more'
  if (rest !== quote + quote) return { raw, quote, length: start + 1 - at }
  return { raw, quote: quote === "'" ? "'''" : '"""', length: start + 3 - at }
}

/**
 * Reads a string literal from `at` to its closing quote, or as far as the text decides: an incomplete escape or closing
 * quote, and the first half of a surrogate pair, are left for the next call.
 * @returns the text as the inside of a JSON string (the pieces of a literal add up to the same text however it was cut);
 * how many UTF-16 units were read, the closing quote included; and whether the string is closed. An unescaped line break
 * is data: Python would refuse it, but nothing else can be meant.
 * @param named what becomes of a character by its name (`\\N{BULLET}`), which only Python's own table can tell: it `stops` the
 * reading (`stopped`), before its backslash, or is kept as it is written, where nobody asks for the value
 * @example pythonText("it\\'s' ", 0, { raw: false, quote: "'", length: 1 }) // { json: "it's", length: 6, closed: true }
 */
export function pythonText(
  text: string,
  at: number,
  opened: PythonQuote,
  final = false,
  named: 'kept' | 'stops' = 'kept',
): { json: string; length: number; closed: boolean; stopped?: boolean } {
  const { quote, raw } = opened
  const mark = quote.charCodeAt(0)
  let json = ''
  let from = at
  let here = at
  for (; here < text.length; here++) {
    const code = text.charCodeAt(here)
    if (code === mark) {
      if (text.startsWith(quote, here)) {
        return { json: json + insideJson(text.slice(from, here)), length: here + quote.length - at, closed: true }
      }
      if (!final && text.length - here < quote.length && quote.startsWith(text.slice(here))) break
    } else if (code === BACKSLASH && raw) {
      // In a raw string the backslash is data, yet a quote behind it does not close the string.
      if (here + 1 === text.length) break
      here++
    } else if (code === BACKSLASH) {
      if (named === 'stops' && text.charAt(here + 1) === 'N') {
        const next = text.charAt(here + 2)
        if (next === '' && !final) break
        if (next === '{')
          return { json: json + insideJson(text.slice(from, here)), length: here - at, closed: false, stopped: true }
      }
      const read = pythonEscape(text, here + 1, final)
      if (read === 'more') break
      // Escapes are written one by one: two that make a surrogate pair may come in different chunks.
      json += insideJson(text.slice(from, here)) + insideJson(read.value)
      here += read.length
      from = here + 1
    }
  }
  // The rest never ends: with `final` the string is cut, so it is not a literal.
  if (here === text.length && here > from && isHighSurrogate(text.charCodeAt(here - 1)) && !final) here--
  return { json: json + insideJson(text.slice(from, here)), length: here - at, closed: false }
}

function isDigit(code: number, base: 8 | 16): boolean {
  if (code >= 0x30 && code <= 0x37) return true
  const letter = code | 0x20
  return base === 16 && ((code >= 0x38 && code <= 0x39) || (letter >= 0x61 && letter <= 0x66))
}
