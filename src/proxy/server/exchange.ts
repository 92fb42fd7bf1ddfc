import { type Capture, createRecorders } from '../metrics/capture.js'
import { createMetrics } from '../metrics/metrics.js'
import { createMatchSigns } from '../replies/choose-format.js'
import { converse, passed, type Reply } from '../replies/converse.js'
import { type Course, createCourse } from '../replies/course.js'
import { faultOf } from '../requests/fault-of.js'
import { Refused } from '../requests/prompt.js'
import { createBodyRoom, readBody } from '../requests/read-body.js'
import type { ProxySettings } from '../settings/options.js'
import { createUpstream, type Upstream } from '../upstream/ask.js'
import type { Shared } from '../upstream/ask-model.js'
import { countTokens } from '../upstream/count-tokens.js'
import { createModelNames } from '../upstream/model-names.js'
import { taped } from '../upstream/taped.js'
import type { Transport } from '../upstream/transport.js'
import { type ClientRequest, SILENT } from '../wire/client-request.js'
import { replyHeaders, requestHeaders } from '../wire/headers.js'
import { isObject, type JsonObject, readJson } from '../wire/json.js'
import { judgeOrigin, openTo, preflightHeaders } from '../wire/origins.js'
import { messageOf, Problem, problemBody, problemHeaders, type Refusal } from '../wire/problem.js'
import { isWire, type Route, routeOf, upstreamUrl, type Wire } from '../wire/route.js'
import { DEEPEST, isTooDeep } from '../wire/too-deep.js'
import { tapedReply } from './taped-reply.js'

export type { Reply } from '../replies/converse.js'

/** The proxy without a server: a request in, a reply out. */
export interface Exchange {
  /** Never throws: what goes wrong is a reply. */
  answer(request: ClientRequest): Promise<Reply>
  /** Tells log and metrics of a connection that the server refused or cut off before there was a request. */
  tell(why: Refusal, message: string): void
  /** Requests in progress. */
  readonly running: number
  /** The numbers of this proxy, as Prometheus reads them. */
  metrics(): string
  /** From now on `/health` says that the proxy stops. */
  drain(): void
}

/**
 * Makes the proxy for one upstream. `names` are those by which it is called, beside addresses and `localhost`.
 *
 * @example createExchange(readProxyOptions(options, registry), createFetchTransport(fetch), new Set()).answer(request)
 */
