import type { ToolsInput } from '../../index.js'
import { createParser, type ParseEvent, type ParserOptions } from '../../index.js'
import { callIdsFrom, toWire, type Wire } from '../output/wire.js'
import { UsageError } from '../verb.js'
import { asObject } from './fields.js'
import { openLineWorkers } from './line-workers.js'
import { chooseFormat } from './parser-flags.js'
import { type LineAnswer, type LineRecord, runLines, writeLines } from './run-lines.js'

/** What holds for every line, unless the line says otherwise. Workers get it as a copy. */
export interface LinesRequest {
  readonly format: string | undefined
  readonly model: string | undefined
  readonly options: Omit<ParserOptions, 'format'>
  readonly wire: Wire
}

/** The same, with the format that holds for all lines. */
export interface LinesPlan extends LinesRequest {
  readonly chosen: string
}

/**
 * Parses a file of `{"id", "completion", "tools"?, "options"?}` lines. A line's own tools and options come before those of
 * the command; its own `format` counts where the command names none.
 * @param workers how many threads parse; the output is the same for any number
 * @returns the exit code
 */
export async function parseLines(file: string | undefined, request: LinesRequest, workers: number): Promise<number> {
  const { format: chosen, startInReasoning } = chooseFormat(request)
  const options = startInReasoning === true ? { startInReasoning, ...request.options } : request.options
  const plan = { ...request, options, chosen }
  if (workers === 1) return runLines(file, lineParser(plan))
  const pool = openLineWorkers(workers, { plan, isTerminal: process.stdout.isTTY === true })
  try {
    return await writeLines(file, AHEAD * workers, pool.take)
  } finally {
    await pool.close()
  }
}

/** Blocks that each worker has at once: one in hand, and one that waits. */
const AHEAD = 2

/** The parser of one line. */
export function lineParser(plan: LinesPlan): (record: LineRecord) => LineAnswer {
  return (record) => {
    const { fields } = record
    const { completion } = fields
    if (typeof completion !== 'string') throw new UsageError(`"completion" is ${kindOf(completion)}; expected a string`)
    const options = lineOptions(fields.options)
    const own = plan.format === undefined && plan.model === undefined ? (options.format ?? fields.format) : undefined
    const { format } = typeof own === 'string' ? chooseFormat({ format: own }) : { format: plan.chosen }
    const tools = (fields.tools ?? plan.options.tools) as ToolsInput | null | undefined
    const parser = createParser({ ...plan.options, ...options, ...(tools ? { tools } : {}), format })
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
