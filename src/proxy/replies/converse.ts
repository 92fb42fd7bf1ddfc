import { type CallRules, callRules, canAskAgain } from '../requests/chat-request.js'
import { LEFT_OUT, leftOutTools } from '../requests/left-out.js'
import { chatFromMessages, isClientTool } from '../requests/messages-request.js'
import { chatFromResponses, customNames, isTaken } from '../requests/responses-request.js'
import type { Upstream } from '../upstream/ask.js'
import { askModel, constrained, type Shared, signsOf } from '../upstream/ask-model.js'
import type { UpstreamReply } from '../upstream/transport.js'
import { hintFor } from '../upstream/upstream-hints.js'
import { replyHeaders, requestHeaders } from '../wire/headers.js'
import type { JsonObject } from '../wire/json.js'
import { Problem } from '../wire/problem.js'
import type { Wire } from '../wire/route.js'
import { type Asks, createAsks, isEventStream, streamOfWhole } from './asks.js'
import { createChatStream, rewriteChatBody } from './chat-reply.js'
import { type ChosenFormat, chooseFormat, formatId } from './choose-format.js'
import type { Course } from './course.js'
import type { Repeated } from './event-reply.js'
import { createMessageStream, messageText } from './message-reply.js'
import { createPump, type Pump } from './pump.js'
import { createReading, type Reading } from './reading.js'
import { createResponseStream, responseBody } from './response-reply.js'
import type { StreamRewriter } from './rewriter.js'
import { readCompletion } from './sound-chunk.js'
import { wholeAsChunk } from './upstream-chunk.js'

/** What a reply to a client is made of. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: string | AsyncIterable<Uint8Array> | Pump
}

/** A request on one of the wires. */
export interface WireRequest {
  readonly wire: Wire
  readonly body: JsonObject
  readonly headers: Headers
  readonly gone: AbortSignal
}

/**
 * Answers a request on one of the wires.
 *
 * @throws Problem, TypeError for tools that are none, Refused for a prompt that the engine does not render
 * @example await converse(shared, { wire: 'chat', body, headers, gone }, upstream, course)
 */
export async function converse(
  shared: Shared,
  request: WireRequest,
  upstream: Upstream,
  course: Course,
): Promise<Reply> {
  const { settings } = shared
  const { wire, body } = request
  const chat = wire === 'responses' ? chatFromResponses(body) : wire === 'messages' ? chatFromMessages(body) : body
  const model = typeof body.model === 'string' ? body.model : ''
  course.model = model
  course.stream = body.stream === true
  const leftOut = leftOutOf(wire, body)
  course.leftOut = leftOut
  const rules = callRules(chat, leftOut)
  const headers = requestHeaders(request.headers, settings.credentials)
  headers.set('content-type', 'application/json')
  headers.set('accept', course.stream ? 'text/event-stream' : 'application/json')
  headers.set('accept-encoding', 'identity')

  const rule = settings.findRule(model)
  const signs = await signsOf(shared, model, rule?.model, upstream, headers)
  course.chosen = chooseFormat(settings, shared.matchSigns, signs)
  const limit = canAskAgain(chat) ? settings.retry : 0
  course.reading = createReading(settings, course.chosen, rules, model, { limit, whole: !course.stream })
  const changes = { model: rule?.model, fields: settings.upstreamFields, usage: wire !== 'chat' }
  course.recorder?.reading(readingOf(settings, course.chosen, rules))
  const { format, startInReasoning } = course.chosen
  const held = settings.constrain
    ? await constrained(shared, chat, { format, rules, startInReasoning }, upstream, headers)
    : chat
  const reply = await askModel(shared, held, changes, upstream, headers)
  course.status = reply.status
  if (reply.status >= 300) return refusal(reply, shared, upstream, course)
  checkPlain(reply)
  const repeated: Repeated = {
    model,
    echo: wire === 'responses' ? echoOf(body) : undefined,
    stopSequences: stopsOf(body),
    customTools: wire === 'responses' ? customNames(body.tools) : [],
  }
  const { retry } = course.reading
  const asks =
    retry &&
    createAsks(held, retry, {
      open: () => shared.openUpstream(request.gone, course.recorder),
      send: (next, way) => askModel(shared, next, changes, way, headers),
      refused: (why) => shared.hint(`the model could not be asked again about its calls: ${why}`),
    })
  const exchange = { shared, request, reply, upstream, course, reading: course.reading, repeated, asks }
  const answer = course.stream ? await streamReply(exchange) : await wholeReply(exchange)
  if (leftOut.length > 0) answer.headers.set(LEFT_OUT, leftOut.join(', '))
  return answer
}

/** How the text is read, as a capture tells it. */
function readingOf({ parser }: Shared['settings'], chosen: ChosenFormat, rules: CallRules) {
  const { tools: _, ...options } = { ...parser, ...rules }
  return { format: formatId(chosen), startInReasoning: chosen.startInReasoning, options }
}

/** The kinds of tools that nobody can run here. A person reads of each once. */
function leftOutOf(wire: Wire, { tools }: JsonObject): string[] {
  if (wire === 'chat') return []
  return leftOutTools(tools, wire === 'responses' ? isTaken : isClientTool)
}

