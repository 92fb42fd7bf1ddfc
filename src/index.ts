import { allFormats } from '../parsers/index.js'
import { createRegistry } from './formats/registry.js'

export * from './api.js'

const registry = createRegistry(allFormats)

export const {
  formats,
  getFormat,
  createParser,
  parse,
  parseStream,
  parseBatches,
  detect,
  explain,
  formatForModel,
  formatForTemplate,
  render,
} = registry
