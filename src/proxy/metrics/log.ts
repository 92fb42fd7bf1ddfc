import type { Route } from '../wire/route.js'
import type { Ending } from './metrics.js'
import type { Tally } from './tally.js'

/** One line of the log. Numbers, names and codes; texts of messages only where they were asked for. */
export interface LogRecord {
  /** ISO 8601. */
  time: string
  level: 'info' | 'warn' | 'error'
  event: 'request' | 'upstream' | 'connection' | 'record' | 'start' | 'stop' | 'worker'
  [field: string]: unknown
}

/** Takes the records. */
export type Log = (record: LogRecord) => void

/** What is known of a request when it has ended. */
export interface Finished {
  readonly route: Route
  readonly method: string
  /** Without the query, which may hold keys. */
  readonly path: string
  readonly status: number
  readonly ending: Ending
  readonly model: string | undefined
  /** The format that was chosen before the text was read, and why. */
  readonly format: string | undefined
  readonly why: string | undefined
  readonly stream: boolean
  readonly tally: Tally | undefined
  readonly retry: { readonly asked: number; readonly mended: boolean } | undefined
  readonly leftOut: readonly string[]
  readonly finish: string | undefined
  readonly problem: string | undefined
  /** Milliseconds. */
  readonly firstByte: number | undefined
  readonly duration: number
  /** The raw text of the model, where contents are logged. */
  readonly text: string | undefined
}

/**
 * The record of a request.
 *
 * @example log(requestRecord(finished))
 */
export function requestRecord(finished: Finished): LogRecord {
  const { tally, format } = finished
  const read = tally?.format
  return compact({
    time: new Date().toISOString(),
    level: levelOf(finished),
    event: 'request',
    wire: finished.route,
    method: finished.method,
    path: finished.path,
    status: finished.status,
    ending: finished.ending,
    model: finished.model,
    format: format === 'auto' && read !== undefined && read !== 'auto' ? `auto: ${read}` : format,
    why: finished.why,
    stream: finished.stream || undefined,
    calls: tally && counted(tally.calls),
    nativeCalls: tally?.nativeCalls || undefined,
    nativeCallsLeftOut: tally?.nativeCallsLeftOut || undefined,
    wrongData: tally?.wrongData || undefined,
    notes: tally && counted(tally.notes),
    retries: finished.retry?.asked || undefined,
    mended: finished.retry?.asked ? finished.retry.mended : undefined,
    toolsLeftOut: finished.leftOut.length > 0 ? finished.leftOut : undefined,
    finish: finished.finish,
    problem: finished.problem,
    firstByteMs: finished.firstByte && round(finished.firstByte),
    durationMs: round(finished.duration),
    text: finished.text,
  })
}

function levelOf({ ending, status }: Finished): LogRecord['level'] {
  if (ending === 'complete' || ending === 'client-gone' || ending === 'stopped') return status < 400 ? 'info' : 'warn'
  return ending === 'refused' || ending === 'client-silent' ? 'warn' : 'error'
}

function counted(counts: ReadonlyMap<string, number>): Record<string, number> | undefined {
  return counts.size === 0 ? undefined : Object.fromEntries(counts)
}

function compact(record: LogRecord): LogRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as LogRecord
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
