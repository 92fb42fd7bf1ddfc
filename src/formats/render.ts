import type { Format, RenderCall } from '../engine/format.js'
import { RenderError } from '../engine/format.js'
import type { Tools } from '../tools/schema.js'
import { parameterTypes } from '../tools/value-types.js'
import { noBareCalls } from './bare-text.js'
import { misspeltEnd } from './misspelt-end.js'
import { quotedEnd } from './quoted-end.js'

/** What `render` takes beside the calls. */
export interface RenderParts {
  content?: string
  reasoning?: string
}

/**
 * The native text of calls: what a model of this format would have written. Throws a `RenderError` for what the format
 * cannot express, rather than write what would be read as something else.
 */
export function renderFormat(format: Format, calls: readonly RenderCall[], parts: RenderParts, tools: Tools): string {
  for (const [i, call] of calls.entries()) {
    if (typeof call.name !== 'string' || call.name === '') throw new RenderError(`calls[${i}]: a call needs a name`)
    if (typeof call.arguments !== 'object' || call.arguments === null || Array.isArray(call.arguments)) {
      throw new RenderError(`calls[${i}]: arguments must be an object`)
    }
    if (isDeeper(call.arguments, DEEPEST))
      throw new RenderError(`calls[${i}]: arguments are nested deeper than ${DEEPEST} levels`)
  }
  const { content = '', reasoning = '' } = parts
  if (opensBareObjects(format, content)) noBareCalls(content)
  const quoted = calls.length > 0 ? quotedEnd(content) : undefined
  if (quoted !== undefined)
    throw new RenderError(`the content ends in ${quoted}, so that calls behind it would be text`)
  const text = format.render({ calls, content, reasoning, types: parameterTypes(tools.get), tool: tools.get })
  // Behind the format's own look at the content, which knows whole markers and says so.
  const misspelt = calls.length > 0 ? misspeltEnd(format, content) : undefined
  if (misspelt !== undefined)
    throw new RenderError(
      `the content ends in ${misspelt}, which would be left out as a misspelt marker of the call behind it`,
    )
  const header = format.headers.find((header) => text.startsWith(header))
  if (header !== undefined)
    throw new RenderError(`the text would begin with ${header}, which is left out when it is read`)
  return text
}

/** No parser reads more by default, and writing much more would run out of stack. */
const DEEPEST = 512

/** Are objects and lists nested deeper than so many levels? The levels are kept in a list, so that any depth is told. */
function isDeeper(value: unknown, most: number): boolean {
  let level: object[] = [value].filter(isContainer)
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === most) return true
    level = level.flatMap((one) => Object.values(one)).filter(isContainer)
  }
  return false
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Does the format look at objects in this text that stand behind no marker? */
function opensBareObjects({ families }: Format, content: string): boolean {
  const openers = families.flatMap((family) => family.openers).filter(({ marker, bare }) => bare && marker === '{')
  return openers.some(({ where }) => where !== 'text-start' || content.trimStart().startsWith('{'))
}
