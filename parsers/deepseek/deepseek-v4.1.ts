import type { Format } from '../../src/engine/format.js'
import { DSML_REASONING, dsml, misspeltDsml, renderDsml, strippedDsml } from '../../src/families/tagged/dsml.js'

const STOPS = ['<｜end▁of▁sentence｜>']

/**
 * DeepSeek V4.1: DSML with a space behind the token in every tag, and its calls in a block of ` calls`.
 *
 *     <｜DSML｜ calls>
 *     <｜DSML｜ invoke name="search">
 *     <｜DSML｜ parameter name="query" string="true">tides</｜DSML｜ parameter>
 *     </｜DSML｜ invoke>
 *     </｜DSML｜ calls>
 *
 * What V3.2 and V4 write is read too. Source: the reference encoding of deepseek-ai/DeepSeek-V4.1, and its parsers in vLLM
 * and SGLang.
 */
export const deepseekV41: Format = {
  id: 'deepseek-v4.1',
  aliases: ['deepseek_v4_1', 'deepseek-v41'],
  wire: '<｜DSML｜ calls><｜DSML｜ invoke name="NAME"><｜DSML｜ parameter name="KEY" string="true">VALUE…',
  models: 'DeepSeek V4.1',
  modelPatterns: [/\bdeepseek[.-]?v4[._p-]?1(?!\d)/i],
  looks: ['<｜DSML｜ calls>'],
  flags: { vllm: 'deepseek_v41', sglang: 'deepseekv41', smg: 'deepseek_v41' },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: STOPS,
  reasoning: DSML_REASONING,
  families: [dsml(' calls'), strippedDsml(' calls'), misspeltDsml(' calls')],
  render: renderDsml(' calls', STOPS),
}
