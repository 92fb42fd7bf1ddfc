import type { ChannelRules } from '../../engine/format.js'
import { isSpecialToken } from '../../engine/special-token.js'

/**
 * What a header is up to its recipient, where neither its start nor the marker of its channel is left: `commentary to=`. In the
 * middle of content, it is not known what else was there. (A thought is for nobody.)
 */
export function unmarkedChannels({ channel, recipient, of }: ChannelRules): string[] {
  return channel === undefined || isSpecialToken(recipient)
    ? []
    : Object.keys(of)
        .filter((name) => of[name] === 'content')
        .map((name) => `${name} ${recipient}`)
}
