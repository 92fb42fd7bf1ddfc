import type { Feed, WorkloadId } from './workloads.js'

/** The library in a process that has read other formats too. */
export const AMONG_OTHERS = 'among eight formats'
/** The library that is not told the format. */
export const BY_AUTO = 'with auto'

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

/** An event, as far as a reader of a stream looks at it. */
interface Streamed {
  readonly type: string
  readonly call?: unknown
}

/** Reads a parser as people do, by a loop over the events of each chunk: the same loop for the library and its bound. The calls. */
export function readStream(
  parser: { push(chunk: string): readonly Streamed[]; end(): readonly Streamed[] },
  chunks: readonly string[],
): unknown[] {
  const calls: unknown[] = []
  const take = (event: Streamed): void => {
    sink.last = event
    if (event.type === 'call-end') calls.push(event.call)
  }
  for (const chunk of chunks) for (const event of parser.push(chunk)) take(event)
  // A call without a close marker ends with its text: a brace too many would belong to it.
  for (const event of parser.end()) take(event)
  return calls
}

/** Keeps what it is given from being optimised away. */
export const sink: { last: unknown } = { last: undefined }
