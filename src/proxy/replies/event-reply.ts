import type { ResponseOptions } from '../../adapters/responses/responses.js'
import type { ParseEvent } from '../../event/event.js'
import { isObject, type JsonObject } from '../wire/json.js'
import type { Problem } from '../wire/problem.js'
import type { FirstChoice } from './first-choice.js'
import type { StreamRewriter } from './rewriter.js'

// What the wires share whose replies are events with names: Responses and Anthropic messages.

/** What a reply on these wires repeats of its request. */
export interface Repeated {
  readonly model: string
  readonly echo: ResponseOptions['echo'] | undefined
  readonly stopSequences: readonly string[]
  /** The tools of a Responses request that take free text. */
  readonly customTools: readonly string[]
}

/** How a wire writes a stream. */
interface EventWriter {
  write(events: ParseEvent[]): string
  /** The upstream has reported an error. */
  fail(error: JsonObject): string
  /** The upstream has died. */
  die(death: Problem): string
  /** What stands behind the events of a reply. */
  finish(): string
}

/** The first choice of a stream, written as events until the upstream fails: nothing follows an error. */
export function createEventStream(choice: FirstChoice, writer: EventWriter): StreamRewriter {
  let failed = false
  return {
    push(chunk) {
      if (failed) return ''
      if (!isObject(chunk.error)) return writer.write(choice.push(chunk))
      failed = true
      return writer.fail(chunk.error)
    },
    close: () => (failed ? '' : writer.write(choice.close())),
    again: choice.again,
    end(death) {
      if (failed) return ''
      if (death === undefined) return writer.write(choice.close()) + writer.finish()
      failed = true
      return writer.write(choice.cut()) + writer.die(death)
    },
    get failed() {
      return failed
    },
    get begun() {
      return failed || choice.begun
    },
    get whole() {
      return failed || choice.ended
    },
  }
}

/** One server-sent event. */
export function writeEvent<Event extends { type: string }>(event: Event): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`
}

/** What an upstream says of its error: the message is a text, whatever came. */
export function errorOf({ message, code }: JsonObject): { message: string; code: unknown } {
  const said = typeof message === 'string' && message !== '' ? message : 'the upstream reported an error'
  return { message: said, code: code ?? null }
}
