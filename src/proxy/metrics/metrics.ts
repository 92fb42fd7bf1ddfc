import type { ProblemCode, Refusal } from '../wire/problem.js'
import type { Route } from '../wire/route.js'
import { createModelLabels, labelValue } from './model-labels.js'
import { add, type Tally } from './tally.js'

/** How an exchange with a client ended. */
export type Ending =
  | 'complete'
  | 'client-gone'
  | 'client-silent'
  | 'upstream-died'
  | 'upstream-error'
  | 'timeout'
  | 'stopped'
  | 'refused'
  | 'proxy-error'

/** The numbers of one proxy, as Prometheus reads them. */
export interface Metrics {
  begin(): void
  /** Requests in progress. */
  readonly running: number
  /** Counts a request or a connection that was refused or cut off. */
  refused(why: Refusal): void
  /** Counts a finished exchange. */
  end(exchange: {
    route: Route
    status: number
    ending: Ending
    tally: Tally | undefined
    /** The name of the model in the request. */
    model: string | undefined
    /** Kinds of tools that were left out. */
    leftOut: number
    /** The proxy's own error, where the reply was one. */
    reason: ProblemCode | undefined
    /** How often the model was asked again, and whether its last answer was in order. */
    retry: { asked: number; mended: boolean } | undefined
  }): void
  /** Seconds from the request to the first byte of the reply's body. */
  firstByte(route: Route, seconds: number): void
  /** Seconds from a chunk's arrival until what it came to was ready to send. */
  added(seconds: number): void
  /** The text of `/metrics`. */
  text(): string
}

/** What the reasons stand for. */
const REFUSED =
  'Requests and connections that were refused or cut off, by reason. Of the request: not-http, headers-too-large, method, ' +
  'path, framing, body, body-too-large, depth. Of the client: host, origin, client-key, slow-request (not complete in time), ' +
  'slow-reader (stopped reading its reply). Of the load: bodies, streams, descriptors (raise ulimit -n), stopping.'

const FIRST_BYTE = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]
const ADDED = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25]

/**
 * Makes the numbers of one proxy. Labels take their values from closed lists (wires, statuses, formats, codes), and the
 * names of models are bounded in number, so that no client can make series without end.
 *
 * @example createMetrics().text() // '# HELP callsift_requests_total …'
 */
