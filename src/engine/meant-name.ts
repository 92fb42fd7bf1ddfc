import { givenName } from '../tools/given-name.js'
import type { OfferedTools } from '../tools/offered-tools.js'

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
  // White space may be written with the escapes of JSON. What is written in yet another way cannot be told from here.
  const source = name.length === nameTo - nameFrom ? name : JSON.stringify(name).slice(1, -1)
  if (source.length !== nameTo - nameFrom) return [name]
  const from = source.indexOf(meant)
  const around = [
    { from: nameFrom, to: nameFrom + from, text: source.slice(0, from) },
    { from: nameFrom + from + meant.length, to: nameTo, text: source.slice(from + meant.length) },
  ]
  return [meant, ...around.filter(({ text }) => text !== '')]
}
