import type { ChannelRules } from '../../engine/format.js'

// The messages of Harmony, which other formats took over.

export const START = '<|start|>'
export const ROLE = 'assistant'
export const CHANNEL = '<|channel|>'
export const TYPE = '<|constrain|>'
export const MESSAGE = '<|message|>'
export const END = '<|end|>'
export const CALL = '<|call|>'
/** Ends the turn. */
export const STOP = '<|return|>'

/** `<|start|>assistant<|channel|>commentary to=f <|constrain|>json<|message|>{…}<|call|>` */
export const HARMONY_RULES: Omit<ChannelRules, 'types'> = {
  start: START,
  role: ROLE,
  channel: CHANNEL,
  recipient: 'to=',
  type: TYPE,
  message: MESSAGE,
  ends: [END, CALL],
  callEnds: [CALL],
  of: { analysis: 'reasoning', commentary: 'content', final: 'content' },
  unnamed: 'content',
}
