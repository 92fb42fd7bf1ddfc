import type { EndReason } from '../../text/cursor.js'

/** The model text that was found in something a server sent. */
export interface Rescued {
  /** In the pieces in which it came. */
  readonly chunks: readonly string[]
  /** What it was found in, for a sentence that begins with the file's name and `is`. */
  readonly what: string
  /** Why the text ended, as the server said. */
  readonly reason: EndReason
  readonly model?: string | undefined
  /** Whether the text begins inside a reasoning block, where that can be told, whatever the model. */
  readonly startInReasoning?: boolean
}
