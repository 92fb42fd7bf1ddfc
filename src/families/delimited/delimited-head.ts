import { spaceEnd } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import { type CallHeadResult, LONGEST_NAME, nameEnd, type ReadCallHead } from '../name-json/call-head.js'

/**
 * Reads a header that is a prefix and a name, before the brace of the arguments (or a parenthesis, as in Python) or, where there
 * are none, before the close marker. Without its prefix it is one of a given tool only.
 * @example delimitedHead('call:')('call:get_tide{') // the name get_tide, the arguments from index 13 on
 */
export function delimitedHead(prefix: string): ReadCallHead {
  return (text) => readHead(prefix, text)
}

function readHead(prefix: string, text: string): CallHeadResult {
  const start = spaceEnd(text, 0)
  if (start === text.length) return WAIT
  const isPrefixed = text.startsWith(prefix, start)
  if (!isPrefixed && prefix.startsWith(text.slice(start))) return WAIT
  // `:get_tide{`: of the prefix only its last character is left.
  const isHalf = !isPrefixed && text[start] === prefix.at(-1)
  const from = isPrefixed ? spaceEnd(text, start + prefix.length) : start + Number(isHalf)
  const to = nameEnd(text, from, '<`()')
  const length = spaceEnd(text, to)
  const isNamed = to > from && to - from <= LONGEST_NAME
  if (length === text.length && (isNamed || from === text.length)) return WAIT
  const ends = text[length] === '{' || (isPrefixed && '<('.includes(text.charAt(length)))
  if (!isNamed || !ends) return isPrefixed ? 'broken' : 'text'
  const name = text.slice(from, to)
  const head = { name, from: isHalf ? start : from, to, length, separated: isPrefixed, body: 'arguments' } as const
  return isPrefixed ? head : { ...head, meant: prefix + name }
}
