import { givenName } from '../tools/given-name.js'
import type { OfferedTools } from '../tools/offered-tools.js'
import { insideJson } from '../values/json/inside-json.js'

/** A name as a call has it, and where it stands in the text. */
interface WrittenName {
  readonly name: string
  readonly nameFrom: number
  readonly nameTo: number
}

/** What stands around a name and does not belong to it. */
interface LeftOut {
  readonly from: number
  readonly to: number
  readonly text: string
}

/**
 * The given tool that the name in a call means, with what is left out of the text: a namespace before it, or white space at its
 * edges. Any other name is meant as it is.
 * @example meantName(tools, { name: ' get_tide', nameFrom: 10, nameTo: 19 }) // get_tide, without the blank at 10
 */
export function meantName(tools: OfferedTools, { name, nameFrom, nameTo }: WrittenName): [string, ...LeftOut[]] {
  if (!tools.given || tools.has(name)) return [name]
  const trimmed = name.trim()
  const meant = tools.has(trimmed) ? trimmed : givenName(tools, name)
  if (meant === name) return [name]
  const at = meant === trimmed ? name.length - name.trimStart().length : name.length - meant.length
  // White space may be written with the escapes of JSON. What is written in yet another way cannot be told from here.
  const inText = (part: string) => (name.length === nameTo - nameFrom ? part : insideJson(part))
  const before = inText(name.slice(0, at))
  const after = inText(name.slice(at + meant.length))
  if (before.length + meant.length + after.length !== nameTo - nameFrom) return [name]
  const around = [
    { from: nameFrom, to: nameFrom + before.length, text: before },
    { from: nameTo - after.length, to: nameTo, text: after },
  ]
  return [meant, ...around.filter(({ text }) => text !== '')]
}
