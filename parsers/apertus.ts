import { CALL_SHAPE, type CallShape } from '../src/engine/call-shape.js'
import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const OPEN = '<|tools_prefix|>'
const CLOSE = '<|tools_suffix|>'
const INNER = { open: '<|inner_prefix|>', close: '<|inner_suffix|>' }
const HEADER = '<|assistant_start|>'
const STOPS = ['<|assistant_end|>', '</s>']
const MARKERS = [OPEN, CLOSE, INNER.open, INNER.close, HEADER, '```', ...STOPS]
const SHAPE: CallShape = { ...CALL_SHAPE, nested: false, nameIsKey: true }

/**
 * Apertus 2509 and 1.5: the name of a tool is the key of its arguments.
 *
 *     completion = [reasoning] text [block] [stop]
 *     reasoning  = "<|inner_prefix|>" … "<|inner_suffix|>"
 *     block      = "<|tools_prefix|>" "[" object { "," object } "]" "<|tools_suffix|>"
 *     object     = {NAME: {…}}
 *
 * Source: the chat template of swiss-ai/Apertus-8B-Instruct-2509, and its parsers in vLLM and SGLang.
 */
export const apertus: Format = {
  id: 'apertus',
  aliases: ['apertus2509', 'apertus15', 'apertus1.5'],
  wire: `${OPEN}[{"NAME": {…}}]${CLOSE}`,
  models: 'Apertus 2509, 1.5',
  modelPatterns: [/\bapertus/i],
  looks: [OPEN],
  flags: { vllm: 'apertus', sglang: 'apertus2509', llamacpp: 'auto' },
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: STOPS,
  reasoning: { blocks: [INNER] },
  families: [
    jsonCalls({ open: [OPEN], close: [CLOSE], shape: SHAPE, dropStrays: true }),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, INNER, MARKERS)
    const text = think + plainText('content', content, MARKERS)
    return calls.length === 0
      ? text
      : `${text}${OPEN}[${calls.map(({ name, arguments: args }) => spacedJson({ [name]: args })).join(', ')}]${CLOSE}`
  },
}
