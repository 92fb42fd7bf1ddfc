import { allFormats } from '../parsers/index.js'
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
