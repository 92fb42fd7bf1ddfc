import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { THINK } from '../src/engine/reasoning-blocks.js'
import { blockOrBare } from '../src/families/bare-json/block-or-bare.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const OPEN = '<tool_calls>'
const CLOSE = '</tool_calls>'
const HEADER = '<|bom|><|assistant|>'
const STOPS = ['<|eom|>', '<|endoftext|>']
const MARKERS = [OPEN, CLOSE, THINK.open, THINK.close, ...STOPS, HEADER, '```']

/**
 * Jamba 1.5 to 1.7, and Jamba Reasoning.
 *
 *     completion = [reasoning] text [calls] [stop]
 *     reasoning  = "<think>" … "</think>"                                     Jamba Reasoning
 *     calls      = "<tool_calls>" "[" object { "," object } "]" "</tool_calls>"
 *     object     = {"name": …, "arguments": {…}}
 *
 * Without a marker, a list that is the whole message. Source: the chat template of ai21labs/AI21-Jamba-1.5-Mini, and its parser
 * in vLLM.
 */
export const jamba: Format = {
  id: 'jamba',
  aliases: ['jamba1.5', 'jamba-1.5'],
  wire: `${OPEN}[{"name": …, "arguments": {…}}]${CLOSE}`,
  models: 'Jamba 1.5, 1.6, 1.7',
  modelPatterns: [/\bjamba/i],
  unsettledModels: [/\bjamba.{0,20}reasoning/i],
  thinkingModels: [],
  flags: { vllm: 'jamba', llamacpp: 'auto', dynamo: 'jamba' },
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: blockOrBare({ open: OPEN, close: CLOSE }),
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = think + plainText('content', content, MARKERS)
    const objects = calls.map(({ name, arguments: args }) => ({ name, arguments: args }))
    return calls.length === 0 ? text : text + OPEN + spacedJson(objects) + CLOSE
  },
}
