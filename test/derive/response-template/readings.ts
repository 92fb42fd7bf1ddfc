import { readFileSync } from 'node:fs'
import { formatFromResponseTemplate } from '../../../src/derive/derive.js'
import { interpreted } from '../../../src/derive/response-template/interpreted.js'
import { readTemplate } from '../../../src/derive/response-template/template.js'
import type { Format } from '../../../src/engine/format.js'
import { defineFormat } from '../../../src/formats/define-format.js'
import type { ParserOptions, ToolsInput } from '../../../src/index.js'

/** A response template, and where it is published. */
export interface Published {
  readonly id: string
  readonly source: string
  readonly template: Record<string, unknown>
}

/** What transformers reads of an output of a template's model, or the error that it raises. */
export interface TheirReading {
  readonly template: string
  readonly case: string
  readonly prompt: string
  readonly text: string
  readonly tools: boolean
  readonly message?: Readonly<Record<string, unknown>>
  readonly error?: string
}

const read = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')

export const published: readonly Published[] = JSON.parse(read('templates.json'))
export const theirReadings: readonly TheirReading[] = read('readings.jsonl')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line))
const tools: ToolsInput = JSON.parse(read('tools.json'))

export function templateOf(id: string): Record<string, unknown> {
  const found = published.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no template ${id}`)
  return found.template
}

/** The format that everybody gets, and the one that is read by the template alone. */
export const MADE: readonly (readonly [how: string, make: (template: unknown) => Format])[] = [
  ['formatFromResponseTemplate', (template) => formatFromResponseTemplate(template)],
  [
    'the interpreter',
    (template) => defineFormat({ id: 'interpreted', families: [interpreted(readTemplate(template))] }),
  ],
]

export function optionsFor({ prompt, tools: withTools }: TheirReading, format: Format): ParserOptions {
  return { format, prompt, ...(withTools ? { tools } : {}) }
}
