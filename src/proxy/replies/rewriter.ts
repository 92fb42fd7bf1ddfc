import type { JsonObject } from '../wire/json.js'
import type { Problem } from '../wire/problem.js'

/** Turns the chunks of an upstream's stream into the text of the stream that a client reads. */
export interface StreamRewriter {
  /** One chunk: its JSON, in the shape of chat completions, and the text that it was read from. */
  push(chunk: JsonObject, data: string): string
  /** The upstream has said all of an answer: choices that it has not ended itself end here. */
  close(): string
  /** That answer is to be corrected: the chunks of the next one follow. */
  again(): void
  /**
   * The end of the reply. Choices that the upstream has not ended itself end here. Where it died, the text that was held back goes out,
   * no call does any more, and the end is an error, in the shape that clients of the wire raise.
   */
  end(death?: Problem): string
  /** Whether anything of the answer has come: a choice, or an error. */
  readonly begun: boolean
  /** Whether the upstream has reported an error in the middle of the stream. */
  readonly failed: boolean
  /** Whether the upstream has said all that it has to: every choice has ended, or it has reported an error. */
  readonly whole: boolean
}
