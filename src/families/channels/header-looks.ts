import type { ChannelRules, Opener } from '../../engine/format.js'
import { LONGEST_HEADER } from './message-head.js'

/**
 * A cheap look for a header whose start is not in the text: every header has a special token, a recipient, its role, or the
 * name of a channel, damaged ones too.
 * @example headerLooks(HARMONY)('Hello.', 0) // false
 */
export function headerLooks({
  start,
  role,
  namespace = '',
  channel,
  of,
}: ChannelRules): NonNullable<Opener['mayOpen']> {
  const signs = [
    start.slice(0, 2),
    'to=',
    role.trim(),
    namespace,
    ...(channel === undefined ? [] : Object.keys(of)),
  ].filter((sign) => sign !== '')
  return (text, at) => {
    const head = text.slice(at, at + LONGEST_HEADER)
    return signs.some((sign) => head.includes(sign))
  }
}
