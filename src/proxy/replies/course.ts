import type { Recorder } from '../metrics/capture.js'
import { type Log, requestRecord } from '../metrics/log.js'
import type { Ending, Metrics } from '../metrics/metrics.js'
import type { ProblemCode } from '../wire/problem.js'
import type { Route } from '../wire/route.js'
import { type ChosenFormat, formatId } from './choose-format.js'
import type { Reading, Seen } from './reading.js'

/** What becomes known of a request while it is answered; told once, when it is over. */
export interface Course {
  readonly route: Route
  model: string | undefined
  stream: boolean
  chosen: ChosenFormat | undefined
  reading: (Reading & Seen) | undefined
  /** Where the exchange is recorded. */
  readonly recorder: Recorder | undefined
  /** The proxy's own error, where the reply is one. */
  reason: ProblemCode | undefined
  /** Kinds of tools that the request has and that are not taken. */
  leftOut: readonly string[]
  status: number
  /** A byte of the body goes out. Only the first counts. */
  sending(): void
  /** Does something once it is over. */
  afterwards(run: () => void): void
  /** It is over. Only the first time counts; false for later ones. */
  over(ending: Ending, problem?: string): boolean
}

/**
 * Begins to follow a request.
 *
 * @example const course = createCourse('chat', 'POST', '/v1/chat/completions', metrics, log, undefined)
 */
export function createCourse(
  route: Route,
  method: string,
  path: string,
  metrics: Metrics,
  log: Log | undefined,
  recorder: Recorder | undefined,
): Course {
  const start = performance.now()
  let firstByte: number | undefined
  let isOver = false
  let last: (() => void) | undefined
  metrics.begin()
  const course: Course = {
    route,
    model: undefined,
    stream: false,
    chosen: undefined,
    reading: undefined,
    recorder,
    leftOut: [],
    reason: undefined,
    status: 200,
    sending() {
      if (firstByte !== undefined) return
      firstByte = performance.now() - start
      metrics.firstByte(route, firstByte / 1000)
    },
    afterwards(run) {
      if (isOver) run()
      else last = run
    },
    over(ending, problem) {
      if (isOver) return false
      isOver = true
      last?.()
      const { status, reading, chosen } = course
      const { model, leftOut, reason } = course
      const retry = reading?.retry
      metrics.end({ route, status, ending, tally: reading?.tally, model, leftOut: leftOut.length, reason, retry })
      const format = chosen && formatId(chosen)
      if (log === undefined && recorder === undefined) return true
      const record = requestRecord({
        route,
        method,
        path,
        status,
        ending,
        problem,
        firstByte,
        format,
        model: course.model,
        why: chosen?.why,
        stream: course.stream,
        tally: reading?.tally,
        retry,
        leftOut: course.leftOut,
        finish: reading?.seenFinish(),
        duration: performance.now() - start,
        text: reading?.seenText(),
      })
      log?.(record)
      recorder?.over(record)
      return true
    },
  }
  return course
}
