import type { JsonObject } from './json.js'
import type { Wire } from './route.js'

/** What went wrong, as the proxy itself says it. The upstream's own errors pass as they are. */
export type ProblemCode =
  | 'invalid_request'
  | 'invalid_client_key'
  | 'forbidden_host'
  | 'forbidden_origin'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'request_too_large'
  | 'headers_too_large'
  | 'expectation_failed'
  | 'overloaded'
  | 'upstream_unreachable'
  | 'upstream_closed'
  | 'upstream_timeout'
  | 'upstream_invalid'
  | 'upstream_died'
  | 'stopping'
  | 'internal_error'

/** Why a request was refused, as the metrics name it. */
export type Refusal =
  | 'not-http'
  | 'headers-too-large'
  | 'method'
  | 'path'
  | 'framing'
  | 'host'
  | 'origin'
  | 'client-key'
  | 'body'
  | 'body-too-large'
  | 'depth'
  | 'bodies'
  | 'slow-request'
  | 'slow-reader'
  | 'streams'
  | 'descriptors'
  | 'stopping'

const STATUS: Record<ProblemCode, number> = {
  invalid_request: 400,
  invalid_client_key: 401,
  forbidden_host: 403,
  forbidden_origin: 403,
  method_not_allowed: 405,
  request_timeout: 408,
  request_too_large: 413,
  headers_too_large: 431,
  expectation_failed: 417,
  overloaded: 503,
  upstream_unreachable: 502,
  upstream_closed: 502,
  upstream_timeout: 504,
  upstream_invalid: 502,
  upstream_died: 502,
  stopping: 503,
  internal_error: 500,
}

const OPENAI_TYPES: Partial<Record<ProblemCode, string>> = {
  invalid_request: 'invalid_request_error',
  invalid_client_key: 'authentication_error',
  forbidden_host: 'permission_error',
  forbidden_origin: 'permission_error',
  method_not_allowed: 'invalid_request_error',
  request_timeout: 'invalid_request_error',
  request_too_large: 'invalid_request_error',
  headers_too_large: 'invalid_request_error',
  expectation_failed: 'invalid_request_error',
}

const ANTHROPIC_TYPES: Partial<Record<ProblemCode, string>> = {
  ...OPENAI_TYPES,
  request_too_large: 'request_too_large',
  overloaded: 'overloaded_error',
  stopping: 'overloaded_error',
  upstream_timeout: 'timeout_error',
}

/** Seconds after which a client may try again where the proxy has too much to do. */
const RETRY_AFTER = '1'

/** Thrown inside the proxy for what ends in an error reply. Its message is for the person at the client. */
export class Problem extends Error {
  override name = 'Problem'
  readonly status: number

  constructor(
    readonly code: ProblemCode,
    message: string,
    /** For requests that are refused. */
    readonly refusal?: Refusal,
    /** What the upstream said: for the client, not for the log, since it may quote messages. */
    readonly said = '',
  ) {
    super(message)
    this.status = STATUS[code]
  }
}

/** What was thrown, in its own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
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

/**
 * The headers of an error reply.
 *
 * @example problemHeaders(new Problem('overloaded', '…', 'streams')).get('retry-after') // '1'
 */
export function problemHeaders({ code }: Problem): Headers {
  const headers = new Headers({ 'content-type': 'application/json' })
  if (code === 'overloaded' || code === 'stopping') headers.set('retry-after', RETRY_AFTER)
  if (code === 'invalid_client_key') headers.set('www-authenticate', 'Bearer')
  return headers
}
