import type { ChannelRules } from '../../../engine/format.js'
import { channels } from '../../../families/channels/channels.js'
import { CALL, END, HARMONY_RULES, MESSAGE, STOP } from '../../../families/channels/harmony-rules.js'
import type { Field, Template } from '../template.js'
import type { CallsShape } from './call-shapes.js'
import { anchorPieces, outline, textsOf } from './pieces.js'

const NAMESPACE = 'functions.'
const RULES: ChannelRules = { ...HARMONY_RULES, namespace: NAMESPACE, types: ['json', 'code', 'xml'] }

/** The messages of gpt-oss, whose headers say what each holds. */
export interface MessagesShape extends CallsShape {
  readonly channels: ChannelRules
}

/** Are the fields of a template the messages of Harmony? */
export function messagesShapeOf({ start, fields }: Template): MessagesShape | undefined {
  const { start: marker, role, channel } = RULES
  if (!(textsOf(start) ?? []).includes(marker + role)) return undefined
  for (const field of fields) {
    const isOwn =
      field.role === 'calls'
        ? isCall(field)
        : Object.entries(RULES.of).some(
            ([name, holds]) => holds === field.role && opens(field, `${channel}${name}${MESSAGE}`),
          )
    if (!isOwn) return undefined
  }
  return {
    wire: `${channel}commentary to=${NAMESPACE}NAME${MESSAGE}{…}${CALL}`,
    families: [channels({ rules: RULES, codeTools: [] })],
    stops: [STOP],
    channels: RULES,
  }
}

function opens({ open, close }: Field, text: string): boolean {
  return (textsOf(open) ?? []).includes(text) && (textsOf(close) ?? []).every((end) => [END, STOP].includes(end))
}

function isCall({ open, close, content }: Field): boolean {
  if (open === undefined || content.name !== 'json') return false
  const header = outline(anchorPieces(open))
  return header.includes(`to=${NAMESPACE}{name}`) && header.endsWith(MESSAGE) && textsOf(close)?.[0] === CALL
}
