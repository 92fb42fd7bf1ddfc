import type { JsonObject } from './json.js'
import type { Wire } from './route.js'

/** What went wrong, as the proxy itself says it. The upstream's own errors pass as they are. */
export type ProblemCode =
  | 'invalid_request'
  | 'request_too_large'
  | 'forbidden_host'
  | 'upstream_unreachable'
  | 'upstream_timeout'
  | 'upstream_invalid'
  | 'upstream_died'
  | 'stopping'
  | 'internal_error'

const STATUS: Record<ProblemCode, number> = {
  invalid_request: 400,
  request_too_large: 413,
  forbidden_host: 403,
  upstream_unreachable: 502,
  upstream_timeout: 504,
  upstream_invalid: 502,
  upstream_died: 502,
  stopping: 503,
  internal_error: 500,
}

const OPENAI_TYPES: Partial<Record<ProblemCode, string>> = {
  invalid_request: 'invalid_request_error',
  request_too_large: 'invalid_request_error',
  forbidden_host: 'permission_error',
}

const ANTHROPIC_TYPES: Partial<Record<ProblemCode, string>> = {
  invalid_request: 'invalid_request_error',
  request_too_large: 'request_too_large',
  forbidden_host: 'permission_error',
  upstream_timeout: 'timeout_error',
  stopping: 'overloaded_error',
}

/** Thrown inside the proxy for what ends in an error reply. Its message is for the person at the client. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number

  constructor(
    readonly code: ProblemCode,
    message: string,
    /** What the upstream said: for the client, not for the log, since it may quote messages. */
    readonly said = '',
  ) {
    super(message)
    this.status = STATUS[code]
  }
}

/**
 * The body of an error reply, in the shape that the clients of the wire read.
 *
 * @example problemBody(new Problem('stopping', 'the proxy is stopping'), 'messages') // { type: 'error', error: { … } }
 */
export function problemBody(problem: Problem, wire: Wire | undefined): object {
  const error = problemError(problem, wire)
  return wire === 'messages' ? { type: 'error', error } : { error }
}

/** The same without what stands round it, for the end of a stream. */
export function problemError({ code, said, message: own }: Problem, wire: Wire | undefined): JsonObject {
  const message = said === '' ? own : `${own}: ${said}`
  if (wire === 'messages') return { type: ANTHROPIC_TYPES[code] ?? 'api_error', message }
  return { message, type: OPENAI_TYPES[code] ?? 'proxy_error', param: null, code }
}
