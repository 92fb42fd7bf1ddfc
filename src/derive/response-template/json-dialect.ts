import { isBlank } from '../../text/characters.js'
import { stringEnd } from '../../values/json/json-characters.js'
import { isWord } from './pattern/character-set.js'

/**
 * JSON in which strings may stand between other delimiters, and keys without quotes, as JSON.
 * @example readDialect('{city:<|"|>Oslo<|"|>}', [['<|"|>', '<|"|>']], true) // '{"city":"Oslo"}'
 */
export function readDialect(
  text: string,
  delimiters: readonly (readonly [open: string, close: string])[],
  hasBareKeys: boolean,
): string {
  if (delimiters.length === 0 && !hasBareKeys) return text
  let json = ''
  let at = 0
  while (at < text.length) {
    const from = at
    const pair = delimiters.find(([open]) => text.startsWith(open, from))
    const to = pair === undefined ? -1 : text.indexOf(pair[1], at + pair[0].length)
    if (pair !== undefined && to >= 0) {
      json += JSON.stringify(text.slice(at + pair[0].length, to))
      at = to + pair[1].length
    } else if (text.charAt(at) === '"') {
      at = stringEnd(text, at)
      json += text.slice(from, at)
    } else {
      const character = text.charAt(at++)
      json += character
      if (!hasBareKeys || (character !== '{' && character !== ',')) continue
      const key = bareKey(text, at)
      if (key === undefined) continue
      json += key.json
      at = key.to
    }
  }
  return json
}

/** The key without quotes that stands at an index, between white space and before a colon. */
function bareKey(text: string, from: number): { json: string; to: number } | undefined {
  const begins = spaceEnd(text, from)
  let ends = begins
  while (ends < text.length && isWord(text.charCodeAt(ends))) ends++
  const colon = spaceEnd(text, ends)
  if (ends === begins || text.charAt(colon) !== ':') return undefined
  return { json: `${text.slice(from, begins)}"${text.slice(begins, ends)}"${text.slice(ends, colon)}`, to: colon }
}

function spaceEnd(text: string, from: number): number {
  let at = from
  while (at < text.length && isBlank(text, at)) at++
  return at
}
