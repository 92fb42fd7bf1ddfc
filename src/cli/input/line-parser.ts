import type { ParseEvent, ParserOptions, ToolsInput } from '../../index.js'
import { callIdsFrom, toWire, type Wire } from '../output/wire.js'
import { UsageError } from '../verb.js'
import { asObject } from './fields.js'
import type { KnownFormats } from './format-files.js'
import { knownFormat } from './parser-flags.js'
import type { LineAnswer, LineRecord } from './run-lines.js'

/** What holds for every line, unless the line says otherwise. Workers get it as a copy. */
export interface LinesRequest {
  readonly format: string | undefined
  readonly model: string | undefined
  /** Files of formats, which each worker reads. */
  readonly formatFiles: readonly string[]
  readonly options: Omit<ParserOptions, 'format'>
  readonly wire: Wire
}

/** The same, with the format that holds for all lines. */
export interface LinesPlan extends LinesRequest {
  readonly chosen: string
}

/** The parser of one line. */
export function lineParser(plan: LinesPlan, formats: KnownFormats): (record: LineRecord) => LineAnswer {
  return (record) => {
    const { fields } = record
    const { completion } = fields
    if (typeof completion !== 'string') throw new UsageError(`"completion" is ${kindOf(completion)}; expected a string`)
    const options = lineOptions(fields.options)
    const own = plan.format === undefined && plan.model === undefined ? (options.format ?? fields.format) : undefined
    const format = typeof own === 'string' ? knownFormat(own, formats.getFormat) : plan.chosen
    const tools = (fields.tools ?? plan.options.tools) as ToolsInput | null | undefined
    const parser = formats.createParser({ ...plan.options, ...options, ...(tools ? { tools } : {}), format })
    const events = [...parser.push(completion), ...parser.end()]
    return answer(record, plan, completion, events)
  }
}

function lineOptions(value: unknown): Partial<ParserOptions> {
  if (value === undefined || value === null) return {}
  const options = asObject(value)
  if (options === undefined)
    throw new UsageError(`"options" is ${kindOf(value)}; expected an object such as {"coerce": true}`)
  return options
}

function answer(
  { id, fields }: LineRecord,
  { wire, model }: LinesRequest,
  completion: string,
  events: readonly ParseEvent[],
): LineAnswer {
  const own = typeof fields.model === 'string' ? fields.model : undefined
  const head = { id: String(id), callIds: callIdsFrom(completion), model: model ?? own ?? 'unknown' }
  const last = events.at(-1)
  // The id of the line stays what it was, where the wire takes strings only too.
  const output = Object.assign({ id }, toWire(wire, events, head), { id })
  return { output, status: last?.type === 'end' ? last.status : 'truncated' }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
