import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { QWEN_TAGS } from '../../src/families/tagged/qwen-tags.js'
import { tagged } from '../../src/families/tagged/tagged.js'
import { renderTagged } from '../../src/families/tagged/tagged-render.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'

const OPEN = '<tool_call>'
const CLOSE = '</tool_call>'
const STOPS = ['<|im_end|>', '<|endoftext|>']
const MARKERS = [OPEN, '<function=', THINK.open, THINK.close, '```', ...STOPS]

/**
 * Qwen3-Coder, Qwen3.5 and later; also Step-3.5 and later, Nemotron 3, Granite 4.2 and others.
 *
 *     completion = [reasoning] { text | block | call } [stop]
 *     reasoning  = "<think>" … "</think>"
 *     block      = "<tool_call>" call { call } "</tool_call>"        or one JSON object, as Hermes has it
 *     call       = "<function=" NAME ">" { parameter } "</function>"
 *     parameter  = "<parameter=" KEY ">" LF value LF "</parameter>"
 *
 * Values are raw text, typed by the tool's schema. Nothing escapes them: a close marker counts only before what may follow
 * it, and openers inside a value are counted, so that a file that holds a whole call stays one value.
 *
 * Source: the chat templates of Qwen/Qwen3-Coder-30B-A3B-Instruct and Qwen3.5.
 */
export const qwen3Coder: Format = {
  id: 'qwen3-coder',
  aliases: ['granite4.2', 'intern-s2'],
  wire: '<tool_call><function=NAME><parameter=KEY>VALUE</parameter></function></tool_call>',
  models:
    'Qwen3-Coder, Qwen3-Coder-Next, Qwen3.5, 3.6, 3.8; Nemotron 3, 3.5; Step-3.5, 3.7, 5; Granite 4.2, Intern-S2, MiniCPM-V 4.6, Trinity-Large, Nanbeige 4, Ornith',
  modelPatterns: [
    /\bqwen-?3(?!\d).*coder/i,
    /\bqwen-?3[._p][5-9]/i,
    /\bornith\b/i,
    // Amazon turns the name round: nemotron-nano-3. The Nemotron-3-8B of 2023 is another model.
    /\bnemotron[-_]?3\b(?!-8b)/i,
    /\bnemotron-(?:nano|super|ultra)-3\b/i,
    /\bstep-?3[._p][57](?!\d)/i,
    // Checkpoints are called step-5 too.
    /(?<=^|[/.]|stepfun(?:-ai)?-)step-?5(?!\d)/i,
    /\bgranite-?4[._p]2(?!\d)/i,
    /\bintern-?s2/i,
    /\bminicpm-?v[-:]?4[._p]6/i,
    /\btrinity-large/i,
    /\bnanbeige-?4/i,
  ],
  thinkingModels: [/\bqwen-?3[._p][5-9]/i, /\bornith\b/i, /\bnemotron/i, /\bstep-?3/i],
  unsettledModels: [
    // The small ones do not reason unless they are told to.
    /\bqwen-?3[._p][5-9].{0,20}[:-](?:0[._]8|2|4|9)b\b/i,
    /\bstep-?5/i,
    /\b(?:granite|intern|minicpm|trinity|nanbeige)/i,
  ],
  looks: ['<tool_call>\n<function=', '<tool_call><function=', '<function='],
  flags: {
    vllm: ['qwen3_coder', 'qwen3_xml', 'step3p5', 'step5'],
    sglang: ['qwen3_coder', 'step3p5', 'nanbeige'],
    dynamo: ['qwen3_coder', 'nemotron_nano'],
    smg: ['qwen_xml', 'qwen_coder', 'nemotron'],
    llamacpp: 'qwen3_coder',
    ollama: ['qwen3-coder', 'qwen3.5', 'nemotron-3-nano', 'nemotron-3.5-nano'],
    mlx: 'qwen3_coder',
    trtllm: 'qwen3_coder',
    lmdeploy: ['qwen3coder', 'interns2-preview'],
  },
  streams: 'string values as they come, others whole',
  headers: ['<|im_start|>assistant\n'],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [
    jsonCalls({ open: [OPEN], close: [CLOSE] }),
    tagged(QWEN_TAGS),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning, ...schema }) {
    const think = plainThought(reasoning, { open: '<think>\n', close: '\n</think>\n\n' }, MARKERS)
    const text = plainText('content', content, MARKERS)
    const blocks = calls.map((call) => `${OPEN}\n${renderTagged(QWEN_TAGS, call, schema, STOPS)}\n${CLOSE}`)
    return think + text + (text.trim() === '' || calls.length === 0 ? '' : '\n\n') + blocks.join('\n')
  },
}
