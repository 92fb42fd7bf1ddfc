import { realpathSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { LinesPlan } from './line-parser.js'
import type { LineBlock } from './read-lines.js'
import type { LinesAnswer } from './run-lines.js'

/** What a worker is told at its start. */
export interface LineWork {
  readonly plan: LinesPlan
  /** Whether the output goes to a terminal. */
  readonly isTerminal: boolean
}

/** Threads that parse lines. */
export interface LineWorkers {
  /** Has lines answered by the worker that has least to do. */
  take(block: LineBlock): Promise<LinesAnswer>
  close(): Promise<void>
}

interface Waiting {
  resolve(answer: LinesAnswer): void
  reject(error: unknown): void
}

/**
 * Starts threads that run this same command, which then does `workLines`.
 *
 * @example await openLineWorkers(4, { plan, isTerminal: false }).take(block)
 */
export function openLineWorkers(count: number, work: LineWork): LineWorkers {
  const command = realpathSync(process.argv[1] ?? '')
  const workers = Array.from({ length: count }, () => {
    const worker = new Worker(command, { workerData: work })
    const waiting: Waiting[] = []
    const fail = (error: unknown) => {
      for (const { reject } of waiting.splice(0)) reject(error)
    }
    // It answers in order.
    worker.on('message', (answer: LinesAnswer) => waiting.shift()?.resolve(answer))
    worker.on('error', fail)
    worker.on('exit', (code) => fail(new Error(`a worker has ended (${code})`)))
    return { worker, waiting }
  })
  return {
    take(block) {
      const { worker, waiting } = workers.reduce((a, b) => (b.waiting.length < a.waiting.length ? b : a))
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        worker.postMessage(block)
      })
    },
    async close() {
      await Promise.all(workers.map(({ worker }) => worker.terminate()))
    },
  }
}
