import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { blockOrBare } from '../../src/families/bare-json/block-or-bare.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const OPEN = '<tool_calls>'
const CLOSE = '</tool_calls>'
const ANSWER = { open: '<answer>', close: '</answer>' }
const HEADER = '助手：'
const STOPS = ['<|eos|>', '<|endoftext|>']
const MARKERS = [OPEN, CLOSE, THINK.open, THINK.close, ANSWER.open, ANSWER.close, ...STOPS, HEADER, '```']

/**
 * Hunyuan A13B.
 *
 *     completion = [reasoning] ( answer | "<answer>" answer "</answer>" ) [stop]
 *     reasoning  = "<think>" newline … newline "</think>" newline
 *     answer     = ["助手："] text [calls]
 *     calls      = "<tool_calls>" "[" object { "," object } "]" "</tool_calls>"
 *     object     = {"name": …, "arguments": {…}}
 *
 * Calls in a block of reasoning are drafts. Without a marker, a list that is the whole message. Source: the chat template of
 * tencent/Hunyuan-A13B-Instruct, and its parsers in vLLM.
 */
export const hunyuanA13b: Format = {
  id: 'hunyuan-a13b',
  aliases: ['hunyuan_a13b'],
  wire: `${OPEN}[{"name": …, "arguments": {…}}]${CLOSE}`,
  models: 'Hunyuan-A13B',
  modelPatterns: [/\bhunyuan-?a13b/i],
  thinkingModels: [],
  flags: { vllm: 'hunyuan_a13b', llamacpp: 'auto' },
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  frames: [ANSWER],
  families: blockOrBare({ open: OPEN, close: CLOSE }),
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = think + plainText('content', content, MARKERS)
    const objects = calls.map(({ name, arguments: args }) => ({ name, arguments: args }))
    return calls.length === 0 ? text : text + OPEN + spacedJson(objects) + CLOSE
  },
}
