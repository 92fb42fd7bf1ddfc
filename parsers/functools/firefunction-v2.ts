import { type Format, RenderError } from '../../src/engine/format.js'
import { plainText } from '../../src/engine/plain-text.js'
import { bareJson } from '../../src/families/bare-json/bare-json.js'
import { WHOLE_MESSAGE } from '../../src/families/bare-json/usual-places.js'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { listOrObject } from '../../src/families/json-calls/list-or-object.js'
import { ASSISTANT_HEADERS } from '../../src/formats/headers.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const WORD = 'functools'
const STOPS = ['<|eot_id|>', '<|end_of_text|>']
const MARKERS = [WORD, ...STOPS, ...ASSISTANT_HEADERS, '```']

/**
 * FireFunction v2, made from Llama 3.
 *
 *     completion = text [ " functools" list ] [stop]
 *     list       = "[" object { "," object } "]"
 *     object     = {"name": …, "arguments": {…}}
 *
 * Nothing closes the calls but the end of their list. Without the word, a list that is the whole message. Source: the chat
 * template of fireworks-ai/llama-3-firefunction-v2, and its handler in llama.cpp.
 */
export const firefunctionV2: Format = {
  id: 'firefunction-v2',
  aliases: ['firefunction', 'firefunction_v2'],
  wire: ` ${WORD}[{"name": …, "arguments": {…}}]`,
  models: 'FireFunction v2',
  modelPatterns: [/\bfirefunction-?v2/i],
  thinkingModels: [],
  flags: { llamacpp: 'auto' },
  streams: 'argument text as it comes',
  headers: ASSISTANT_HEADERS,
  stops: STOPS,
  reasoning: undefined,
  families: [listOrObject(jsonCalls({ open: [WORD], close: [] }), 'lists'), bareJson(WHOLE_MESSAGE)],
  render({ calls, content, reasoning }) {
    if (reasoning !== '') throw new RenderError('this format has no reasoning')
    const text = plainText('content', content, MARKERS)
    return calls.length === 0
      ? text
      : `${text} ${WORD}${spacedJson(calls.map(({ name, arguments: args }) => ({ name, arguments: args })))}`
  },
}
