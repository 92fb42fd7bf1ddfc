import { type Format, RenderError } from '../../src/engine/format.js'
import { plainText } from '../../src/engine/plain-text.js'
import { bareJson } from '../../src/families/bare-json/bare-json.js'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const ROLE = 'function call<|role_sep|>'
const TOKEN = '<|function_call|>'
const SEPARATOR = '<|message_sep|>'
const HEADER = 'assistant<|role_sep|>\n'
const STOP = '</s>'
const MARKERS = [ROLE, TOKEN, SEPARATOR, HEADER, STOP, '```']

/**
 * GigaChat 3 and 3.1: a call is a message of a role of its own, behind the text.
 *
 *     completion = text [ separator call ] [separator] [stop]
 *     separator  = "<|message_sep|>" newline newline
 *     call       = "function call<|role_sep|>" newline object
 *     object     = {"name": …, "arguments": {…}}
 *
 * Or behind one token: `<|function_call|>` and the object. Source: the chat template of ai-sage/GigaChat3-10B-A1.8B, and its
 * parsers in vLLM and SGLang.
 */
export const gigachat3: Format = {
  id: 'gigachat3',
  aliases: ['gigachat-3', 'gigachat3.1', 'gigachat_v3'],
  wire: `${SEPARATOR}\\n\\n${ROLE}\\n{"name": …, "arguments": {…}}`,
  models: 'GigaChat 3, 3.1',
  modelPatterns: [/\bgigachat-?3(?![._p]?5)/i],
  thinkingModels: [],
  looks: [ROLE, TOKEN],
  flags: { vllm: 'gigachat3', sglang: 'gigachat3', llamacpp: 'gigachat_v3' },
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: [STOP],
  reasoning: undefined,
  families: [
    { ...jsonCalls({ open: [ROLE, TOKEN], close: [] }), strays: [SEPARATOR] },
    bareJson({ where: 'line-start', withoutTools: 'text-start', commit: 'arguments' }),
    misspeltMarkers({ open: [TOKEN] }),
  ],
  render({ calls, content, reasoning }) {
    if (reasoning !== '') throw new RenderError('this format has no reasoning')
    const objects = calls.map(({ name, arguments: args }) => TOKEN + spacedJson({ name, arguments: args }))
    return plainText('content', content, MARKERS) + objects.join('\n')
  },
}
