import type { ChannelRules, Format, MessageText } from '../../engine/format.js'
import { RenderError } from '../../engine/format.js'
import { plainText } from '../../engine/plain-text.js'
import { ATEM_TAGS } from '../tagged/atem-tags.js'
import { headlessParameters, tagged } from '../tagged/tagged.js'
import { renderTagged } from '../tagged/tagged-render.js'
import { channels } from './channels.js'

/** Messages of Muse, by whom they are for. `unnamed`: what one that is for nobody holds. */
export function museRules(of: Readonly<Record<string, MessageText>>, unnamed: MessageText): ChannelRules {
  return {
    start: '<|start|>',
    role: 'assistant',
    recipient: 'to=',
    types: [],
    message: '<|message|>',
    ends: ['<|eom|>', '<|eot|>'],
    of,
    unnamed,
  }
}

/** What both formats of Muse have in common. */
export function museFormat(
  rules: ChannelRules,
): Pick<Format, 'streams' | 'headers' | 'stops' | 'reasoning' | 'channels' | 'families' | 'render' | 'thinkingModels'> {
  return {
    thinkingModels: [],
    streams: 'string values as they come, others whole',
    headers: [],
    stops: [],
    reasoning: undefined,
    channels: rules,
    families: [channels({ rules, codeTools: [], calls: tagged(ATEM_TAGS) }), headlessParameters(ATEM_TAGS)],
    render: renderMuse(rules),
  }
}

function renderMuse({ start, role, message, ends }: ChannelRules): Format['render'] {
  const [end = ''] = ends
  const [block = ''] = ATEM_TAGS.syntax.blocks
  const markers = [start, message, ...ends, `<${block}>`, '```']
  return ({ calls, content, reasoning, ...schema }) => {
    const messages: string[] = []
    if (reasoning !== '') messages.push(` to=self${message}${plainText('reasoning', reasoning, markers)}`)
    if (content !== '') messages.push(` to=user${message}${plainText('content', content, markers)}`)
    for (const call of calls) {
      if (!/^[^\s<{"]{1,128}$/.test(call.name))
        throw new RenderError(`the header of a message cannot hold the name ${JSON.stringify(call.name)}`)
      const body = renderTagged(ATEM_TAGS, call, schema, [start, ...ends])
      messages.push(` to=${call.name}${message}<${block}>\n${body}\n</${block}>`)
    }
    return messages.map((one) => start + role + one + end).join('')
  }
}
