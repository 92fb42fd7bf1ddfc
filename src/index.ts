import { allFormats } from '../parsers/index.js'
import { createRegistry } from './registry.js'

export * from './core.js'

const registry = createRegistry(allFormats)

export const { formats, getFormat, createParser, parse, parseStream, parseBatches, render } = registry
