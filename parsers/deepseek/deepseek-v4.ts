import type { Format } from '../../src/engine/format.js'
import { DSML_REASONING, dsml, renderDsml } from '../../src/families/tagged/dsml.js'

const STOPS = ['<｜end▁of▁sentence｜>']

/**
 * DeepSeek V4 and V4.1: DSML, with its calls in a block of `tool_calls` (V4.1: ` calls`, and a space in every tag).
 *
 *     <｜DSML｜tool_calls>
 *     <｜DSML｜invoke name="search">
 *     <｜DSML｜parameter name="query" string="true">tides</｜DSML｜parameter>
 *     </｜DSML｜invoke>
 *     </｜DSML｜tool_calls>
 *
 * Source: the reference encodings of deepseek-ai/DeepSeek-V4 and V4.1.
 */
export const deepseekV4: Format = {
  id: 'deepseek-v4',
  aliases: ['deepseek_v4', 'deepseekv4', 'deepseek-v4.1', 'deepseek_v41', 'deepseekv41', 'dsml'],
  wire: '<｜DSML｜tool_calls><｜DSML｜invoke name="NAME"><｜DSML｜parameter name="KEY" string="true">VALUE…',
  models: 'DeepSeek V4, V4.1',
  modelPatterns: [/\bdeepseek-?v4/i],
  looks: ['<｜DSML｜tool_calls>', '<｜DSML｜ calls>'],
  flags: { vllm: 'deepseek_v4', sglang: 'deepseekv4', llamacpp: 'auto', dynamo: 'deepseek_v4' },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: STOPS,
  reasoning: DSML_REASONING,
  families: [dsml('tool_calls')],
  render: renderDsml('tool_calls', STOPS),
}