/** An error of the upstream passes as it is. Some have a cause in the settings, which the log then names. */
async function refusal(
  reply: UpstreamReply,
  { settings, hint }: Shared,
  upstream: Upstream,
  course: Course,
): Promise<Reply> {
  const { apiKey, forward } = settings.credentials
  const { status } = reply
  if ((status === 401 || status === 403) && !forward) {
    hint(
      apiKey === undefined
        ? 'the upstream requires a key: set apiKey (--api-key-env)'
        : 'the upstream rejects the key in apiKey (--api-key-env)',
    )
  }
  if (status === 404)
    hint(`the upstream has no such path or model; does the setting upstream (${settings.upstream.api}) end in /v1?`)
  const headers = replyHeaders(reply.headers, 'as-is')
  const isPlain = (reply.headers.get('content-encoding') ?? 'identity') === 'identity'
  if (!isPlain || !(reply.headers.get('content-type') ?? '').includes('json'))
    return { status, headers, body: passed(reply.body, course) }
  const text = await upstream.read(reply)
  const words = hintFor(text)
  if (words !== undefined) hint(words)
  course.sending()
  course.over('upstream-error')
  return { status, headers, body: text }
}

/**
 * A body that goes out as it comes in.
 *
 * @example passed(reply.body, course)
 */
export async function* passed(
  body: AsyncIterable<Uint8Array>,
  course: Course,
): AsyncGenerator<Uint8Array, void, undefined> {
  let whole = false
  try {
    for await (const chunk of body) {
      course.sending()
      yield chunk
    }
    whole = true
  } finally {
    course.over(whole ? (course.status >= 400 ? 'upstream-error' : 'complete') : 'upstream-died')
  }
}

function checkPlain({ headers }: UpstreamReply): void {
  const encoding = headers.get('content-encoding')
  if (encoding === null || encoding === 'identity') return
  throw new Problem('upstream_invalid', `the upstream compresses its reply (${encoding}) although it was asked not to`)
}

function createRewriter(wire: Wire, reading: Reading, repeated: Repeated): StreamRewriter {
  if (wire === 'chat') return createChatStream(reading)
  return wire === 'responses' ? createResponseStream(reading, repeated) : createMessageStream(reading, repeated)
}

/** A reply of the upstream, and all that is needed to hand it on. */
interface Handing {
  readonly shared: Shared
  readonly request: WireRequest
  readonly reply: UpstreamReply
  readonly upstream: Upstream
  readonly course: Course
  readonly reading: Reading
  readonly repeated: Repeated
  /** Where answers may be corrected. */
  readonly asks: Asks | undefined
}

async function streamReply(handing: Handing): Promise<Reply> {
  const { shared, request, reply, upstream, course, reading, asks } = handing
  const { settings, added, hint } = shared
  const headers = replyHeaders(reply.headers, 'rewritten')
  headers.set('content-type', 'text/event-stream; charset=utf-8')
  headers.set('cache-control', 'no-cache')
  headers.set('x-accel-buffering', 'no')
  const rewriter = createRewriter(request.wire, reading, handing.repeated)
  let { body } = reply
  if (!isEventStream(reply)) {
    const completion = readCompletion(await upstream.read(reply))
    if (asks === undefined) {
      const whole = wholeAsChunk(completion)
      const text = rewriter.push(whole, JSON.stringify(whole)) + rewriter.end()
      course.over('complete')
      return { status: reply.status, headers, body: text }
    }
    body = oneOf(streamOfWhole(completion))
  }
  const { keepAlive, timeout, stop, replyLimit: eventLimit } = settings
  const rules = { keepAlive, timeout, stop, eventLimit, gone: request.gone }
  const watch = {
    added,
    sending: course.sending,
    over: course.over,
    wrong() {
      reading.tally.wrongData++
    },
    reported(words: string) {
      const known = hintFor(words)
      if (known !== undefined) hint(known)
    },
    abort: upstream.abort,
  }
  return { status: reply.status, headers, body: createPump(body, rewriter, rules, watch, asks) }
}

async function* oneOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes
}

async function wholeReply({ request, reply, upstream, course, reading, repeated, asks }: Handing): Promise<Reply> {
  const { wire } = request
  const headers = replyHeaders(reply.headers, 'rewritten')
  headers.set('content-type', 'application/json')
  const first = readCompletion(await upstream.read(reply))
  let rewritten = rewriteBody(wire, asks?.join(first) ?? first, reading, repeated)
  for (let next = await asks?.nextWhole(); next !== undefined; next = await asks?.nextWhole())
    rewritten = rewriteBody(wire, next, reading, repeated)
  course.sending()
  course.over('complete')
  return { status: reply.status, headers, body: rewritten }
}

function rewriteBody(wire: Wire, chat: JsonObject, reading: Reading, repeated: Repeated): string {
  if (wire === 'messages') return messageText(chat, reading, repeated)
  return JSON.stringify(wire === 'chat' ? rewriteChatBody(chat, reading) : responseBody(chat, reading, repeated))
}

/** Fields of a Responses request that the response repeats. */
function echoOf(body: JsonObject): Repeated['echo'] {
  const fields = ['instructions', 'metadata', 'parallel_tool_calls', 'temperature', 'tool_choice', 'tools', 'top_p']
  return Object.fromEntries(fields.filter((field) => body[field] !== undefined).map((field) => [field, body[field]]))
}

function stopsOf({ stop_sequences: stops }: JsonObject): string[] {
  return Array.isArray(stops) ? stops.filter((stop) => typeof stop === 'string') : []
}
