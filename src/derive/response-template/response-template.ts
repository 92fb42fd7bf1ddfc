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

/**
 * Makes a format of a response template: what Hugging Face's Transformers (5.13 and later) parses the text of a model by, the
 * key `response_template` of its tokenizer_config.json.
 *
 *     const config = JSON.parse(await readFile('tokenizer_config.json', 'utf8'))
 *     const format = formatFromResponseTemplate(config, { id: 'my-model' })
 *     parse(text, { format, prompt })
 *
 * Templates of a known shape are read by the families that read other formats of that shape: arguments stream, damage is
 * mended or said, and a call ends by its own grammar. All others are read by the template alone, and each call comes when its
 * region closes. `format.wire` says which. A field whose name is none of `content`, `reasoning_content`, `reasoning`,
 * `thinking` and `tool_calls` is left out of the result, with a note. What differs from Transformers is listed in the README of
 * `src/derive`. Give the `prompt`: it may have opened the reasoning.
 *
 * @param template the template, or the whole tokenizer_config.json that holds one
 * @throws TypeError for a template that is none, or has a pattern that no automaton can take; it names the place:
 * `fields.tool_calls.open_pattern: at 3: a backreference needs backtracking`
 */
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
