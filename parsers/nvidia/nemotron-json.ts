import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { blockOrBare } from '../../src/families/bare-json/block-or-bare.js'
import { ASSISTANT_HEADERS } from '../../src/formats/headers.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const OPEN = '<TOOLCALL>'
const CLOSE = '</TOOLCALL>'
const HEADERS = ['<SPECIAL_11>Assistant\n', ...ASSISTANT_HEADERS]
const STOPS = ['<SPECIAL_12>', '<|eot_id|>', '<|end_of_text|>', '</s>']
const MARKERS = [OPEN, CLOSE, THINK.open, THINK.close, ...STOPS, ...HEADERS, '```']

/**
 * Nemotron Nano v2 and the Llama-Nemotrons.
 *
 *     completion = [reasoning] text [calls] [stop]
 *     reasoning  = "<think>" … "</think>"                                     often opened by the prompt
 *     calls      = "<TOOLCALL>" "[" object { "," object } "]" "</TOOLCALL>"
 *     object     = {"name": …, "arguments": {…}}
 *
 * The brackets may be missing. Without a marker, a list that is the whole message. Source: the chat templates of
 * nvidia/NVIDIA-Nemotron-Nano-9B-v2 and nvidia/Llama-3_3-Nemotron-Super-49B-v1_5, and the parser of Dynamo.
 */
export const nemotronJson: Format = {
  id: 'nemotron-json',
  aliases: ['nemotron_json', 'nemotron_deci', 'nemotron_nano_v2', 'llama-nemotron'],
  wire: `${OPEN}[{"name": …, "arguments": {…}}]${CLOSE}`,
  models: 'Nemotron Nano v2, Llama-Nemotron Nano, Super, Ultra',
  modelPatterns: [/\bnemotron-nano-\d+b-v2/i, /\bllama-?3[._]\d-nemotron-(?:nano|super|ultra)/i],
  unsettledModels: [/\bnemotron/i],
  flags: { llamacpp: 'auto', dynamo: 'nemotron_deci' },
  streams: 'argument text as it comes',
  headers: HEADERS,
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: blockOrBare({ open: OPEN, close: CLOSE }),
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = think + plainText('content', content, MARKERS)
    const objects = calls.map(({ name, arguments: args }) => ({ name, arguments: args }))
    return calls.length === 0 ? text : text + OPEN + spacedJson(objects) + CLOSE
  },
}
