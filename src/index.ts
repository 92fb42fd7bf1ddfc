import { allFormats } from '../parsers/index.js'
import { type AboutModel, aboutModel as aboutModelOf } from './detect/about-model.js'
import { type AboutTemplateOptions, aboutTemplate as aboutTemplateOf } from './detect/about-template.js'
import { feedbackWith } from './formats/feedback.js'
import { createRegistry } from './formats/registry.js'
import { known } from './formats/unread-formats.js'

export * from './api.js'

const registry = createRegistry(allFormats, known)

// One by one, so that bundlers leave out all that a program does not import.
export const formats = registry.formats
export const getFormat = registry.getFormat
export const createParser = registry.createParser
export const parse = registry.parse
export const parseStream = registry.parseStream
export const parseBatches = registry.parseBatches
export const detect = registry.detect
export const explain = registry.explain
export const formatForModel = registry.formatForModel
export const formatForTemplate = registry.formatForTemplate
export const render = registry.render

/**
 * What a model writes, by its name: its formats with what each engine is told for it, where an engine's own choice is wrong,
 * or in words that it cannot be read yet, writes no calls, or is not known. Names of engines' parsers are known too.
 */
export function aboutModel(model: string): AboutModel {
  return aboutModelOf(model, allFormats, known)
}

/** The same by the chat template, and by the name of the model if that is given. */
export function aboutTemplate(chatTemplate: string, options: AboutTemplateOptions = {}): AboutModel {
  return aboutTemplateOf(chatTemplate, options, allFormats, known)
}

/** The ids of formats that are known by name and cannot be read yet. */
export function unreadFormats(): string[] {
  return known.unread.map(({ id }) => id)
}

/** What to tell the model about its calls that were not run, and how to write them; empty where nothing was wrong. */
export const feedback = /* @__PURE__ */ feedbackWith(registry)
