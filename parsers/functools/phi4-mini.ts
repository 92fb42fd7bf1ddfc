import { type Format, RenderError } from '../../src/engine/format.js'
import { plainText } from '../../src/engine/plain-text.js'
import { bareJson } from '../../src/families/bare-json/bare-json.js'
import { WHOLE_MESSAGE } from '../../src/families/bare-json/usual-places.js'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { listOrObject } from '../../src/families/json-calls/list-or-object.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const WORD = 'functools'
const OPEN = '<|tool_call|>'
const CLOSE = '<|/tool_call|>'
const STOPS = ['<|end|>', '<|endoftext|>']
const HEADER = '<|assistant|>'
const MARKERS = [WORD, OPEN, CLOSE, ...STOPS, HEADER, '```']

/**
 * Phi-4-mini.
 *
 *     completion = text [calls] [stop]
 *     calls      = "functools" list | { "<|tool_call|>" ( list | object ) "<|/tool_call|>" }
 *     list       = "[" object { "," object } "]"
 *     object     = {"name": …, "arguments": {…}}                            or "parameters"
 *
 * Which of the two it writes, the prompt says. Nothing closes the calls behind the word but the end of their list. Without a
 * marker, a list that is the whole message. Source: the chat templates for microsoft/Phi-4-mini-instruct of vLLM and llama.cpp.
 */
export const phi4Mini: Format = {
  id: 'phi4-mini',
  aliases: ['phi4_mini_json', 'phi4', 'phi-4-mini'],
  wire: `${WORD}[{"name": …, "arguments": {…}}]`,
  models: 'Phi-4-mini',
  modelPatterns: [/\bphi-?4-?(?:mini(?!.{0,6}(?:flash-)?reasoning)|multimodal)/i],
  thinkingModels: [],
  looks: [`${WORD}[`, CLOSE],
  flags: { vllm: 'phi4_mini_json', llamacpp: 'auto', dynamo: 'phi4' },
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: STOPS,
  reasoning: undefined,
  families: [
    listOrObject(jsonCalls({ open: [WORD], close: [] }), 'lists'),
    jsonCalls({ open: [OPEN], close: [CLOSE], dropStrays: true }),
    bareJson(WHOLE_MESSAGE),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning }) {
    if (reasoning !== '') throw new RenderError('this format has no reasoning')
    const text = plainText('content', content, MARKERS)
    return calls.length === 0
      ? text
      : text + WORD + spacedJson(calls.map(({ name, arguments: args }) => ({ name, arguments: args })))
  },
}
