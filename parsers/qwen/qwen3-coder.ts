import type { Format } from '../../src/engine/format.js'
import { plainText } from '../../src/engine/plain-text.js'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { QWEN_TAGS } from '../../src/families/tagged/qwen-tags.js'
import { tagged } from '../../src/families/tagged/tagged.js'
import { renderTagged } from '../../src/families/tagged/tagged-render.js'

const OPEN = '<tool_call>'
const CLOSE = '</tool_call>'
const THINK = { open: '<think>', close: '</think>' }
const STOPS = ['<|im_end|>', '<|endoftext|>']
const MARKERS = [OPEN, '<function=', THINK.open, THINK.close, '```', ...STOPS]

/**
 * Qwen3-Coder, Qwen3.5 and later; also MiMo, Step-3.5 and Nemotron 3.
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
  aliases: ['qwen3_coder', 'qwen3_xml', 'qwen3.5', 'mimo', 'step3p5', 'nemotron_nano', 'nemotron-3-nano'],
  wire: '<tool_call><function=NAME><parameter=KEY>VALUE</parameter></function></tool_call>',
  models: 'Qwen3-Coder, Qwen3-Coder-Next, Qwen3.5, 3.6, 3.8; MiMo, Step-3.5, Nemotron 3 Nano',
  modelPatterns: [
    /\bqwen-?3.*coder/i,
    /\bqwen-?3[._p][5-9]/i,
    /\bmimo\b/i,
    /\bstep-?3[._p]5/i,
    /\bnemotron.*-3(?:[.-]|\b).*nano/i,
    /\bnemotron-?3\b/i,
  ],
  thinkingModels: [/\bqwen-?3[._p][5-9]/i],
  looks: ['<tool_call>\n<function=', '<tool_call><function=', '<function='],
  flags: { vllm: 'qwen3_coder', sglang: 'qwen3_coder', llamacpp: 'auto', dynamo: 'qwen3_coder', ollama: 'qwen3-coder' },
  streams: 'string values as they come, others whole',
  headers: ['<|im_start|>assistant\n'],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [jsonCalls({ open: [OPEN], close: [CLOSE] }), tagged(QWEN_TAGS)],
  render({ calls, content, reasoning, types }) {
    const think = reasoning === '' ? '' : `<think>\n${plainText('reasoning', reasoning, MARKERS)}\n</think>\n\n`
    const text = plainText('content', content, MARKERS)
    const blocks = calls.map((call) => `${OPEN}\n${renderTagged(QWEN_TAGS, call, types, STOPS)}\n${CLOSE}`)
    return think + text + (text.trim() === '' || calls.length === 0 ? '' : '\n\n') + blocks.join('\n')
  },
}
