import type { ChannelRules, Format } from '../src/engine/format.js'
import { RenderError } from '../src/engine/format.js'
import { plainText } from '../src/engine/plain-text.js'
import { channels } from '../src/families/channels/channels.js'
import {
  CALL,
  CHANNEL,
  END,
  HARMONY_RULES,
  MESSAGE,
  ROLE,
  START,
  STOP,
  TYPE,
} from '../src/families/channels/harmony-rules.js'
import { RFL_TAGS } from '../src/families/tagged/rfl-tags.js'
import { headlessParameters } from '../src/families/tagged/tagged.js'
import { renderTagged } from '../src/families/tagged/tagged-render.js'

const BEAM: ChannelRules = { ...HARMONY_RULES, types: ['xml', 'json'] }
const MARKERS = [START, CHANNEL, TYPE, MESSAGE, END, CALL, STOP, '```', '<rfl:parameter']

/**
 * Beam 1.0: messages as Harmony has them, with parameters in tags.
 *
 *     completion = message { "<|start|>assistant" message }            the prompt holds the first "<|start|>assistant"
 *     message    = [ " to=" NAME ] "<|channel|>" channel [ " <|constrain|>xml" ] "<|message|>" text end
 *     channel    = "analysis" (reasoning, unless it is for a tool) | "final" (content)
 *     text       = of a call: { parameter LF }
 *     parameter  = "<rfl:parameter name=\"" KEY "\">" LF value LF "</rfl:parameter>"
 *     end        = "<|end|>" | "<|call|>" (behind the last call) | "<|return|>" | end of the text
 *
 * Values are raw text, typed by the tool's schema. Source: the parser of SGLang (`beam`) and the response template of vLLM.
 */
export const beam: Format = {
  id: 'beam',
  aliases: [],
  wire: ' to=NAME<|channel|>analysis <|constrain|>xml<|message|><rfl:parameter name="KEY">VALUE</rfl:parameter><|call|>',
  models: 'Beam 1.0 501B-A23B',
  modelPatterns: [/\bbeam-?1[._p]?0?-/i],
  thinkingModels: [],
  flags: { vllm: 'beam', sglang: 'beam' },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: [STOP],
  reasoning: undefined,
  channels: BEAM,
  families: [channels({ rules: BEAM, codeTools: [], tags: RFL_TAGS }), headlessParameters(RFL_TAGS)],
  render({ calls, content, reasoning, ...schema }) {
    const messages: string[] = []
    if (reasoning !== '')
      messages.push(`${CHANNEL}analysis${MESSAGE}${plainText('reasoning', reasoning, MARKERS)}${END}`)
    const text = plainText('content', content, MARKERS)
    if (text !== '') messages.push(`${CHANNEL}final${MESSAGE}${text}${calls.length > 0 ? END : STOP}`)
    for (const [i, call] of calls.entries()) {
      if (!/^[^\s<{]{1,128}$/.test(call.name) || ['all', 'user', 'assistant'].includes(call.name))
        throw new RenderError(`beam cannot write the name ${JSON.stringify(call.name)} in the header of a message`)
      const body = renderTagged(RFL_TAGS, call, schema, [STOP])
      const end = i === calls.length - 1 ? CALL : END
      messages.push(` to=${call.name}${CHANNEL}analysis ${TYPE}xml${MESSAGE}${body}${end}`)
    }
    return messages.map((one) => START + ROLE + one).join('')
  },
}
