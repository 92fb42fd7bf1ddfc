import { UsageError } from '../verb.js'
import { parseObject } from './fields.js'
import { rescueBody, rescueRejected } from './rescue-body.js'
import { rescueStream } from './rescue-stream.js'
import type { Rescued } from './rescued.js'

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
