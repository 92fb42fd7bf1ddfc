import type { JsonObject } from './json.js'

/** Turns the chunks of an upstream's stream into the text of the stream that a client reads. */
export interface StreamRewriter {
  /** One chunk: its JSON, in the shape of chat completions, and the text that it was read from. */
  push(chunk: JsonObject, data: string): string
  /** Data that is no JSON object. */
  pass(data: string): string
  /**
   * The end. Choices that the upstream has not ended itself end here: as cut off if it died, for the reason given, in a
   * line of words.
   */
  end(death?: string): string
  /** Whether the upstream has reported an error in the middle of the stream. */
  readonly failed: boolean
  /** Whether the upstream has said all that it has to: every choice has ended, or it has reported an error. */
  readonly whole: boolean
}
