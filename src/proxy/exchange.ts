import { createUpstream, type Upstream } from './ask.js'
import type { Shared } from './ask-model.js'
import { converse, passed, type Reply } from './converse.js'
import { countTokens } from './count-tokens.js'
import { type Course, createCourse } from './course.js'
import { replyHeaders, requestHeaders } from './headers.js'
import { isObject, readJson } from './json.js'
import { createMetrics } from './metrics.js'
import { createModelNames } from './model-names.js'
import type { ProxySettings } from './options.js'
import { Problem, problemBody } from './problem.js'
import { Refused } from './prompt.js'
import { type Route, routeOf, upstreamUrl, type Wire } from './route.js'
import { readAll, TooLong, type Transport } from './transport.js'

export type { Reply } from './converse.js'

/** A request of a client, as any server can give it. */
export interface ClientRequest {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array>
  /** Fires when the client has gone. */
  readonly gone: AbortSignal
}

/** The proxy without a server: a request in, a reply out. */
export interface Exchange {
  /** Never throws: what goes wrong is a reply. */
  answer(request: ClientRequest): Promise<Reply>
  /** From now on `/health` says that the proxy stops. */
  drain(): void
}

/**
 * Makes the proxy for one upstream.
 *
 * @example createExchange(readProxyOptions(options, registry), createFetchTransport(fetch)).answer(request)
 */
export function createExchange(settings: ProxySettings, transport: Transport): Exchange {
  const metrics = createMetrics()
  const { log, stop } = settings
  const hinted = new Set<string>()
  let draining = false
  const shared: Shared = {
    settings,
    modelNames: createModelNames(),
    refusesToolChoice: false,
    counting: { by: undefined, until: 0 },
    added: (ms) => metrics.added(ms / 1000),
    hint(message) {
      if (hinted.has(message)) return
      hinted.add(message)
      log?.({ time: new Date().toISOString(), level: 'warn', event: 'upstream', message })
    },
  }

  async function exchange(request: ClientRequest, course: Course, upstream: Upstream): Promise<Reply> {
    const { route } = course
    if (stop.rung) throw new Problem('stopping', 'the proxy is being stopped')
    const body = await readBody(request, settings.bodyLimit)
    if (route === 'chat' || route === 'responses' || route === 'messages' || route === 'count_tokens') {
      const json = readJson(new TextDecoder().decode(body))
      if (!isObject(json)) throw new Problem('invalid_request', 'the body of the request is no JSON object')
      if (route === 'count_tokens') {
        course.model = typeof json.model === 'string' ? json.model : undefined
        const reply = await countTokens(shared, json, request.headers, upstream)
        course.over('complete')
        return reply
      }
      return converse(
        shared,
        { wire: route, body: json, headers: request.headers, gone: request.gone },
        upstream,
        course,
      )
    }
    const headers = requestHeaders(request.headers, settings.credentials)
    const url = upstreamUrl(settings.upstream, request.path)
    const reply = await upstream.ask({ url, method: request.method, headers, body: body.length > 0 ? body : undefined })
    course.status = reply.status
    return { status: reply.status, headers: replyHeaders(reply.headers, 'as-is'), body: passed(reply.body, course) }
  }

  return {
    async answer(request) {
      const path = request.path.split('?', 1)[0] ?? ''
      const route = routeOf(request.method, path)
      if (route === 'metrics') return textReply(200, 'text/plain; version=0.0.4; charset=utf-8', metrics.text())
      if (route === 'health') return draining || stop.rung ? health(503, 'stopping') : health(200, 'ok')
      const course = createCourse(route, request.method, path, metrics, log)
      const upstream = createUpstream(settings, transport, request.gone)
      request.gone.addEventListener('abort', () => course.over('client-gone'))
      try {
        return await exchange(request, course, upstream)
      } catch (error) {
        return failure(error, wireOf(route), course)
      } finally {
        upstream.release()
      }
    },
    drain() {
      draining = true
    },
  }
}

/** @throws Problem as soon as the body is known to be too long */
async function readBody({ headers, body }: ClientRequest, limit: number): Promise<Uint8Array> {
  const problem = new Problem(
    'request_too_large',
    `the request has more than ${limit} bytes (setting bodyLimit, --body-limit)`,
  )
  if (Number(headers.get('content-length') ?? 0) > limit) throw problem
  try {
    return await readAll(body, limit)
  } catch (error) {
    throw error instanceof TooLong ? problem : new Problem('invalid_request', 'the body of the request broke off')
  }
}

function failure(error: unknown, wire: Wire | undefined, course: Course): Reply {
  if (error instanceof Refused) {
    course.status = error.status
    course.over('upstream-error')
    return textReply(error.status, 'application/json', error.text)
  }
  const problem = problemOf(error)
  course.status = problem.status
  course.reason = problem.code
  course.over(endingOf(problem), problem.message)
  return textReply(problem.status, 'application/json', JSON.stringify(problemBody(problem, wire)))
}

/** In whose shape a client of this route reads errors. */
function wireOf(route: Route): Wire | undefined {
  if (route === 'count_tokens') return 'messages'
  return route === 'chat' || route === 'responses' || route === 'messages' ? route : undefined
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  // The tools of the request are no tools: the parser says which.
  if (error instanceof TypeError && error.message.startsWith('tools'))
    return new Problem('invalid_request', error.message)
  return new Problem(
    'internal_error',
    `a fault of the proxy itself: ${error instanceof Error ? error.message : String(error)}`,
  )
}

function endingOf({ code }: Problem): Parameters<Course['over']>[0] {
  if (code === 'upstream_timeout') return 'timeout'
  if (code === 'stopping') return 'stopped'
  if (code === 'internal_error') return 'proxy-error'
  return code.startsWith('upstream') ? 'upstream-error' : 'refused'
}

function health(status: number, word: string): Reply {
  return textReply(status, 'application/json', `${JSON.stringify({ status: word })}\n`)
}

function textReply(status: number, type: string, body: string): Reply {
  return { status, headers: new Headers({ 'content-type': type }), body }
}
