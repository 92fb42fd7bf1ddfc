import { PerformanceObserver } from 'node:perf_hooks'
import { createParser, type Parser } from '../src/index.js'
import { textOf, toolsOf } from './callsift.js'
import { collectGarbage } from './memory.js'
import { sink } from './subject.js'
import { chunksOf, makeWorkload } from './workloads.js'

/** So many parsers are open at once on one thread, as in a proxy or a batch. */
const LIVE = 10_000
/** They are at so many different places of their texts. */
const PLACES = 64
/** So many read one after the other are held against them. */
const ALONE = 3000

/** Of parsers that each read a turn in tokens. */
export type LiveFigure =
  /** Nanoseconds for a chunk, if all are open and read by turns. */
  | 'among'
  /** The same, one parser after the other. */
  | 'alone'
  /** The longest pause of the garbage collector while they read by turns, in milliseconds. */
  | 'pause'
  /** Bytes of a parser that has not read anything. Needs `--expose-gc`. */
  | 'bytes'

/** One of the figures. */
export async function liveFigure(format: string, what: LiveFigure): Promise<number> {
  const made = makeWorkload('turn')
  const tools = toolsOf(made)
  const chunks = chunksOf(textOf(format, made), 'tokens')
  const open = (count: number): Parser[] => Array.from({ length: count }, () => createParser({ format, tools }))
  for (let i = 0; i < 500; i++) readByTurns(open(1), chunks)
  if (what === 'alone')
    return (time(() => repeat(ALONE, () => readByTurns(open(1), chunks))) * 1e6) / (ALONE * chunks.length)
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  const parsers = open(LIVE)
  collectGarbage()
  if (what === 'bytes') return (process.memoryUsage().heapUsed - before) / parsers.length
  let longest = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration)
  })
  observer.observe({ entryTypes: ['gc'] })
  const ms = time(() => readByTurns(parsers, chunks))
  // The observer hears of pauses only after them.
  await new Promise((resolve) => setTimeout(resolve, 50))
  observer.disconnect()
  return what === 'pause' ? longest : (ms * 1e6) / (parsers.length * chunks.length)
}

function readByTurns(parsers: readonly Parser[], chunks: readonly string[]): void {
  const places = Math.min(PLACES, parsers.length)
  for (let turn = 0; turn < chunks.length + places; turn++) {
    for (let i = 0; i < parsers.length; i++) {
      const parser = parsers[i] as Parser
      const at = turn - (i % places)
      const chunk = chunks[at]
      if (chunk !== undefined) for (const event of parser.push(chunk)) sink.last = event
      else if (at === chunks.length) for (const event of parser.end()) sink.last = event
    }
  }
}

function repeat(times: number, work: () => void): void {
  for (let i = 0; i < times; i++) work()
}

/** Milliseconds. */
function time(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}
