import type { AnswerTape, Recorder } from '../metrics/capture.js'
import { messageOf } from '../wire/problem.js'
import type { Upstream } from './ask.js'
import type { ReplyBody } from './chunk-source.js'

/**
 * A way to the upstream whose requests and answers are recorded. Without a recorder it is the way itself.
 *
 * @example taped(createUpstream(settings, transport, gone), recorder)
 */
export function taped(upstream: Upstream, recorder: Recorder | undefined): Upstream {
  if (recorder === undefined) return upstream
  return {
    ...upstream,
    async ask(request) {
      const { body } = request
      const sent = typeof body === 'string' || body === undefined ? body : new TextDecoder().decode(body)
      const tape = recorder.asked(new URL(request.url).pathname, sent)
      try {
        const reply = await upstream.ask(request)
        tape.head(reply.status, reply.headers.get('content-type') ?? '')
        return { ...reply, body: tapedBody(reply.body, tape) }
      } catch (error) {
        tape.died(messageOf(error))
        throw error
      }
    },
  }
}

function tapedBody(body: ReplyBody, tape: AnswerTape): ReplyBody {
  const iterated: ReplyBody = {
    async *[Symbol.asyncIterator]() {
      try {
        for await (const bytes of body) {
          tape.take(bytes)
          yield bytes
        }
      } catch (error) {
        tape.died(messageOf(error))
        throw error
      }
    },
  }
  const open = body.open?.bind(body)
  if (open === undefined) return iterated
  return {
    ...iterated,
    open: (taker) =>
      open({
        chunk(bytes) {
          tape.take(bytes)
          taker.chunk(bytes)
        },
        end: () => taker.end(),
        died(error) {
          tape.died(messageOf(error))
          taker.died(error)
        },
      }),
  }
}
