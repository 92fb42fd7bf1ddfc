import type { Format, RenderCall } from '../engine/format.js'
import { RenderError } from '../engine/format.js'
import type { ParseResult } from '../event/event.js'
import { isSameJson } from '../fitting/same-json.js'
import type { Tools } from '../tools/schema.js'
import { parameterTypes } from '../tools/value-types.js'

/** What `render` takes besides the calls. */
export interface RenderParts {
  content?: string
  reasoning?: string
}

/**
 * The native text of calls: what a model of this format would have written. Throws a `RenderError` for what the format
 * cannot express.
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
  const text = format.render({ calls, content, reasoning, types: parameterTypes(tools.get), tool: tools.get })
  const header = format.headers.find((header) => text.startsWith(header))
  if (header !== undefined)
    throw new RenderError(`the text would begin with ${header}, which is left out when it is read`)
  return text
}

/**
 * The same, and throws where content or reasoning would be read as something else: half a marker, an open quotation, data that
 * looks like a call. Only reading it shows that.
 *
 * @param read reads a text of the format, with the same tools
 */
export function renderReadable(
  format: Format,
  calls: readonly RenderCall[],
  parts: RenderParts,
  tools: Tools,
  read: (text: string) => ParseResult,
): string {
  const text = renderFormat(format, calls, parts, tools)
  const { content = '', reasoning = '' } = parts
  if (content === '' && reasoning === '') return text
  const result = read(text)
  if (isWhatWasWritten(result, calls, parts)) return text
  // Calls that do not come back alone (without a marker, those of other tools) say nothing about the text before them.
  if (!isWhatWasWritten(read(renderFormat(format, calls, {}, tools)), calls, {})) return text
  const where = content === '' ? 'reasoning' : reasoning === '' ? 'content' : 'content or the reasoning'
  const [note] = result.notes
  throw new RenderError(`the ${where} would not be read as it is${note === undefined ? '' : `: ${note.message}`}`)
}

/** White space around content and reasoning belongs to the format, and members that are `undefined` are not in JSON. */
function isWhatWasWritten(
  { status, toolCalls, incomplete, content, reasoning }: ParseResult,
  calls: readonly RenderCall[],
  parts: RenderParts,
): boolean {
  return (
    status === 'complete' &&
    incomplete.length === 0 &&
    toolCalls.length === calls.length &&
    toolCalls.every(
      ({ name, arguments: args }, i) =>
        name === calls[i]?.name && isSameJson(args, JSON.parse(JSON.stringify(calls[i]?.arguments))),
    ) &&
    content.trim() === (parts.content ?? '').trim() &&
    reasoning.trim() === (parts.reasoning ?? '').trim()
  )
}

/** No parser reads deeper nesting by default, and writing much deeper nesting would overflow the stack. */
const DEEPEST = 512

/** Are objects and lists nested deeper than this? Not recursive, so that any depth is safe. */
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
