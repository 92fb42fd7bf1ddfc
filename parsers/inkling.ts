import { CALL_SHAPE } from '../src/engine/call-shape.js'
import type { ChannelRules, Format } from '../src/engine/format.js'
import { RenderError } from '../src/engine/format.js'
import { plainText } from '../src/engine/plain-text.js'
import { channels } from '../src/families/channels/channels.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const START = '<|message_model|>'
const END = '<|end_message|>'
const TEXT = '<|content_text|>'
const THINKING = '<|content_thinking|>'
const CALL = '<|content_invoke_tool_json|>'
const CALL_TEXT = '<|content_invoke_tool_text|>'
const TOOL_ERROR = '<|content_tool_error|>'
const INKLING: ChannelRules = {
  start: START,
  role: '',
  recipient: '',
  types: [],
  message: '',
  kinds: {
    [TEXT]: 'content',
    [THINKING]: 'reasoning',
    [CALL]: 'call',
    [CALL_TEXT]: 'content',
    [TOOL_ERROR]: 'content',
  },
  ends: [END],
  of: {},
  unnamed: 'content',
}
const STOP = '<|content_model_end_sampling|>'
const MARKERS = [START, TEXT, THINKING, CALL, CALL_TEXT, TOOL_ERROR, END, STOP, '```']

/**
 * Inkling, Inkling-Small.
 *
 *     completion = { message } ["<|content_model_end_sampling|>"]
 *     message    = "<|message_model|>" [ name ] kind text "<|end_message|>"
 *     kind       = "<|content_thinking|>" | "<|content_text|>" | "<|content_invoke_tool_json|>"
 *     text       = of a call {"name": …, "args": {…}}, with the name of the header, if one stands there
 *
 * `<|content_invoke_tool_text|>` and `<|content_tool_error|>` hold text for the user. Source: the parsers of SGLang and vLLM.
 */
export const inkling: Format = {
  id: 'inkling',
  aliases: [],
  wire: '<|message_model|>NAME<|content_invoke_tool_json|>{"name": …, "args": {…}}<|end_message|>',
  models: 'Inkling, Inkling-Small',
  modelPatterns: [/\binkling(?!s)/i],
  thinkingModels: [],
  looks: [START],
  flags: { vllm: 'inkling', sglang: 'inkling', dynamo: 'inkling', smg: 'inkling' },
  streams: 'argument text as it comes',
  headers: [],
  stops: [STOP],
  reasoning: undefined,
  channels: INKLING,
  families: [
    channels({
      rules: INKLING,
      codeTools: [],
      shape: { ...CALL_SHAPE, argumentKeys: ['args', 'arguments', 'parameters'] },
    }),
  ],
  render({ calls, content, reasoning }) {
    const messages: string[] = []
    if (reasoning !== '') messages.push(THINKING + plainText('reasoning', reasoning, MARKERS))
    if (content !== '') messages.push(TEXT + plainText('content', content, MARKERS))
    for (const { name, arguments: args } of calls) {
      if (!/^[^\s<{]{1,128}$/.test(name))
        throw new RenderError(`inkling cannot write the name ${JSON.stringify(name)} in the header of a message`)
      messages.push(`${name}${CALL}${spacedJson({ name, args })}`)
    }
    return messages.map((one) => START + one + END).join('')
  },
}
