import { spaceEnd } from '../../text/characters.js'
import { APOSTROPHE, QUOTE, specialIn } from '../../values/json/json-characters.js'

const COLON = 0x3a

type BeginTest = (text: string, at: number) => boolean

/** By the keys, so that formats with the same keys share their tests, and each brace is tested once for all of them. */
const tests = new Map<string, { readonly object: BeginTest; readonly list: BeginTest }>()

/**
 * Cheap tests of an object without a marker, and of a list of such objects: can it be a call, by the beginning of its first
 * key? `{most}` and `{"port": 1}` cannot, whatever follows.
 * @example firstKeyTests(['name', 'arguments']).object('{"name": "f"}', 0) // true
 */
export function firstKeyTests(keys: readonly string[]): { readonly object: BeginTest; readonly list: BeginTest } {
  const id = keys.join(' ')
  const known = tests.get(id)
  if (known !== undefined) return known
  const longest = Math.max(...keys.map(({ length }) => length))
  const firsts = `"'\\${keys.map((key) => key.charAt(0)).join('')}`
  const object: BeginTest = (text, brace) => {
    const at = spaceEnd(text, brace + 1)
    const quote = text.charCodeAt(at)
    if ((quote !== QUOTE && quote !== APOSTROPHE) || !firsts.includes(text.charAt(at + 1))) return false
    const end = specialIn(text, at + 1, Math.min(text.length, at + 2 + longest), quote)
    const key = text.slice(at + 1, end)
    // An object that is cut in its first key has no name yet. Escapes in keys are not decoded.
    if (end === text.length || !keys.some((own) => own.startsWith(key))) return false
    return text.charCodeAt(end) !== quote || text.charCodeAt(spaceEnd(text, end + 1)) === COLON
  }
  const list: BeginTest = (text, bracket) => {
    const at = spaceEnd(text, bracket + 1)
    return text.charCodeAt(at) === 0x7b && object(text, at)
  }
  const made = { object, list }
  tests.set(id, made)
  return made
}
