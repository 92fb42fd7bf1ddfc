import type { Format } from '../../src/engine/format.js'
import { HUNYUAN_MARKERS, HUNYUAN_THINK, renderHunyuan } from '../../src/families/pairs/hunyuan-pairs.js'
import { pairs } from '../../src/families/pairs/pairs.js'
import type { PairsGrammar } from '../../src/families/pairs/pairs-grammar.js'

const PAIRS: PairsGrammar = {
  syntax: { ...HUNYUAN_MARKERS, nameEnd: '<tool_sep>', space: '\n' },
  layout: 'lines',
}

/**
 * Hy3: a marker a line, and one behind the name.
 *
 *     completion = [reasoning] { text | block } [stop]
 *     block      = "<tool_calls>" LF call LF { call LF } "</tool_calls>"
 *     call       = "<tool_call>" NAME "<tool_sep>" LF { pair LF } "</tool_call>"
 *     pair       = "<arg_key>" KEY "</arg_key>" LF "<arg_value>" value "</arg_value>"
 *
 * All of these markers, and those of the reasoning, have the same suffix: `<tool_call:opensource>`. Source: the readers of the
 * format in vLLM and SGLang.
 */
export const hunyuanV3: Format = {
  id: 'hunyuan-v3',
  aliases: ['hy_v3', 'hy3'],
  wire: '<tool_calls:SUFFIX><tool_call:SUFFIX>NAME<tool_sep:SUFFIX> + lines of <arg_key:SUFFIX>KEY</arg_key:SUFFIX> and <arg_value:SUFFIX>VALUE</arg_value:SUFFIX>',
  models: 'Hy3',
  modelPatterns: [/\bhy-?3\b/i, /\bhunyuan-?(?:v)?3\b/i],
  unsettledModels: [/\bhy/i, /\bhunyuan/i],
  looks: ['<tool_calls:opensource>'],
  flags: { vllm: 'hy_v3', sglang: 'hunyuan', llamacpp: 'auto' },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: [],
  reasoning: { blocks: HUNYUAN_THINK },
  families: [pairs(PAIRS)],
  render: renderHunyuan(PAIRS),
}
