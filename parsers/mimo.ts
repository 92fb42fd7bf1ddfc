import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { THINK } from '../src/engine/reasoning-blocks.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { MIMO_TAGS } from '../src/families/tagged/qwen-tags.js'
import { tagged } from '../src/families/tagged/tagged.js'
import { renderTagged } from '../src/families/tagged/tagged-render.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'

const OPEN = '<tool_call>'
const CLOSE = '</tool_call>'
const STOPS = ['<|im_end|>', '<|endoftext|>']
const MARKERS = [OPEN, '<function=', THINK.open, THINK.close, '```', ...STOPS]

/**
 * MiMo V2, V2.5 and V2.6: the tags of Qwen3-Coder without newlines between them, and with values that are verbatim.
 *
 *     completion = [reasoning] { text | block | call } [stop]
 *     block      = "<tool_call>" call { call } "</tool_call>"        or one JSON object, as Hermes has it
 *     call       = "<function=" NAME ">" { parameter } "</function>"
 *     parameter  = "<parameter=" KEY ">" value "</parameter>"
 *
 * No newline of a value is markup: read as Qwen3-Coder's, a file would lose its last one. Otherwise values are typed, and
 * end, as they do there. Source: the chat template of XiaomiMiMo/MiMo-V2-Flash, and its parsers in vLLM and SGLang.
 */
export const mimo: Format = {
  id: 'mimo',
  aliases: ['mimo-v2', 'mimo_v2'],
  wire: '<tool_call><function=NAME><parameter=KEY>VALUE</parameter></function></tool_call>, values verbatim',
  models: 'MiMo-V2-Flash, V2.5, V2.6',
  modelPatterns: [/\bmimo-?v[2-9]/i],
  flags: { vllm: 'mimo', sglang: 'mimo', llamacpp: 'auto' },
  streams: 'string values as they come, others whole',
  headers: ['<|im_start|>assistant\n'],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [
    jsonCalls({ open: [OPEN], close: [CLOSE] }),
    tagged(MIMO_TAGS),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning, ...schema }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = plainText('content', content, MARKERS)
    return think + text + calls.map((call) => OPEN + renderTagged(MIMO_TAGS, call, schema, STOPS) + CLOSE).join('')
  },
}
