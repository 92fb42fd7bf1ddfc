import type { Format } from '../../src/engine/format.js'
import { DSML_REASONING, dsml, misspeltDsml, renderDsml, strippedDsml } from '../../src/families/tagged/dsml.js'

const STOPS = ['<｜end▁of▁sentence｜>']

/**
 * DeepSeek V4: DSML, with its calls in a block of `tool_calls`. What V4.1 writes is read too.
 *
 *     <｜DSML｜tool_calls>
 *     <｜DSML｜invoke name="search">
 *     <｜DSML｜parameter name="query" string="true">tides</｜DSML｜parameter>
 *     </｜DSML｜invoke>
 *     </｜DSML｜tool_calls>
 *
 * Source: the reference encoding of deepseek-ai/DeepSeek-V4.
 */
export const deepseekV4: Format = {
  id: 'deepseek-v4',
  aliases: ['dsml'],
  wire: '<｜DSML｜tool_calls><｜DSML｜invoke name="NAME"><｜DSML｜parameter name="KEY" string="true">VALUE…',
  models: 'DeepSeek V4',
  modelPatterns: [/\bdeepseek[.-]?v4(?![._p-]1(?!\d))/i],
  looks: ['<｜DSML｜tool_calls>'],
  flags: {
    vllm: 'deepseek_v4',
    sglang: 'deepseekv4',
    dynamo: ['deepseek_v4', 'deepseek-v4', 'deepseekv4'],
    smg: 'deepseek_v4',
    llamacpp: 'auto',
    lmdeploy: 'deepseek-v4',
  },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: STOPS,
  reasoning: DSML_REASONING,
  families: [dsml('tool_calls'), strippedDsml('tool_calls'), misspeltDsml('tool_calls')],
  render: renderDsml('tool_calls', STOPS),
}
