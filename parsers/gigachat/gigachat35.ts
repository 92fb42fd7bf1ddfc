import type { Format } from '../../src/engine/format.js'
import { DSML_REASONING, dsml, misspeltDsml, renderDsml, strippedDsml } from '../../src/families/tagged/dsml.js'

const TOKEN = 'GCML'
const STOP = '</s>'
/** Ends a message. */
const SEPARATOR = '<|message_sep|>'

/**
 * GigaChat 3.5: the markup language of DeepSeek V4 with a token of its own.
 *
 *     <｜GCML｜tool_calls>
 *     <｜GCML｜invoke name="search">
 *     <｜GCML｜parameter name="query" string="true">приливы</｜GCML｜parameter>
 *     </｜GCML｜invoke>
 *     </｜GCML｜tool_calls>
 *
 * Reasoning stands in `<think>`, which the prompt opens if it is asked for. Source: the chat template of GigaChat 3.5, and its
 * parsers in SGLang and vLLM.
 */
export const gigachat35: Format = {
  id: 'gigachat35',
  aliases: ['gigachat3.5', 'gigachat-3.5', 'gcml'],
  wire: '<｜GCML｜tool_calls><｜GCML｜invoke name="NAME"><｜GCML｜parameter name="KEY" string="true">VALUE…',
  models: 'GigaChat 3.5',
  modelPatterns: [/\bgigachat-?3[._p]?5/i],
  unsettledModels: [/\bgigachat/i],
  looks: ['<｜GCML｜tool_calls>'],
  flags: { sglang: 'gigachat35' },
  streams: 'string values as they come, others whole',
  headers: ['assistant<|role_sep|>\n'],
  stops: [STOP],
  reasoning: DSML_REASONING,
  families: [
    { ...dsml('tool_calls', TOKEN), strays: [SEPARATOR] },
    strippedDsml('tool_calls', TOKEN),
    misspeltDsml('tool_calls', TOKEN),
  ],
  render: renderDsml('tool_calls', [STOP, SEPARATOR], TOKEN),
}
