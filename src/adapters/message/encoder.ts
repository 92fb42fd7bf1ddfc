import type { ParseEvent } from '../../event/event.js'
import type { SourceReason } from './finish.js'

/** What the server that ran the model said about the end of the text; all of it optional. */
export interface SourceEnd<Usage> {
  /** Why the text ended. Default `stop`. */
  reason?: SourceReason | undefined
  /** Token counts in the shape of the wire, passed on as they are. */
  usage?: Usage | undefined
}

/**
 * Turns the events of one message into the messages of a wire. Give the events of `parser.end()` to `push` as all
 * others, then call `end` once: what has to come last (the finish reason, usage) comes from there. `end` a second time
 * gives nothing, and so does `push` after it.
 */
export interface Encoder<Message, Usage> {
  push(events: Iterable<ParseEvent>): Message[]
  end(source?: SourceEnd<Usage>): Message[]
}

/**
 * Runs an encoder over batches of events, such as those of `parseBatches`. Batches that give nothing are skipped.
 * When the batches fail, the error goes on to the consumer and no end is made up.
 *
 * @example for await (const chunks of encodeBatches(parseBatches(text, options), createChatChunks({ model }))) …
 */
export async function* encodeBatches<Message, Usage>(
  batches: AsyncIterable<Iterable<ParseEvent>> | Iterable<Iterable<ParseEvent>>,
  encoder: Encoder<Message, Usage>,
  source?: SourceEnd<Usage>,
): AsyncGenerator<Message[], void, undefined> {
  for await (const events of batches) {
    const messages = encoder.push(events)
    if (messages.length > 0) yield messages
  }
  const last = encoder.end(source)
  if (last.length > 0) yield last
}
