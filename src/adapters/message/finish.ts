import type { Status } from '../../event/event.js'

/**
 * Why the model's text ended, as the server that ran the model reports it: `stop` (its own end or a stop word),
 * `length` (out of tokens), `abort` (the connection or the request died), `content_filter`.
 */
export type SourceReason = 'stop' | 'length' | 'abort' | 'content_filter'

/** How a message ended, before a wire gives it its word. */
export type Finish = 'calls' | 'length' | 'filter' | 'stop'

/**
 * Derives how a message ended: `calls` only where at least one complete call is there to be run. A server that says that
 * it cut the text off is believed, also where whole calls stand before the cut: the model had more to say, and a client
 * that goes on as if it had not loses it. That it ended by calls is never taken from the server.
 *
 * @example deriveFinish(1, 'truncated', 'length') // 'length'
 */
export function deriveFinish(completeCalls: number, status: Status, reason: SourceReason = 'stop'): Finish {
  if (reason === 'length' || reason === 'abort') return 'length'
  if (reason === 'content_filter') return 'filter'
  if (completeCalls > 0) return 'calls'
  return status === 'truncated' ? 'length' : 'stop'
}
