import type { Status } from '../event/event.js'

/**
 * Why the model's text ended, as the server that ran the model reports it: `stop` (its own end or a stop word),
 * `length` (out of tokens), `abort` (the connection or the request died), `content_filter`.
 */
export type SourceReason = 'stop' | 'length' | 'abort' | 'content_filter'

/** How a message ended, before a wire gives it its word. */
export type Finish = 'calls' | 'length' | 'filter' | 'stop'

/**
 * Derives how a message ended from what is in it, never from what a server claims: `calls` exactly when at least one
 * complete call is there to be run. A message that has complete calls and was cut off behind them is `calls` too: the
 * complete ones can be run, and the cut one is marked where it stands.
 *
 * @example deriveFinish(0, 'truncated') // 'length'
 */
export function deriveFinish(completeCalls: number, status: Status, reason: SourceReason = 'stop'): Finish {
  if (completeCalls > 0) return 'calls'
  if (reason === 'content_filter') return 'filter'
  if (status === 'truncated' || reason === 'length' || reason === 'abort') return 'length'
  return 'stop'
}
