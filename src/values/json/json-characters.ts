import { spaceEnd } from '../../text/characters.js'

// What the characters of JSON, and of what models write instead, mean.

export const OBJECT = 0x7d // the code of its closer: }
export const ARRAY = 0x5d // ]
export const TUPLE = 0x29 // ), of Python

export const QUOTE = 0x22
export const APOSTROPHE = 0x27
export const BACKSLASH = 0x5c

/**
 * A piece of a string that needs no rewriting: plain characters, four, two or one at a time, and valid escapes, except a
 * backslash before a quote, which may be a mistake. Each character fits only one part, all parts are optional and every
 * count is bounded, so that it never backtracks. Only `plainEnd` uses it.
 *
 * The bounds are the point: `[^…]{0,9}` counts, and takes 1.3 ns a character; so does a loop over `charCodeAt`, and the
 * same with `indexOf` for quotes and backslashes takes 1.2. This takes 0.5, which is what JSON.parse takes.
 */
const PLAIN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to be found
  /(?:(?:[^"\\\0-\x1f][^"\\\0-\x1f][^"\\\0-\x1f][^"\\\0-\x1f])?(?:[^"\\\0-\x1f][^"\\\0-\x1f])?[^"\\\0-\x1f]?(?:\\(?:["/bfnrt]|\\(?=[^"])|u[\da-fA-F][\da-fA-F][\da-fA-F][\da-fA-F]))?){0,1000}/y

/** The end of the text from `from` on that needs no rewriting, as far as `PLAIN` reaches. */
export function plainEnd(text: string, from: number): number {
  for (let at = from; ; ) {
    PLAIN.lastIndex = at
    PLAIN.test(text)
    if (PLAIN.lastIndex === at) return at
    at = PLAIN.lastIndex
  }
}

/** Index behind the string of JSON that begins at `from`; the end of the text, if it does not end. */
export function stringEnd(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === BACKSLASH) i++
    else if (code === QUOTE) return i + 1
  }
  return text.length
}

/** Index of the next quote, backslash or control character. A double quote always counts, since it has to be escaped. */
export function specialIn(text: string, from: number, n: number, quote: number): number {
  let i = from
  for (; i < n; i++) {
    const code = text.charCodeAt(i)
    if (code === QUOTE || code === BACKSLASH || code < 32 || code === quote) break
  }
  return i
}

export function isCloser(code: number): boolean {
  return code === OBJECT || code === ARRAY || code === TUPLE
}

/** The closer to write for an open container. A tuple becomes a list. */
export function closerText(closer: number | undefined): string {
  return closer === OBJECT ? '}' : ']'
}

/** What numbers, literals and unquoted keys consist of. */
export function isWordCode(code: number): boolean {
  const letter = code | 32
  return (
    (letter >= 0x61 && letter <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x2b ||
    code === 0x2e ||
    code === 0x5f ||
    code === 0x24
  )
}

export function wordEnd(text: string, from: number): number {
  let i = from
  while (i < text.length && isWordCode(text.charCodeAt(i))) i++
  return i
}

/** Is it an arithmetic operator, which JSON does not have? */
export function isOperator(character = ' '): boolean {
  return '/*%(^`'.includes(character)
}

/** Can a key or a value begin with this character? */
export function isStart(code: number): boolean {
  return code === QUOTE || code === APOSTROPHE || code === 0x7b || code === 0x5b || code === 0x28 || isWordCode(code)
}

/** Does a key or a value stand behind the space at `from`, as far as can be seen? */
export function startsSomething(text: string, from: number): boolean {
  return isStart(text.charCodeAt(spaceEnd(text, from)))
}

/** The end of the hexadecimal digits from..to. */
export function hexEnd(text: string, from: number, to: number): number {
  let i = from
  while (i < to && /[\da-f]/i.test(text.charAt(i))) i++
  return i
}

export function controlEscape(code: number): string {
  return JSON.stringify(String.fromCharCode(code)).slice(1, -1)
}
