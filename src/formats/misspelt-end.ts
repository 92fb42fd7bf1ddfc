import type { Format } from '../engine/format.js'
import { NearMarkerReader } from '../recovery/near-marker.js'

/** No misspelt marker is longer. */
const LONGEST = 80
const TOKEN = /^<\/?[ ]?[|｜‖][^<>|｜‖]{1,70}[|｜‖][ ]?>$/

/**
 * The end of a content that would be read as a misspelt marker of the call behind it; undefined if there is none.
 * @example misspeltEnd(hermes, 'So: <tool_cal>') // '<tool_cal>'
 */
export function misspeltEnd({ families }: Format, content: string): string | undefined {
  const end = content.trimEnd().slice(-LONGEST)
  const openers = families.flatMap((family) => family.openers).filter(({ bare }) => bare !== true)
  const markers = [...openers.map(({ marker }) => marker), ...families.flatMap(({ strays = [] }) => strays)]
  const near = new NearMarkerReader(markers.filter((marker) => marker.length > 2))
  const at = end.lastIndexOf('<')
  const tail = at < 0 ? '' : end.slice(at)
  if (tail !== '' && (TOKEN.test(tail) || near.meaning(tail) !== undefined)) return tail
  const word = /\S{1,80}$/.exec(end)?.[0] ?? ''
  const found = near.at(word, 0, true)
  return typeof found === 'object' && found.means !== undefined && found.length === word.length ? word : undefined
}
