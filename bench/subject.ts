import type { Feed, WorkloadId } from './workloads.js'

/** One measurement to take: a workload, written in a format, fed in one way. */
export interface Task {
  readonly format: string
  readonly workload: WorkloadId
  readonly feed: Feed
}

/** A task with all its text made, ready to be timed. */
export interface Trial {
  /** What is wrong with what comes out, or undefined. */
  check(): string | undefined | Promise<string | undefined>
  run(): unknown
}

/** Something to measure: the library with one format, a peer, or a bound. Each lives in a process of its own. */
export interface Subject {
  /** Undefined where it cannot do the task at all. */
  prepare(task: Task): Trial | undefined
}

/** Thrown by a trial that is at it for longer than `PATIENCE`. */
export class TooSlow extends Error {
  override name = 'TooSlow'
}

/** Milliseconds that one reading may take. Peers that read old text again would take minutes. */
export const PATIENCE = 1500

/** Hands the chunks on, and gives up when it takes too long. */
export function* patiently(chunks: readonly string[]): Generator<string> {
  const end = performance.now() + PATIENCE
  for (let i = 0; i < chunks.length; i++) {
    if (i % 64 === 63 && performance.now() > end) throw new TooSlow()
    yield chunks[i] as string
  }
}

/** Keeps what it is given from being optimised away. */
export const sink: { last: unknown } = { last: undefined }
