import { createParser, type Parser } from '../src/index.js'
import { textOf, toolsOf } from './callsift.js'
import { sink } from './subject.js'
import { chunksOf, codeOf, flat, type Workload } from './workloads.js'

/** Chunks that are timed. */
const TIMED = 2000

function file(length: number, latin?: string): Workload {
  return { content: '', calls: [{ name: 'write_file', arguments: { path: 'a.ts', content: latin ?? codeOf(length) } }] }
}

/** A parser that is in the middle of a string argument of which it has read so much. */
function started(format: string, read: readonly string[], tools: Record<string, object>): Parser {
  const parser = createParser({ format, tools })
  for (const chunk of read) for (const event of parser.push(chunk)) sink.last = event
  return parser
}

/** Nanoseconds for one more chunk when `read` characters of a string argument have been read. */
export function growthCost(format: string, read: number): number {
  const made = file(read + 20_000)
  const text = textOf(format, made)
  const tools = toolsOf(made)
  // The text before comes in one piece of chunks as a model sends them, so that the state is the usual one.
  const before = chunksOf(flat(text.slice(0, read)), 'tokens')
  const more = chunksOf(flat(text.slice(read, read + 12_000)), 'tokens').slice(0, TIMED)
  const samples: number[] = []
  for (let i = 0; i < (read > 500_000 ? 5 : 15); i++) {
    const parser = started(format, before, tools)
    const start = performance.now()
    for (const chunk of more) for (const event of parser.push(chunk)) sink.last = event
    samples.push(((performance.now() - start) * 1e6) / more.length)
  }
  return Math.min(...samples)
}

/** Microseconds from a new parser to the first piece of arguments, fed in tokens. */
export function firstDelta(format: string): number {
  const made = file(1000)
  const tools = toolsOf(made)
  const chunks = chunksOf(textOf(format, made), 'tokens')
  const samples: number[] = []
  for (let i = 0; i < 2000; i++) {
    const start = performance.now()
    const parser = createParser({ format, tools })
    if (!chunks.some((chunk) => parser.push(chunk).some((event) => event.type === 'arguments'))) return Number.NaN
    samples.push((performance.now() - start) * 1000)
  }
  return samples.sort((a, b) => a - b)[samples.length >> 1] as number
}
