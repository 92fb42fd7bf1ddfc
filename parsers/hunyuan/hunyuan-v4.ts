import type { Format } from '../../src/engine/format.js'
import { HUNYUAN_MARKERS, HUNYUAN_THINK, renderHunyuan } from '../../src/families/pairs/hunyuan-pairs.js'
import { pairs } from '../../src/families/pairs/pairs.js'
import type { PairsGrammar } from '../../src/families/pairs/pairs-grammar.js'

const PAIRS: PairsGrammar = { syntax: HUNYUAN_MARKERS, layout: 'packed' }

/**
 * Hy4.
 *
 *     completion = [reasoning] { text | block } [stop]
 *     reasoning  = "<think>" … "</think>"
 *     block      = "<tool_calls>" call { call } "</tool_calls>"
 *     call       = "<tool_call>" NAME { pair } "</tool_call>"
 *     pair       = "<arg_key>" KEY "</arg_key>" "<arg_value>" value "</arg_value>"
 *
 * All of these markers have the same suffix, which differs by checkpoint: `<tool_call:6124c78e>`. That of the calls is told by
 * the first of them; reasoning is read with those that are known. Source: the readers of the format in vLLM and smg.
 */
export const hunyuanV4: Format = {
  id: 'hunyuan-v4',
  aliases: ['hy_v4', 'hy4'],
  wire: '<tool_calls:SUFFIX><tool_call:SUFFIX>NAME<arg_key:SUFFIX>KEY</arg_key:SUFFIX><arg_value:SUFFIX>VALUE</arg_value:SUFFIX></tool_call:SUFFIX></tool_calls:SUFFIX>',
  models: 'Hy4',
  modelPatterns: [/\bhy-?4\b/i, /\bhunyuan-?(?:v)?4\b/i],
  unsettledModels: [/\bhy/i, /\bhunyuan/i],
  looks: ['<tool_calls:'],
  flags: { vllm: 'hy_v4', sglang: 'hunyuan', smg: 'hy_v4' },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: [],
  reasoning: { blocks: HUNYUAN_THINK },
  families: [pairs(PAIRS)],
  render: renderHunyuan(PAIRS),
}
