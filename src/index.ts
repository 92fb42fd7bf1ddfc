import { allFormats } from '../parsers/index.js'
import { feedbackWith } from './formats/feedback.js'
import { createRegistry } from './formats/registry.js'

export * from './api.js'

const registry = createRegistry(allFormats)

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
/** What to tell the model about its calls that were not run, and how to write them; empty where nothing was wrong. */
export const feedback = /* @__PURE__ */ feedbackWith(registry)
