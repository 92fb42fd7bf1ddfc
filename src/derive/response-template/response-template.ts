import type { Format } from '../../engine/format.js'
import { defineFormat } from '../../formats/define-format.js'
import { interpreted } from './interpreted.js'
import { callsShapeOf } from './shapes/call-shapes.js'
import { messagesShapeOf } from './shapes/harmony-shape.js'
import { textsOf } from './shapes/pieces.js'
import { textShapeOf } from './shapes/text-shape.js'
import { readTemplate, type Template } from './template.js'

export interface ResponseTemplateOptions {
  /** The id of the format. Default `response-template`. */
  readonly id?: string
}

export function formatFromResponseTemplate(template: unknown, options: ResponseTemplateOptions = {}): Format {
  const { id = 'response-template' } = options
  const read = readTemplate(template)
  return defineFormat({ id, ...(shapeOf(read) ?? interpretation(read)) })
}

type Definition = Pick<Format, 'families'> & Partial<Format>

/** The template as our families read it; undefined if they do not know its shape. */
function shapeOf(template: Template): Definition | undefined {
  const messages = messagesShapeOf(template)
  if (messages !== undefined) {
    const { wire, families, channels, stops = [] } = messages
    return { wire, families, channels, stops }
  }
  const text = textShapeOf(template)
  const field = template.fields.find(({ role }) => role === 'calls')
  const calls = field === undefined ? { wire: 'no calls', families: [] } : callsShapeOf(field)
  if (text === undefined || calls === undefined || (field === undefined && text.blocks.length === 0)) return undefined
  const { wire, families, stops = [] } = calls
  return {
    wire,
    families,
    headers: textsOf(template.start) ?? [],
    stops: [...new Set([...text.stops, ...stops])],
    ...(text.blocks.length === 0 ? {} : { reasoning: { blocks: text.blocks } }),
  }
}

function interpretation(template: Template): Definition {
  return {
    wire: 'as its response template says',
    streams: 'text as it comes, calls whole',
    families: [interpreted(template)],
  }
}
