import { createParser } from '../src/index.js'
import { textOf, toolsOf } from './callsift.js'
import { sink } from './subject.js'
import { chunksOf, flat, latinCodeOf, type Workload } from './workloads.js'

const LENGTH = 1_000_000

/**
 * `retained`: bytes that a parser holds for each character (Latin-1) of a string argument it is in the middle of.
 * `allocated`: bytes for each chunk, of parser and events together. Both fed in tokens; the events are thrown away.
 */
export function memoryOf(format: string, what: 'retained' | 'allocated'): number {
  const made: Workload = {
    content: '',
    calls: [
      { name: 'write_file', arguments: { path: 'a.ts', content: latinCodeOf(what === 'retained' ? LENGTH : 80_000) } },
    ],
  }
  const text = textOf(format, made)
  // Each a string of its own, as from a network: a piece of a longer one has the width of its widest character.
  const chunks = chunksOf(flat(text.slice(0, -100)), 'tokens').map(flat)
  const tools = toolsOf(made)
  const samples: number[] = []
  // What is not compiled yet allocates for itself: the first readings do not count.
  for (let i = -40; i < 15; i++) {
    const parser = createParser({ format, tools })
    if (i >= 0) collectGarbage()
    const before = process.memoryUsage().heapUsed
    for (const chunk of chunks) for (const event of parser.push(chunk)) sink.last = event
    if (what === 'retained') collectGarbage()
    const bytes = process.memoryUsage().heapUsed - before
    if (i >= 0) samples.push(bytes / (what === 'retained' ? text.length : chunks.length))
    parser.end()
  }
  // The least: collecting garbage throws compiled code away now and then, and what runs instead allocates twice as much.
  return Math.min(...samples)
}

export function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc')
  globalThis.gc()
  globalThis.gc()
}
