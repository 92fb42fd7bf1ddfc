import type { Format } from '../../engine/format.js'
import { defineFormat } from '../../formats/define-format.js'
import { interpreted } from './interpreted.js'
import { readTemplate } from './template.js'

export function formatFromResponseTemplate(input: unknown): Format {
  const template = readTemplate(input)
  return defineFormat({ id: 'response-template', families: [interpreted(template)] })
}
