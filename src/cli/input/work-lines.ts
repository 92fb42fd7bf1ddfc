import { parentPort, workerData } from 'node:worker_threads'
import { readFormats } from './format-files.js'
import { lineParser } from './line-parser.js'
import type { LineWork } from './line-workers.js'
import type { LineBlock } from './read-lines.js'
import { answerLines } from './run-lines.js'

/** What this command does in a thread of `parse --jsonl --workers`: answers lines until it is ended. */
export async function workLines(): Promise<void> {
  const { plan, isTerminal } = workerData as LineWork
  const parse = lineParser(plan, await readFormats(plan.formatFiles))
  const encoder = new TextEncoder()
  parentPort?.on('message', (block: LineBlock) => {
    const { output, ...rest } = answerLines(block, parse, isTerminal)
    const bytes = encoder.encode(output)
    // Handed over, not copied.
    parentPort?.postMessage({ ...rest, output: bytes }, [bytes.buffer])
  })
}
