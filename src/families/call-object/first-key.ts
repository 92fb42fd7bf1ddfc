import { isSpace } from '../../text/characters.js'
import { APOSTROPHE, QUOTE, specialIn } from '../../values/json/json-characters.js'

const COLON = 0x3a

type Look = (text: string, at: number) => boolean

/** By its keys, so that formats with the same keys have the same look, and a brace is looked at once for all of them. */
const looks = new Map<string, { readonly object: Look; readonly list: Look }>()

/**
 * The cheap look at an object without a marker, and at a list of such: may it be a call, by the beginning of its first key?
 * `{most}` and `{"port": 1}` are none, whatever follows.
 * @example firstKeyLooks(['name', 'arguments']).object('{"name": "f"}', 0) // true
 */
export function firstKeyLooks(keys: readonly string[]): { readonly object: Look; readonly list: Look } {
  const id = keys.join(' ')
  const known = looks.get(id)
  if (known !== undefined) return known
  const longest = Math.max(...keys.map(({ length }) => length))
  const firsts = `"'\\${keys.map((key) => key.charAt(0)).join('')}`
  const object: Look = (text, brace) => {
    const at = spaceEnd(text, brace + 1)
    const quote = text.charCodeAt(at)
    if ((quote !== QUOTE && quote !== APOSTROPHE) || !firsts.includes(text.charAt(at + 1))) return false
    const end = specialIn(text, at + 1, Math.min(text.length, at + 2 + longest), quote)
    const key = text.slice(at + 1, end)
    // Cut in its first key, an object has no name yet. What is escaped in a key is not looked at.
    if (end === text.length || !keys.some((own) => own.startsWith(key))) return false
    return text.charCodeAt(end) !== quote || text.charCodeAt(spaceEnd(text, end + 1)) === COLON
  }
  const list: Look = (text, bracket) => {
    const at = spaceEnd(text, bracket + 1)
    return text.charCodeAt(at) === 0x7b && object(text, at)
  }
  const made = { object, list }
  looks.set(id, made)
  return made
}

function spaceEnd(text: string, from: number): number {
  let i = from
  while (isSpace(text.charCodeAt(i))) i++
  return i
}