export function createExchange(
  settings: ProxySettings,
  transport: Transport,
  names: ReadonlySet<string> = new Set(),
): Exchange {
  const metrics = createMetrics()
  const room = createBodyRoom(settings.bodiesLimit)
  const { log, stop, maxStreams, allowedOrigins } = settings
  const openRecorder = recordersOf(settings)
  const hinted = new Set<string>()
  let draining = false
  const shared: Shared = {
    settings,
    modelNames: createModelNames(),
    matchSigns: createMatchSigns(settings.registry, settings.renderTemplate),
    openUpstream: (gone, recorder) => taped(createUpstream(settings, transport, gone), recorder),
    refusesToolChoice: false,
    counting: { by: undefined, until: 0 },
    added: (ms) => metrics.added(ms / 1000),
    hint(message) {
      if (hinted.has(message)) return
      hinted.add(message)
      log?.({ time: new Date().toISOString(), level: 'warn', event: 'upstream', message })
    },
  }

  async function metricsReply(): Promise<Reply> {
    const text = (await settings.metrics?.()) ?? metrics.text()
    return textReply(200, 'text/plain; version=0.0.4; charset=utf-8', text)
  }

  /** What the proxy answers by itself and at once, once it is settled that the client may ask. */
  function ownReply(route: Route): Promise<Reply> | Reply | undefined {
    if (route === 'metrics') return metricsReply()
    if (route !== 'health') return undefined
    return draining || stop.rung ? health(503, 'stopping') : health(200, 'ok')
  }

  /** @throws Problem where there is no room for one more */
  function admit({ noRoom }: ClientRequest): void {
    if (stop.rung) throw new Problem('stopping', 'the proxy is being stopped', 'stopping')
    if (noRoom !== undefined) throw noRoom
    if (metrics.running <= maxStreams) return
    const what = `${maxStreams} requests are being answered already (setting maxStreams, --max-streams)`
    throw new Problem('overloaded', what, 'streams')
  }

  async function exchange(request: ClientRequest, course: Course, upstream: Upstream): Promise<Reply> {
    const { route } = course
    if (wireOf(route) !== undefined) checkPlain(request)
    const body = await readBody(request, settings, room)
    try {
      if (route === 'count_tokens') {
        const json = readObject(body)
        course.model = typeof json.model === 'string' ? json.model : undefined
        const reply = await countTokens(shared, json, request.headers, upstream)
        course.over('complete')
        return reply
      }
      if (isWire(route)) {
        const { headers, gone } = request
        const json = readObject(body)
        course.recorder?.request(json, body.length)
        return await converse(shared, { wire: route, body: json, headers, gone }, upstream, course)
      }
      const headers = requestHeaders(request.headers, settings.credentials)
      const url = upstreamUrl(settings.upstream, request.path)
      const { method } = request
      const reply = await upstream.ask({ url, method, headers, body: body.length > 0 ? body : undefined })
      course.status = reply.status
      return { status: reply.status, headers: replyHeaders(reply.headers, 'as-is'), body: passed(reply.body, course) }
    } finally {
      const leave = () => room.leave(body.length)
      // What the model may be asked again is held until the reply is over.
      if (course.reading?.retry === undefined) leave()
      else course.afterwards(leave)
    }
  }

  async function follow(request: ClientRequest, route: Route, path: string, refused?: Problem): Promise<Reply> {
    const recorder = isWire(route) && refused === undefined ? openRecorder?.(route, path, request.headers) : undefined
    const course = createCourse(route, request.method, path, metrics, log, recorder)
    // Before the upstream hears of it: that its connection then ends is no death.
    request.gone.addEventListener('abort', () => leave(request, course))
    if (request.gone.aborted) leave(request, course)
    const upstream = shared.openUpstream(request.gone, recorder)
    try {
      if (refused !== undefined) throw refused
      admit(request)
      return tapedReply(await exchange(request, course, upstream), recorder)
    } catch (error) {
      upstream.abort()
      return tapedReply(failure(error, course), recorder)
    } finally {
      upstream.release()
    }
  }
  function leave({ gone }: ClientRequest, course: Course): void {
    if (gone.reason !== SILENT) {
      course.over('client-gone')
      return
    }
    const what = `the client read nothing for ${settings.writeTimeout / 1000} s (setting writeTimeout, --write-timeout)`
    // A whole reply was over for the proxy when it was handed to the server.
    if (course.over('client-silent', what)) metrics.refused('slow-reader')
    else tell('slow-reader', what)
  }
  function tell(why: Refusal, message: string): void {
    metrics.refused(why)
    log?.({ time: new Date().toISOString(), level: 'warn', event: 'connection', refused: why, message })
  }
  function failure(error: unknown, course: Course): Reply {
    const { route } = course
    if (error instanceof Refused) {
      course.status = error.status
      course.over('upstream-error')
      return textReply(error.status, 'application/json', error.text)
    }
    const problem = problemOf(error)
    course.status = problem.status
    course.reason = problem.code
    if (problem.refusal !== undefined) metrics.refused(problem.refusal)
    course.over(endingOf(problem), problem.message)
    const body = JSON.stringify(problemBody(problem, wireOf(route)))
    return { status: problem.status, headers: problemHeaders(problem), body }
  }

  return {
    async answer(request) {
      const path = request.path.split('?', 1)[0] ?? ''
      const route = routeOf(request.method, path)
      const verdict = judgeOrigin(request.headers, { host: request.host, names }, allowedOrigins)
      const preflight = verdict.type === 'allowed' ? preflightHeaders(request.method, request.headers) : undefined
      const refused = faultOf(request, route, verdict, settings)
      const reply =
        refused === undefined && preflight !== undefined
          ? { status: 204, headers: preflight, body: '' }
          : // Nothing is waited for before `follow` counts the request: the next one may look for room already.
            await ((refused === undefined ? ownReply(route) : undefined) ?? follow(request, route, path, refused))
      if (verdict.type === 'allowed') openTo(verdict.origin, reply.headers)
      return reply
    },
    tell,
    get running() {
      return metrics.running
    },
    metrics: metrics.text,
    drain() {
      draining = true
    },
  }
}

/** Recorders, where the exchanges are recorded. A record that is lost is told once, and breaks no reply. */
function recordersOf({ record, recordLimit: limit, credentials, log }: ProxySettings) {
  if (record === undefined) return undefined
  let told = false
  const keys = [credentials.apiKey, credentials.clientKey]
  const safely = (capture: Capture): void => {
    try {
      record(capture)
    } catch (error) {
      if (told) return
      told = true
      const message = `an exchange could not be recorded: ${messageOf(error)}`
      log?.({ time: new Date().toISOString(), level: 'warn', event: 'record', message })
    }
  }
  return createRecorders({ record: safely, limit, keys })
}

/** @throws Problem for a body that is compressed: what is read here has to be plain, and goes on as plain JSON. */
function checkPlain({ headers }: ClientRequest): void {
  const coding = headers.get('content-encoding')
  if (coding === null || coding.trim().toLowerCase() === 'identity') return
  throw new Problem('invalid_request', 'the body has a content-encoding; send it as plain JSON', 'body')
}

/** @throws Problem for what is no JSON object */
function readObject(body: Uint8Array): JsonObject {
  const text = new TextDecoder().decode(body)
  const json = readJson(text)
  if (isObject(json)) return json
  if (isTooDeep(text)) {
    const what = `the body of the request is nested more than ${DEEPEST} levels deep`
    throw new Problem('invalid_request', what, 'depth')
  }
  throw new Problem('invalid_request', 'the body of the request is not a JSON object', 'body')
}

/** In whose shape a client of this route reads errors. */
function wireOf(route: Route): Wire | undefined {
  if (route === 'count_tokens') return 'messages'
  return isWire(route) ? route : undefined
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  // The tools of the request are no tools: the parser says which.
  if (error instanceof TypeError && error.message.startsWith('tools'))
    return new Problem('invalid_request', error.message, 'body')
  return new Problem('internal_error', `a bug in the proxy itself: ${messageOf(error)}`)
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
