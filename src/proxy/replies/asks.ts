import type { Retry } from '../../adapters/message/retry.js'
import { addUsage } from '../../adapters/message/usage.js'
import { withCorrection } from '../requests/chat-request.js'
import { Refused } from '../requests/prompt.js'
import type { Upstream } from '../upstream/ask.js'
import type { ReplyBody } from '../upstream/chunk-source.js'
import type { UpstreamReply } from '../upstream/transport.js'
import { isObject, type JsonObject, objectsOf } from '../wire/json.js'
import { Problem, type ProblemCode } from '../wire/problem.js'
import { readCompletion } from './sound-chunk.js'
import { wholeAsChunk } from './upstream-chunk.js'

/** Where the chunks of an answer come from. */
export interface AnswerSource {
  readonly body: ReplyBody
  /** Ends the request. */
  abort(): void
}

/** One reply to a client out of several answers of the model. */
export interface Asks {
  /**
   * A chunk, or a whole body, as part of the one reply: it has the id of the first, and the token counts of all. Undefined
   * for one that has nothing but counts which are not all yet.
   */
  join(body: JsonObject): JsonObject | undefined
  /** Asks for the next answer, as a stream. Undefined where the last is not to be corrected. */
  next(): AnswerSource | undefined
  /**
   * Asks for the next answer, as a whole body: an empty one where it cannot be had.
   *
   * @throws Problem where the upstream is silent for too long, or the proxy is stopped
   */
  nextWhole(): Promise<JsonObject | undefined>
  /** Told why no next answer came. */
  refused(why: string): void
  /** The chunk of counts that is still to go out, where no later answer had one. */
  owed(): JsonObject | undefined
}

/** How the model is asked. */
export interface Asking {
  /** Opens a way to the upstream, which ends with the client. */
  open(): Upstream
  send(request: JsonObject, upstream: Upstream): Promise<UpstreamReply>
  /** Told why the model could not be asked again. */
  refused(why: string): void
}

/**
 * Makes the asks of one reply, of which the first was made.
 *
 * @param request the chat request, as it was asked
 * @example const asks = createAsks(request, retry, asking); send(asks.join(chunk))
 */
export function createAsks(request: JsonObject, retry: Retry, { open, send, refused }: Asking): Asks {
  let conversation = request
  let last: JsonObject = {} // body
  let first: JsonObject | undefined // the fields of the first answer that all have
  let before: JsonObject | undefined // counts of the answers before this one
  let now: JsonObject | undefined // counts of this one, as far as it has told them
  let owed: JsonObject | undefined

  function join(body: JsonObject): JsonObject | undefined {
    first ??= { id: body.id, created: body.created }
    last = body
    const { usage } = body
    if (isObject(usage)) now = usage
    if (retry.asked === 0 && retry.correction === undefined) return body
    const joined: JsonObject = { ...body, ...first }
    if (isObject(usage)) joined.usage = addUsage(before, usage)
    const isCounts = isObject(usage) && objectsOf(body.choices).length === 0
    if (isCounts) owed = retry.correction === undefined ? undefined : joined
    return isCounts && owed !== undefined ? undefined : joined
  }
  /** The conversation with what is to be corrected. */
  function goOn(): JsonObject | undefined {
    if (retry.correction === undefined) return undefined
    conversation = withCorrection(conversation, retry.correction)
    before = addUsage(before, now)
    now = undefined
    retry.again()
    return conversation
  }
  async function ask(chat: JsonObject, upstream: Upstream): Promise<UpstreamReply> {
    let status: number
    try {
      const reply = await send(chat, upstream)
      if (reply.status < 300) return reply
      status = reply.status
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      status = error.status
    }
    upstream.abort()
    throw new Problem('upstream_invalid', `the upstream answered with status ${status}`)
  }
  async function* streamOf(chat: JsonObject, upstream: Upstream): AsyncGenerator<Uint8Array, void, undefined> {
    let reply: UpstreamReply
    try {
      reply = await ask(chat, upstream)
    } finally {
      upstream.release()
    }
    if (isEventStream(reply)) yield* reply.body
    else yield streamOfWhole(readCompletion(await upstream.read(reply)))
  }

  return {
    join,
    next() {
      const chat = goOn()
      if (chat === undefined) return undefined
      const upstream = open()
      return { body: streamOf(chat, upstream), abort: upstream.abort }
    },
    async nextWhole() {
      const empty = { ...emptied(last), usage: addUsage(before, now) }
      const chat = goOn()
      if (chat === undefined) return undefined
      const upstream = open()
      try {
        return join(readCompletion(await upstream.read(await ask(chat, upstream))))
      } catch (error) {
        if (!(error instanceof Problem) || LASTING.has(error.code)) throw error
        refused(error.message)
        return empty
      } finally {
        upstream.release()
      }
    },
    refused,
    owed: () => owed,
  }
}

/** Problems that are those of the reply, whichever answer of the model has them. */
const LASTING: ReadonlySet<ProblemCode> = new Set(['upstream_timeout', 'stopping'])

/** Whether a reply is a stream of events. */
export function isEventStream({ headers }: UpstreamReply): boolean {
  return (headers.get('content-type') ?? '').includes('text/event-stream')
}

/** A whole completion as the bytes of the stream that says the same. */
export function streamOfWhole(completion: JsonObject): Uint8Array {
  return new TextEncoder().encode(`data: ${JSON.stringify(wholeAsChunk(completion))}\n\ndata: [DONE]\n\n`)
}

function emptied(body: JsonObject): JsonObject {
  const choices = objectsOf(body.choices).map((choice) => ({ ...choice, message: { role: 'assistant', content: '' } }))
  return { ...body, choices }
}
