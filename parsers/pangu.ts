import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { objectsOnly } from '../src/families/json-calls/objects-only.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const OPEN = '[unused11]'
const CLOSE = '[unused12]'
const TOKENS = { open: '<|tool_call_start|>', close: '<|tool_call_end|>' }
const THINK = { open: '[unused16]', close: '[unused17]' }
const HEADER = '[unused9]助手：'
const STOP = '[unused10]'
const MARKERS = [OPEN, CLOSE, TOKENS.open, TOKENS.close, THINK.open, THINK.close, HEADER, STOP, '```']

/**
 * openPangu: special tokens that its tokenizer had left over.
 *
 *     completion = [reasoning] text [block] [stop]
 *     reasoning  = "[unused16]" … "[unused17]"
 *     block      = "[unused11]" list "[unused12]" | "<|tool_call_start|>" list "<|tool_call_end|>"
 *     list       = "[" object { "," object } "]"                 {"name": …, "arguments": {…}}
 *
 * Source: the model card of openPangu-Embedded-7B, and its parser for vLLM.
 */
export const pangu: Format = {
  id: 'pangu',
  aliases: ['openpangu'],
  wire: `${OPEN}[{"name": …, "arguments": {…}}]${CLOSE}`,
  models: 'openPangu',
  modelPatterns: [/\b(?:open-?)?pangu/i],
  looks: [OPEN],
  flags: {},
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: [STOP],
  reasoning: { blocks: [THINK] },
  families: [
    jsonCalls({ open: [OPEN], close: [CLOSE], dropStrays: true }),
    objectsOnly(jsonCalls({ open: [TOKENS.open], close: [TOKENS.close], dropStrays: true })),
    misspeltMarkers({ open: [TOKENS.open], close: [TOKENS.close] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = think + plainText('content', content, MARKERS)
    return calls.length === 0
      ? text
      : text + OPEN + spacedJson(calls.map(({ name, arguments: args }) => ({ name, arguments: args }))) + CLOSE
  },
}
