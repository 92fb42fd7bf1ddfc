import type { Family } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { isSpecialToken } from '../../engine/special-token.js'
import type { ChannelGrammar } from './channel-grammar.js'
import { headerLooks } from './header-looks.js'
import { lostStartLooks } from './lost-start.js'
import { Messages } from './messages.js'
import { unmarkedChannels } from './unmarked-channels.js'

/**
 * The family of formats whose text is messages, each behind a header that says what it holds: reasoning, content, or the
 * arguments of a call. It tells the engine where reasoning and content begin, and reads the calls.
 */
export function channels(grammar: ChannelGrammar): Family {
  const { rules, tags } = grammar
  const valueEnds = tags === undefined ? [] : [`</${tags.syntax.parameter}>`]
  const headerEnds = rules.message === '' ? [] : [rules.message]
  const headers = [
    rules.start,
    ...(rules.channel === undefined ? [] : [rules.channel]),
    ...Object.keys(rules.kinds ?? {}),
  ]
  return {
    openers: [
      ...headers.map((marker) => ({ marker, begins: 'message' as const })),
      // Behind a message that was not ended, the header of a call may have nothing before it. Words may stand in prose.
      ...(rules.recipient === ''
        ? []
        : [rules.recipient, ...unmarkedChannels(rules)].map((marker) => ({
            marker,
            begins: 'message' as const,
            bare: !isSpecialToken(rules.recipient),
          }))),
      // The prompt holds the start of the first header.
      { marker: '', where: 'text-start', bare: true, mayOpen: headerLooks(rules), mayBegin: lostStartLooks(rules) },
    ],
    strays: [...rules.ends, ...headerEnds],
    headerEnds,
    innerMarkers: valueEnds,
    valueEnds,
    create: (reading: Reading) => new Messages(reading, grammar),
  }
}
