import type { ParserOptions, ToolsInput } from '../../index.js'
import type { EndReason } from '../../text/cursor.js'
import { UsageError } from '../verb.js'

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
  /** The format in which it was read, where the file tells. */
  readonly format?: string
  /** Options of the parser with which it was read. */
  readonly options?: Partial<ParserOptions>
  /** The tools of the request that it answers. */
  readonly tools?: ToolsInput
}

/** What to say about an answer whose calls the server has read: the model's own text is gone. */
export class AlreadyRead extends UsageError {
  constructor(calls: number) {
    const what = calls === 1 ? 'the call in it is' : `the ${calls} calls in it are`
    super(
      `${what} already parsed by the server, and the raw text is gone: use callsift convert, or ask the server again with logprobs`,
    )
  }
}
