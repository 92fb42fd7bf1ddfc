import type { Format } from '../src/engine/format.js'
import { hermesBlocks, renderHermesBlocks } from '../src/families/json-calls/hermes-blocks.js'

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
  families: hermesBlocks(OPEN, CLOSE),
  render: renderHermesBlocks({ open: OPEN, close: CLOSE, think: THINK, markers: MARKERS }),
}
