import type { Format } from '../src/engine/format.js'
import { lineEnd, plainText, plainThought } from '../src/engine/plain-text.js'
import { THINK } from '../src/engine/reasoning-blocks.js'
import { bareJson } from '../src/families/bare-json/bare-json.js'
import { ANY_LINE } from '../src/families/bare-json/usual-places.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { listOrObject } from '../src/families/json-calls/list-or-object.js'
import { ASSISTANT_HEADERS } from '../src/formats/headers.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const TOKEN = '[TOOL_CALLS]'
const OPEN = '<tool_call>'
const CLOSE = '</tool_call>'
const STOPS = ['<|eot_id|>', '<|im_end|>', '<|endoftext|>', '<|end_of_text|>']
const MARKERS = [TOKEN, OPEN, CLOSE, THINK.open, THINK.close, ...STOPS, ...ASSISTANT_HEADERS, '```']

/**
 * xLAM 1 and 2.
 *
 *     completion = [reasoning] { text | calls | marked | fence } [stop]
 *     calls      = list | object | {"tool_calls": list}                          at the beginning of a line
 *     list       = "[" object { "," object } "]"
 *     object     = {"name": …, "arguments": {…}}
 *     marked     = "[TOOL_CALLS]" list | "<tool_call>" ( list | object ) "</tool_call>"
 *     fence      = "```" ["json"] calls "```"
 *
 * A list is what its prompt asks for; the other ways are those of the models that it was made from. Source: the chat template
 * of Salesforce/Llama-xLAM-2-8b-fc-r, and its parser in vLLM.
 */
export const xlam: Format = {
  id: 'xlam',
  aliases: ['xlam-2', 'xlam2'],
  wire: '[{"name": …, "arguments": {…}}]',
  models: 'xLAM 1, 2',
  modelPatterns: [/\bxlam/i],
  thinkingModels: [],
  nativelyBare: true,
  flags: { vllm: 'xlam', llamacpp: 'auto' },
  streams: 'argument text as it comes',
  headers: ASSISTANT_HEADERS,
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [
    listOrObject(jsonCalls({ open: [TOKEN], close: [], payloads: 'one' })),
    jsonCalls({ open: [OPEN], close: [CLOSE], dropStrays: true }),
    bareJson(ANY_LINE),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = plainText('content', content, MARKERS)
    if (calls.length === 0) return think + text
    return `${think}${text}${lineEnd(text)}${spacedJson(calls.map(({ name, arguments: args }) => ({ name, arguments: args })))}`
  },
}
