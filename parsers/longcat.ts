import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { loneCall } from '../src/families/json-calls/lone-call.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const OPEN = '<longcat_tool_call>'
const CLOSE = '</longcat_tool_call>'
const THINK = { open: '<longcat_think>', close: '</longcat_think>' }
const STOP = '</longcat_s>'
const MARKERS = [OPEN, CLOSE, THINK.open, THINK.close, STOP, '```']

/**
 * LongCat-Flash: Hermes' calls in tags of its own.
 *
 *     completion = [reasoning] { text | block } [stop]
 *     reasoning  = "<longcat_think>" … "</longcat_think>"
 *     block      = "<longcat_tool_call>" object "</longcat_tool_call>"      once for each call
 *     object     = {"name": …, "arguments": {…}}
 *
 * Source: the chat template of meituan-longcat/LongCat-Flash-Chat, and its parsers in vLLM and MLX-LM.
 */
export const longcat: Format = {
  id: 'longcat',
  aliases: ['longcat-flash'],
  wire: `${OPEN}{"name": …, "arguments": {…}}${CLOSE}`,
  models: 'LongCat-Flash',
  modelPatterns: [/\blongcat/i],
  unsettledModels: [/\blongcat/i],
  flags: { vllm: 'longcat', llamacpp: 'auto', mlx: 'longcat' },
  streams: 'argument text as it comes',
  headers: [],
  stops: [STOP],
  reasoning: { blocks: [THINK] },
  families: [
    jsonCalls({ open: [OPEN], close: [CLOSE], dropStrays: true }),
    loneCall(OPEN, CLOSE),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const blocks = calls.map(
      ({ name, arguments: args }) => `${OPEN}\n${spacedJson({ name, arguments: args })}\n${CLOSE}`,
    )
    return think + plainText('content', content, MARKERS) + blocks.join('\n')
  },
}
