import { pythonNumber, pythonTokenEnd, pythonWord } from './python-number.js'
import { pythonQuote, pythonText } from './python-string.js'

export { pythonNumber, pythonTokenEnd, pythonWord } from './python-number.js'
export { pythonEscape, pythonQuote, pythonText } from './python-string.js'

/** Deeper nesting is not accepted, so that callers may recurse. */
const DEPTH_LIMIT = 512

interface Frame {
  close: ')' | ']' | '}'
  /** Where its opening bracket stands in the output. */
  open: number
  items: number
  /** In a dict: the key was read, and its value follows. */
  keyed: boolean
}

/**
 * A whole Python literal (or JSON with Python in it) as JSON text: strings of every quote, with adjacent ones joined outside
 * of lists, numbers, True/False/None, lists, tuples as arrays, dicts with their number, boolean and None keys as text. White space
 * around it is allowed, comments are not.
 *
 * Never throws and never recurses; linear in the text.
 * @returns undefined for everything else: sets, names, calls, f-strings and bytes, more than 512 levels, text behind it
 * @example pythonToJson("{'a': (1, None), 2: 'b'}") // '{"a": [1, null], "2": "b"}'
 */
export function pythonToJson(text: string): string | undefined {
  const out: string[] = []
  const frames: Frame[] = []
  let at = skipSpace(text, 0)
  for (;;) {
    // A value begins here.
    let kind: 'string' | 'scalar' | 'container' = 'container'
    const close = CLOSERS.get(text.charAt(at))
    if (close !== undefined) {
      if (frames.length === DEPTH_LIMIT) return undefined
      at = skipSpace(text, at + 1)
      out.push(close === '}' ? '{' : '[')
      if (text.charAt(at) !== close) {
        frames.push({ close, open: out.length - 1, items: 0, keyed: false })
        continue
      }
      out.push(close === '}' ? '}' : ']')
      at++
    } else {
      const scalar = readScalar(text, at)
      // In a list, a comma is missing more often than two strings are one.
      const isElement = frames.at(-1)?.close === ']'
      if (scalar === undefined || (isElement && scalar.isJoined)) return undefined
      kind = scalar.kind
      out.push(scalar.json)
      at = scalar.end
    }
    // A value is complete. Its container continues or ends.
    for (;;) {
      at = skipSpace(text, at)
      const frame = frames.at(-1)
      if (frame === undefined) return at === text.length ? out.join('') : undefined
      const next = text.charAt(at)
      if (frame.close === '}' && !frame.keyed) {
        if (next !== ':' || kind === 'container') return undefined
        // A key that is not a string becomes one: its JSON text.
        if (kind === 'scalar') out.push(JSON.stringify(out.pop()))
        out.push(': ')
        frame.keyed = true
        at = skipSpace(text, at + 1)
        break
      }
      frame.items++
      frame.keyed = false
      if (next === ',') at = skipSpace(text, at + 1)
      if (text.charAt(at) !== frame.close) {
        if (next !== ',') return undefined
        out.push(', ')
        break
      }
      at++
      frames.pop()
      // Brackets around one value without a comma only group it: `('a')` is a string, `('a',)` a tuple.
      if (frame.close === ')' && frame.items === 1 && next !== ',') {
        out[frame.open] = ''
      } else {
        out.push(frame.close === '}' ? '}' : ']')
        kind = 'container'
      }
    }
  }
}

const CLOSERS: ReadonlyMap<string, Frame['close']> = new Map([
  ['[', ']'],
  ['(', ')'],
  ['{', '}'],
] as const)

interface Scalar {
  readonly json: string
  readonly kind: 'string' | 'scalar'
  readonly end: number
  /** It is made of strings that stand next to each other. */
  readonly isJoined: boolean
}

function readScalar(text: string, at: number): Scalar | undefined {
  const strings: string[] = []
  for (let next = at; ; next = skipSpace(text, at)) {
    const opened = pythonQuote(text, next, true)
    if (opened === undefined || opened === 'more') break
    const read = pythonText(text, next + opened.length, opened, true, 'stops')
    if (!read.closed) return undefined
    strings.push(read.json)
    at = next + opened.length + read.length
  }
  if (strings.length > 0)
    return { json: `"${strings.join('')}"`, kind: 'string', end: at, isJoined: strings.length > 1 }
  const end = pythonTokenEnd(text, at, true)
  if (end === 'more') return undefined
  const token = text.slice(at, end)
  const json = pythonWord(token) ?? pythonNumber(token)
  return json === undefined ? undefined : { json, kind: 'scalar', end, isJoined: false }
}

function skipSpace(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09 && code !== 0x0c) break
  }
  return at
}
