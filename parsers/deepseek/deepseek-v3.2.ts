import type { Format } from '../../src/engine/format.js'
import { DSML_REASONING, dsml, misspeltDsml, renderDsml, strippedDsml } from '../../src/families/tagged/dsml.js'

const STOPS = ['<｜end▁of▁sentence｜>']

/**
 * DeepSeek V3.2: DSML, with its calls in a block of `function_calls`.
 *
 *     <｜DSML｜function_calls>
 *     <｜DSML｜invoke name="search">
 *     <｜DSML｜parameter name="query" string="true">tides</｜DSML｜parameter>
 *     <｜DSML｜parameter name="limit" string="false">5</｜DSML｜parameter>
 *     </｜DSML｜invoke>
 *     </｜DSML｜function_calls>
 *
 * Source: encoding_dsv32.py of deepseek-ai/DeepSeek-V3.2.
 */
export const deepseekV32: Format = {
  id: 'deepseek-v3.2',
  aliases: [],
  wire: '<｜DSML｜function_calls><｜DSML｜invoke name="NAME"><｜DSML｜parameter name="KEY" string="true">VALUE…',
  models: 'DeepSeek V3.2 (deepseek-chat, deepseek-reasoner)',
  // The names of DeepSeek's own service went to V4 before they ended; both write DSML.
  modelPatterns: [/\bdeepseek[.-]?v3[._p-]?2(?!\d|-exp)/i, /\bdeepseek-(?:chat|reasoner)\b(?!-v)/i],
  thinkingModels: [/\bdeepseek-reasoner/i],
  unsettledModels: [/\bdeepseek[.-]?v3/i],
  looks: ['<｜DSML｜function_calls>'],
  flags: {
    vllm: 'deepseek_v32',
    sglang: 'deepseekv32',
    dynamo: 'deepseek_v3_2',
    smg: 'deepseek32',
    llamacpp: 'deepseek_v3_2',
    trtllm: 'deepseek_v32',
    lmdeploy: 'deepseek-v32',
  },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: STOPS,
  reasoning: DSML_REASONING,
  families: [dsml('function_calls'), strippedDsml('function_calls'), misspeltDsml('function_calls')],
  render: renderDsml('function_calls', STOPS),
}
