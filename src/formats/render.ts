import type { Format, RenderCall } from '../engine/format.js'
import { RenderError } from '../engine/format.js'
import type { Tools } from '../tools/schema.js'
import { parameterTypes } from '../tools/value-types.js'
import { noBareCalls } from './bare-text.js'
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
  }
  const { content = '', reasoning = '' } = parts
  if (opensBareObjects(format, content)) noBareCalls(content)
  const quoted = calls.length > 0 ? quotedEnd(content) : undefined
  if (quoted !== undefined)
    throw new RenderError(`the content ends in ${quoted}, so that calls behind it would be text`)
  const text = format.render({ calls, content, reasoning, types: parameterTypes(tools.get), tool: tools.get })
  const header = format.headers.find((header) => text.startsWith(header))
  if (header !== undefined)
    throw new RenderError(`the text would begin with ${header}, which is left out when it is read`)
  return text
}

/** Does the format look at objects in this text that stand behind no marker? */
function opensBareObjects({ families }: Format, content: string): boolean {
  const openers = families.flatMap((family) => family.openers).filter(({ marker, bare }) => bare && marker === '{')
  return openers.some(({ where }) => where !== 'text-start' || content.trimStart().startsWith('{'))
}
