import { WAIT } from '../../text/cursor.js'

/** No suffix of a marker is longer. */
export const LONGEST_SUFFIX = 33

const NONE = -3
const LT = 0x3c
const GT = 0x3e
const COLON = 0x3a

/** The index behind `word`, if it stands at `at`; `WAIT` if the text ends inside of it; `NONE`. */
export function literal(text: string, at: number, word: string): number {
  if (text.startsWith(word, at)) return at + word.length
  return text.length - at < word.length && word.startsWith(text.slice(at)) ? WAIT : NONE
}

/** `:6124c78e>`, or a bracket alone. */
export function suffixEnd(text: string, at: number): number {
  for (let i = at; i <= at + LONGEST_SUFFIX; i++) {
    if (i >= text.length) return WAIT
    const code = text.charCodeAt(i)
    if (code === GT) return i + 1
    if (i === at ? code !== COLON : !isSuffixCode(code)) return NONE
  }
  return NONE
}

/** Neither white space, nor a bracket, nor what calls of other grammars write behind their names: `f(a="b")`. */
export function isNameCode(code: number): boolean {
  return code > 32 && code !== LT && code !== GT && code !== 0x7b && code !== 0x28 && code !== 0x22 && code !== 0x3d
}

export function isSuffixCode(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2d ||
    code === 0x5f
  )
}
