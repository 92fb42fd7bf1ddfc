import { isSpace } from '../../text/characters.js'
import type { Matcher } from '../../text/matcher.js'

/** What a header ends in that is not whole yet: a word, or the beginning of a marker. */
export type HeaderEnd = 'word' | Matcher<unknown>

/** Does `text` go on with what the header ends in, so that a look at all of it would tell nothing new? */
export function goesOn(end: HeaderEnd, text: string): boolean {
  if (end !== 'word') return end.absorbs(text)
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (isSpace(code) || code === LT || code === BRACE) return false
  }
  return true
}

const LT = 0x3c
const BRACE = 0x7b
