import { isQuoted } from './quoted.js'
import type { Place } from './unread.js'

/** A tag with attributes that closes itself: `<tool_call name="get_tide" port="Moss" />` */
const TAG = /^<([\w:.-]{1,64})((?:\s{1,4}[\w:.-]{1,40}=(?:"[^"\n]{0,200}"|'[^'\n]{0,200}')){1,8})\s{0,4}\/>/
const VALUES = /=["']([^"']{0,128})["']/g
/** So many lines that begin with a tag are looked at. */
const MOST_LINES = 16
const LONGEST = 1024

/**
 * Looks for a tag at the start of a line that closes itself and names a given tool, by its word or by an attribute: an attempt at a call
 * that no format writes.
 * @param start where the reasoning ended
 */
export function selfClosedTag(text: string, start: number, names: readonly string[]): Place | undefined {
  let at = start
  for (let tried = 0; at >= 0 && tried < MOST_LINES; ) {
    const from = text.indexOf('<', at)
    if (from < 0) return undefined
    const isFirst = text.slice(Math.max(text.lastIndexOf('\n', from - 1) + 1, from - LONGEST), from).trim() === ''
    if (isFirst) {
      tried++
      const [tag, word = '', attributes = ''] = TAG.exec(text.slice(from, from + LONGEST)) ?? []
      const values = [...attributes.matchAll(VALUES)].map(([, value = '']) => value)
      const name = [word, ...values].find((one) => names.includes(one))
      if (tag !== undefined && name !== undefined && !isQuoted(text, from))
        return { from, to: from + tag.length, message: `${tag} names a tool, and is a call in no known format` }
    }
    const lineEnd = text.indexOf('\n', from)
    at = lineEnd < 0 ? -1 : lineEnd + 1
  }
  return undefined
}
