import type { AnswerTape, Recorder } from '../metrics/capture.js'
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
        tape.died(String(error instanceof Error ? error.message : error))
        throw error
      }
    },
  }
}

function tapedBody(body: ReplyBody, tape: AnswerTape): ReplyBody {
  const died = (error: unknown) => tape.died(String(error instanceof Error ? error.message : error))
  const iterated: ReplyBody = {
    async *[Symbol.asyncIterator]() {
      try {
        for await (const bytes of body) {
          tape.take(bytes)
          yield bytes
        }
      } catch (error) {
        died(error)
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
          died(error)
          taker.died(error)
        },
      }),
  }
}
