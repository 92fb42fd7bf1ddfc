import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { THINK } from '../src/engine/reasoning-blocks.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { loneCall } from '../src/families/json-calls/lone-call.js'
import { ASSISTANT_HEADERS } from '../src/formats/headers.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const OPEN = '<tool_call>'
const CLOSE = '</tool_call>'
const SCRATCH_PAD = { open: '<scratch_pad>', close: '</scratch_pad>' }
const STOPS = ['<|im_end|>', '<|endoftext|>']
const MARKERS = [
  OPEN,
  CLOSE,
  THINK.open,
  THINK.close,
  SCRATCH_PAD.open,
  SCRATCH_PAD.close,
  '```',
  ...STOPS,
  ...ASSISTANT_HEADERS,
]

/**
 * Hermes 2 Pro, 3 and 4; also Qwen2.5, QwQ and Qwen3.
 *
 *     completion = [reasoning] { text | block } [stop]
 *     reasoning  = "<think>" … "</think>" | "<scratch_pad>" … "</scratch_pad>"
 *     block      = "<tool_call>" payload { ["," | ";"] payload } "</tool_call>"
 *     payload    = object | "[" object { "," object } "]"
 *     object     = {"name": …, "arguments": {…}}                 keys in any order
 *
 * Source: the chat templates of NousResearch/Hermes-2-Pro and Qwen/Qwen2.5.
 */
export const hermes: Format = {
  id: 'hermes',
  aliases: ['hermes2', 'hermes_2_pro', 'qwen2.5', 'exaone4', 'mellum2', 'kolibri1'],
  wire: '<tool_call>{"name": …, "arguments": {…}}</tool_call>',
  models:
    'Hermes 2 Pro, 3, 4; Qwen2.5, QwQ, Qwen3; Mellum2, Param2, Kolibri 1, Bielik 3, Reka Edge, EXAONE 4, SmolLM3, MiMo-VL, Trinity Mini; Ling 2 to 2.6, Ring 1T',
  modelPatterns: [
    /\b(?:deep)?hermes-?[2-4]/i,
    /\bqwen-?(?:2[._p]?5|3)(?!\d|[._p][5-9]|.*coder)/i,
    /\bqwq\b/i,
    /\bllama-?3-groq/i,
    /\bmellum-?2/i,
    /\bparam-?2\b/i,
    /\bkolibri-?1/i,
    /\breka-?edge/i,
    /\bbielik(?:-?3|.*\bv3)/i,
    /\bexaone-?4/i,
    /\bk-exaone-236b/i,
    /\bsmollm-?3/i,
    /\bmimo-(?:vl|7b)/i,
    /\btrinity-(?:mini|nano)/i,
    // Of Ring 2.6 another format is known.
    /\bling-?(?:1t|2|(?:mini|flash)-?2)/i,
    /\bring-?(?:1t|2[._p][0-5]|(?:mini|flash)-?2)/i,
  ],
  thinkingModels: [/\bqwq\b(?!.{0,40}preview)/i, /\bqwen-?3(?!\d).{0,20}thinking/i],
  unsettledModels: [/\b(?:mellum|param|kolibri)-?\d/i, /\bexaone/i, /\bmimo/i, /\btrinity/i, /\b[lr]ing-/i],
  flags: {
    vllm: ['hermes', 'qwen3_json'],
    sglang: ['qwen25', 'hermes', 'trinity'],
    dynamo: ['hermes', 'qwen25'],
    smg: 'qwen',
    llamacpp: 'auto',
    ollama: ['qwen3', 'qwen3-thinking', 'qwen3-vl-instruct', 'qwen3-vl-thinking'],
    mlx: 'json_tools',
    trtllm: 'qwen3',
    lmdeploy: ['qwen2d5', 'qwen3'],
  },
  streams: 'argument text as it comes',
  headers: ASSISTANT_HEADERS,
  stops: STOPS,
  reasoning: { blocks: [THINK, SCRATCH_PAD] },
  families: [
    jsonCalls({ open: [OPEN], close: [CLOSE], dropStrays: true }),
    loneCall(OPEN, CLOSE),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const blocks = calls.map(
      ({ name, arguments: args }) => `${OPEN}\n${spacedJson({ name, arguments: args })}\n${CLOSE}`,
    )
    return think + plainText('content', content, MARKERS) + blocks.join('\n')
  },
}
