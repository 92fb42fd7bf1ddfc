import type { Recorder, Tape } from '../metrics/capture.js'
import type { Reply } from '../replies/converse.js'
import type { Pump } from '../replies/pump.js'

/**
 * A reply to a client that is recorded as it goes out. Without a recorder it is the reply itself.
 *
 * @example tapedReply(await converse(shared, request, upstream, course), course.recorder)
 */
export function tapedReply(reply: Reply, recorder: Recorder | undefined): Reply {
  if (recorder === undefined) return reply
  const { body } = reply
  const tape = recorder.reply(reply.status, reply.headers.get('content-type') ?? '')
  if (typeof body === 'string') {
    tape.take(body)
    return reply
  }
  return { ...reply, body: Symbol.asyncIterator in body ? tapedBytes(body, tape) : tapedPump(body, tape) }
}

async function* tapedBytes(body: AsyncIterable<Uint8Array>, tape: Tape): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const bytes of body) {
    tape.take(bytes)
    yield bytes
  }
}

function tapedPump(pump: Pump, tape: Tape): Pump {
  return {
    next(take) {
      pump.next((text, error) => {
        if (text !== undefined) tape.take(text)
        take(text, error)
      })
    },
    close: () => pump.close(),
  }
}
