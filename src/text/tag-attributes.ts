import { isSpace } from './characters.js'
import { WAIT } from './cursor.js'
import type { Tag, TagSyntax } from './tag.js'

/** The attributes of a tag, by index in the text. */
interface TagAttributes {
  /** Span of the name; empty if there is none. */
  readonly nameFrom: number
  readonly nameTo: number
  readonly value: Tag['value']
  readonly selfClosing: boolean
  /** Span of all other attributes, a second name among them; empty if there are none. */
  readonly extraFrom: number
  readonly extraTo: number
  /** Index behind the tag. */
  readonly end: number
}

const LT = 0x3c
const GT = 0x3e
const SLASH = 0x2f
const EQUALS = 0x3d
const LF = 0x0a

/**
 * Reads ` name="NAME" string="true">` from the index behind a tag's word: either quote, any order. Other attributes are
 * reported only by their span.
 * @param limit index that the tag may not reach beyond
 * @param syntax `textAttribute`: the attribute that tells text (`true`) from JSON (`false`); `quotes`: may they be left out?
 * @returns undefined if this is not a tag, `WAIT` where the text ends inside what may become one
 * @example readAttributes(' name="a">', 0, 99, {}) // { nameFrom: 7, nameTo: 8, end: 10, ... }
 */
export function readAttributes(
  text: string,
  at: number,
  limit: number,
  { textAttribute, quotes }: Pick<TagSyntax, 'textAttribute' | 'quotes'>,
): TagAttributes | undefined | typeof WAIT {
  const n = Math.min(text.length, limit)
  const over = text.length < limit ? WAIT : undefined
  let nameFrom = 0
  let nameTo = 0
  let extraFrom = 0
  let extraTo = 0
  let value: Tag['value']
  for (let i = at; ; ) {
    const before = i
    while (i < n && isSpace(text.charCodeAt(i))) i++
    if (i >= n) return over
    const code = text.charCodeAt(i)
    if (code === GT) return { nameFrom, nameTo, value, selfClosing: false, extraFrom, extraTo, end: i + 1 }
    if (code === SLASH && i + 1 >= n) return over
    if (code === SLASH && text.charCodeAt(i + 1) === GT)
      return { nameFrom, nameTo, value, selfClosing: true, extraFrom, extraTo, end: i + 2 }
    const word = i
    while (i < n && isWordCode(text.charCodeAt(i))) i++
    if (i >= n) return over
    if (word === before || i === word || text.charCodeAt(i) !== EQUALS) return undefined
    if (i + 1 >= n) return over
    const isBare = quotes === 'optional' && !`"'`.includes(text.charAt(i + 1))
    const from = isBare ? i + 1 : i + 2
    const end = isBare ? bareEnd(text, from, n) : quoteEnd(text, from, n)
    if (end < 0) return end === WAIT ? over : undefined
    const name = text.slice(word, i)
    if (name === 'name' && nameTo === 0) {
      nameFrom = from
      nameTo = end
    } else if (name === textAttribute) value = textOrJson(text.slice(from, end))
    else {
      if (extraTo === 0) extraFrom = word
      extraTo = isBare ? end : end + 1
    }
    i = isBare ? end : end + 1
  }
}

const NONE = -3

/**
 * The index of the closing quote of a value whose opening quote is before `from`. A `<` or a line break means there is
 * none.
 */
function quoteEnd(text: string, from: number, limit: number): number {
  const quote = text.charAt(from - 1)
  if (quote !== '"' && quote !== "'") return NONE
  for (let i = from; i < limit; i++) {
    const code = text.charCodeAt(i)
    if (code === LT || code === LF) return NONE
    if (text.charAt(i) === quote) return i
  }
  return WAIT
}

/** Where a value without quotes ends: before white space or the end of its tag. */
function bareEnd(text: string, from: number, limit: number): number {
  for (let i = from; i < limit; i++) {
    const code = text.charCodeAt(i)
    if (isSpace(code) || code === GT) return i === from ? NONE : text.charCodeAt(i - 1) === SLASH ? i - 1 : i
    if (code === LT || `"'=\`“”‘’`.includes(text.charAt(i))) return NONE
  }
  return WAIT
}

function textOrJson(value: string): Tag['value'] {
  const word = value.toLowerCase()
  return word === 'true' ? 'text' : word === 'false' ? 'json' : undefined
}

/** Letters, digits, `_` and `-`. */
export function isWordCode(code: number): boolean {
  const letter = code | 0x20
  return (letter >= 0x61 && letter <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f || code === 0x2d
}
