/**
 * `callsift`: parses the raw text of open-weight models, in any registered format.
 *
 *     import { parse } from 'callsift'
 *     const { content, reasoning, toolCalls } = parse(text, { format: 'hermes', tools })
 *
 * All offsets are UTF-16 code units, as `String.prototype.slice` takes them. Text never throws; wrong options do.
 */
import { allFormats } from '../parsers/index.js'
import { type AboutModel, aboutModel as aboutModelOf } from './detect/about-model.js'
import { type AboutTemplateOptions, aboutTemplate as aboutTemplateOf } from './detect/about-template.js'
import { feedbackWith } from './formats/feedback.js'
import { createRegistry } from './formats/registry.js'
import { known } from './formats/unread-formats.js'

export * from './api.js'

const registry = createRegistry(allFormats, known)

// One by one, so that bundlers leave out all that a program does not import.

/** Every format, in the order in which `auto` prefers them. */
export const formats = registry.formats

/**
 * The format with this id, alias or engine's name.
 *
 * @throws RangeError for an unknown name, with the nearest names or what engines mean by it
 * @example getFormat('qwen3_xml').id // 'qwen3-coder'
 */
export const getFormat = registry.getFormat

/**
 * Makes a parser for one text: `push` each chunk, then `end`. Both return the events that are certain by then.
 *
 * @throws TypeError or RangeError for wrong options, which says what is expected
 * @example
 * const parser = createParser({ format: 'hermes' })
 * for (const chunk of chunks) for (const event of parser.push(chunk)) console.log(event)
 * for (const event of parser.end()) console.log(event)
 */
export const createParser = registry.createParser

/**
 * Parses a whole text. `end` says why it ended: `stop` (default), `length` or `abort`.
 *
 * @returns content, reasoning, complete calls (`toolCalls`), all other calls (`incomplete`), notes, and the status
 * @throws TypeError or RangeError for wrong options; no text throws
 * @example parse('<tool_call>{"name": "f", "arguments": {}}</tool_call>', { format: 'hermes' }).toolCalls[0]?.name // 'f'
 */
export const parse = registry.parse

/**
 * Parses a stream of strings or UTF-8 bytes, one event at a time.
 *
 * @throws (while iterating) TypeError or RangeError for wrong options, what the source throws, or the signal's reason
 * @example for await (const event of parseStream(response.body, { format: 'hermes', signal })) console.log(event)
 */
export const parseStream = registry.parseStream

/**
 * Like `parseStream`, but yields the events of each chunk together, which is faster. A chunk without events yields nothing.
 *
 * @throws as `parseStream` does
 * @example for await (const events of parseBatches(response.body, { format: 'hermes' })) for (const event of events) use(event)
 */
export const parseBatches = registry.parseBatches

/**
 * The formats that find calls in a text, best first, each with a score from 0 to 1 and where the calls begin. Empty for
 * prose, data and code.
 *
 * @example detect('<tool_call>{"name": "f", "arguments": {}}</tool_call>')[0]?.format // 'hermes'
 */
export const detect = registry.detect

/**
 * What became of every character of a text and by which rule (`spans`), the result of `parse`, and what to do about it
 * (`advice`).
 *
 * @throws TypeError or RangeError for wrong options
 * @example explain('Put it in <tool_call> tags.', { format: 'hermes' }).advice[0] // '<tool_call> opens nothing: …'
 */
export const explain = registry.explain

/**
 * The formats that a model of this name writes, best first, each with the reason. Empty for an unknown name.
 *
 * @example formatForModel('Qwen/Qwen2.5-7B-Instruct')[0]?.format // 'hermes'
 */
export const formatForModel = registry.formatForModel

/**
 * The formats that a chat template writes, best first: by the calls that it renders, if `render` is given (any Jinja
 * library), and otherwise by the markers in its source.
 */
export const formatForTemplate = registry.formatForTemplate

/**
 * Writes calls as a model of the format would. `parse` reads the result as the same calls.
 *
 * @throws RenderError for what the format cannot express, such as one of its markers inside the content
 * @example render([{ name: 'f', arguments: { a: 1 } }], { format: 'hermes', content: 'I call.' })
 */
export const render = registry.render

/**
 * All that is known about a model's name (or an engine's name for a parser): the formats it writes, the flags to set in each
 * engine, and where an engine's default is wrong. `says` puts it in words, also when the model's format cannot be read
 * yet, the model writes no calls, or the name is unknown.
 *
 * @example aboutModel('Qwen/Qwen3-8B').formats[0]?.format // 'hermes'
 */
export function aboutModel(model: string): AboutModel {
  return aboutModelOf(model, allFormats, known)
}

/** The same by a chat template, and by the name of the model if `options` has one. */
export function aboutTemplate(chatTemplate: string, options: AboutTemplateOptions = {}): AboutModel {
  return aboutTemplateOf(chatTemplate, options, allFormats, known)
}

/** The ids of formats that callsift knows by name but cannot read yet. */
export function unreadFormats(): string[] {
  return known.unread.map(({ id }) => id)
}

/**
 * What to tell the model about its calls that were not run: what was wrong with each, and how to write it. An empty string if
 * nothing was wrong.
 *
 * @example feedback(parse(text, { format: 'hermes', tools }), { tools }) // 'Your call of "f" was not run: …'
 */
export const feedback = /* @__PURE__ */ feedbackWith(registry)
