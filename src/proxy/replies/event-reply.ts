import type { ResponseOptions } from '../../adapters/responses/responses.js'
import type { JsonObject } from '../wire/json.js'

// What the wires share whose replies are events with names: Responses and Anthropic messages.

/** What a reply on these wires repeats of its request. */
export interface Repeated {
  readonly model: string
  readonly echo: ResponseOptions['echo'] | undefined
  readonly stopSequences: readonly string[]
  /** The tools of a Responses request that take free text. */
  readonly customTools: readonly string[]
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