export function createMetrics(): Metrics {
  const requests = new Map<string, number>()
  const calls = new Map<string, number>()
  const notes = new Map<string, number>()
  const endings = new Map<string, number>()
  const firstBytes = new Map<Route, Histogram>()
  const added = createHistogram(ADDED)
  const refused = new Map<string, number>()
  let running = 0
  const repaired = new Map<string, number>()
  const native = new Map<string, number>()
  const nativeLeftOut = new Map<string, number>()
  const errors = new Map<string, number>()
  const toolsLeftOut = new Map<string, number>()
  const retries = new Map<string, number>()
  const modelLabel = createModelLabels()
  let wrongData = 0

  function countTally(tally: Tally, model: string): void {
    const of = `model="${modelLabel(model)}"`
    if (tally.nativeCalls > 0) add(native, of, tally.nativeCalls)
    if (tally.nativeCallsLeftOut > 0) add(nativeLeftOut, of, tally.nativeCallsLeftOut)
    wrongData += tally.wrongData
    for (const [key, amount] of tally.calls) {
      const at = key.lastIndexOf(' ')
      add(calls, `${of},format="${labelValue(key.slice(0, at))}",status="${key.slice(at + 1)}"`, amount)
    }
    for (const [format, amount] of tally.repaired) add(repaired, `${of},format="${labelValue(format)}"`, amount)
    for (const [code, amount] of tally.notes) add(notes, `code="${code}"`, amount)
  }

  function countRetries({ asked, mended }: { asked: number; mended: boolean }, model: string): void {
    const of = `model="${modelLabel(model)}"`
    const failed = mended ? asked - 1 : asked
    if (mended) add(retries, `${of},outcome="mended"`)
    if (failed > 0) add(retries, `${of},outcome="failed"`, failed)
  }

  return {
    begin() {
      running++
    },
    get running() {
      return running
    },
    refused: (why) => add(refused, `reason="${why}"`),
    end({ route, status, ending, tally, model = '', leftOut, reason, retry }) {
      running--
      add(requests, `wire="${route}",status="${status}"`)
      add(endings, `ending="${ending}"`)
      if (reason !== undefined) add(errors, `reason="${reason}"`)
      if (leftOut > 0) add(toolsLeftOut, `wire="${route}"`, leftOut)
      // Only models that the upstream knows have numbers.
      if (tally !== undefined && status < 300) countTally(tally, model)
      if (retry !== undefined && retry.asked > 0) countRetries(retry, model)
    },
    firstByte(route, seconds) {
      let histogram = firstBytes.get(route)
      if (histogram === undefined) {
        histogram = createHistogram(FIRST_BYTE)
        firstBytes.set(route, histogram)
      }
      histogram.observe(seconds)
    },
    added: (seconds) => added.observe(seconds),
    text() {
      const lines = [
        ...family('requests_total', 'counter', 'Requests, by endpoint and status of the reply.', requests),
        ...family('endings_total', 'counter', 'Requests, by how they ended.', endings),
        ...family('refused_total', 'counter', REFUSED, refused),
        ...family('requests_running', 'gauge', 'Requests in progress.', new Map([['', running]])),
        ...family('errors_total', 'counter', 'Errors that the proxy itself replied with, by reason.', errors),
        ...family(
          'calls_total',
          'counter',
          'Calls found in text, by model, format and status: complete, malformed, or truncated (cut off).',
          calls,
        ),
        ...family('calls_repaired_total', 'counter', 'Complete calls whose text was repaired.', repaired),
        ...family('retries_total', 'counter', 'Retries of calls, by outcome: mended, or failed.', retries),
        ...family('native_calls_total', 'counter', 'Calls that the upstream parsed itself.', native),
        ...family(
          'native_calls_left_out_total',
          'counter',
          'Calls that the upstream parsed itself, left out because the text holds the calls too.',
          nativeLeftOut,
        ),
        ...family('tools_left_out_total', 'counter', 'Tools in requests that were left out, by kind.', toolsLeftOut),
        ...family('wrong_data_total', 'counter', 'Invalid chunks from upstreams.', new Map([['', wrongData]])),
        ...family('notes_total', 'counter', 'Notes of the parser, by code.', notes),
        ...head('time_to_first_byte_seconds', 'histogram', 'From the request to the first byte of the reply.'),
        ...[...firstBytes].flatMap(([route, histogram]) =>
          histogram.lines('time_to_first_byte_seconds', `wire="${route}"`),
        ),
        ...head('added_latency_seconds', 'histogram', 'From the arrival of a chunk until its result is ready to send.'),
        ...added.lines('added_latency_seconds', ''),
      ]
      return `${lines.join('\n')}\n`
    },
  }
}

interface Histogram {
  observe(seconds: number): void
  lines(name: string, labels: string): string[]
}

function createHistogram(bounds: readonly number[]): Histogram {
  const counts = bounds.map(() => 0)
  let total = 0
  let sum = 0
  return {
    observe(seconds) {
      total++
      sum += seconds
      const at = bounds.findIndex((bound) => seconds <= bound)
      if (at >= 0) counts[at] = (counts[at] ?? 0) + 1
    },
    lines(name, labels) {
      let below = 0
      const comma = labels === '' ? '' : ','
      const buckets = bounds.map((bound, i) => {
        below += counts[i] ?? 0
        return `callsift_${name}_bucket{${labels}${comma}le="${bound}"} ${below}`
      })
      const set = labels === '' ? '' : `{${labels}}`
      return [
        ...buckets,
        `callsift_${name}_bucket{${labels}${comma}le="+Inf"} ${total}`,
        `callsift_${name}_sum${set} ${sum}`,
        `callsift_${name}_count${set} ${total}`,
      ]
    },
  }
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP callsift_${name} ${help}`, `# TYPE callsift_${name} ${type}`]
}

function family(name: string, type: string, help: string, values: ReadonlyMap<string, number>): string[] {
  const lines = [...values].map(([labels, value]) => `callsift_${name}${labels === '' ? '' : `{${labels}}`} ${value}`)
  return [...head(name, type, help), ...lines]
}
