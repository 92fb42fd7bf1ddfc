import type { EndReason } from '../text/cursor.js'
import { parseObject } from './fields.js'
import { rescueBody, rescueRejected } from './rescue-body.js'
import { rescueStream } from './rescue-stream.js'
import { UsageError } from './verb.js'

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

/**
 * Looks whether a file holds, instead of a model's raw text, something that a server made of it: a saved completion, a
 * dump of server-sent events, or an error that carries the rejected text. Undefined for anything else, which is then
 * the raw text itself: JSON too, since models write calls as JSON.
 * @throws UsageError for what is such a thing and holds no raw text
 * @example rescue('{"choices":[{"message":{"role":"assistant","content":"Hi"}}]}')?.chunks // ['Hi']
 */
export function rescue(text: string): Rescued | undefined {
  const start = text.trimStart()
  if (start.startsWith('{')) return rescueJson(start)
  return rescueRejected(start.trimEnd()) ?? rescueStream(text)
}

function rescueJson(text: string): Rescued | undefined {
  const whole = parseObject(text)
  if (whole !== undefined) return rescueBody(whole)
  const first = parseObject(text.slice(0, text.indexOf('\n') + 1))
  if (typeof first?.completion === 'string') {
    throw new UsageError('this looks like JSON lines, one completion each: add --jsonl')
  }
  return undefined
}
