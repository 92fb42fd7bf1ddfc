import type { Format } from '../src/engine/format.js'
import { hermesBlocks, renderHermesBlocks } from '../src/families/json-calls/hermes-blocks.js'
import { pairs } from '../src/families/pairs/pairs.js'
import type { PairsGrammar } from '../src/families/pairs/pairs-grammar.js'

const OPEN = '<longcat_tool_call>'
const CLOSE = '</longcat_tool_call>'
const THINK = { open: '<longcat_think>', close: '</longcat_think>' }
const STOP = '</longcat_s>'
const KEY = ['<longcat_arg_key>', '</longcat_arg_key>'] as const
const VALUE = ['<longcat_arg_value>', '</longcat_arg_value>'] as const
/** LongCat 2.0 writes the names and values of GLM instead. */
const PAIRS: PairsGrammar = {
  syntax: { call: [OPEN, CLOSE], key: KEY, value: VALUE, space: '\n' },
  layout: 'lines',
}
const MARKERS = [OPEN, CLOSE, ...KEY, ...VALUE, THINK.open, THINK.close, STOP, '```']

/**
 * LongCat-Flash: Hermes' calls in tags of its own. LongCat 2.0: GLM's, in such tags.
 *
 *     completion = [reasoning] { text | block } [stop]
 *     reasoning  = "<longcat_think>" … "</longcat_think>"
 *     block      = "<longcat_tool_call>" ( object | NAME { pair } ) "</longcat_tool_call>"      once for each call
 *     object     = {"name": …, "arguments": {…}}
 *     pair       = "<longcat_arg_key>" KEY "</longcat_arg_key>" "<longcat_arg_value>" value "</longcat_arg_value>"
 *
 * Source: the chat template of meituan-longcat/LongCat-Flash-Chat, and its parsers in vLLM and MLX-LM; pairs: completions of
 * LongCat's own API.
 */
export const longcat: Format = {
  id: 'longcat',
  aliases: ['longcat-flash'],
  wire: `${OPEN}{"name": …, "arguments": {…}}${CLOSE}`,
  models: 'LongCat-Flash, LongCat 2.0',
  modelPatterns: [/\blongcat/i],
  unsettledModels: [/\blongcat/i],
  flags: { vllm: 'longcat', llamacpp: 'auto', mlx: 'longcat' },
  streams: 'argument text as it comes',
  headers: [],
  stops: [STOP],
  reasoning: { blocks: [THINK] },
  families: hermesBlocks(OPEN, CLOSE, pairs(PAIRS)),
  render: renderHermesBlocks({ open: OPEN, close: CLOSE, think: THINK, markers: MARKERS }),
}
