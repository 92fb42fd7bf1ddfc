import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { QWEN_TAGS } from '../../src/families/tagged/qwen-tags.js'
import { tagged } from '../../src/families/tagged/tagged.js'
import type { TaggedGrammar } from '../../src/families/tagged/tagged-grammar.js'
import { renderTagged } from '../../src/families/tagged/tagged-render.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'

const OPEN = '<minimax:tool_call>'
const CLOSE = '</minimax:tool_call>'
const STOP = '[e~['
const MARKERS = [
  OPEN,
  CLOSE,
  '<invoke',
  '</invoke>',
  '<parameter ',
  '</parameter>',
  THINK.open,
  THINK.close,
  STOP,
  '```',
]

/** Values are verbatim, and typed by the schema; quotes around names may be left out. Otherwise as Qwen3-Coder's. */
const TAGS: TaggedGrammar = {
  ...QWEN_TAGS,
  syntax: {
    names: 'attribute',
    quotes: 'optional',
    blocks: ['minimax:tool_call'],
    call: 'invoke',
    parameter: 'parameter',
  },
  trim: 'none',
  bare: 'whole',
}

/**
 * MiniMax M2, M2.1, M2.5 and M2.7.
 *
 *     completion = [reasoning] { text | block } [stop]
 *     reasoning  = "<think>" … "</think>"                                           mostly opened by the prompt
 *     block      = "<minimax:tool_call>" call { call } "</minimax:tool_call>"
 *     call       = "<invoke name=\"" NAME "\">" { parameter } "</invoke>"             quotes of either kind, or none
 *     parameter  = "<parameter name=\"" KEY "\">" value "</parameter>"
 *
 * Values are raw text: white space at their edges is data, and a close marker counts only before what may follow it. Source:
 * the chat template of MiniMaxAI/MiniMax-M2, and its parsers in vLLM and SGLang.
 */
export const minimaxM2: Format = {
  id: 'minimax-m2',
  aliases: ['minimax_m2', 'minimaxm2', 'minimax'],
  wire: `${OPEN}<invoke name="NAME"><parameter name="KEY">VALUE</parameter></invoke>${CLOSE}`,
  models: 'MiniMax M2, M2.1, M2.5, M2.7',
  modelPatterns: [/\bminimax-?m2/i],
  thinkingModels: [/\bminimax-?m2/i],
  looks: [OPEN],
  flags: {
    vllm: 'minimax_m2',
    sglang: 'minimax-m2',
    llamacpp: 'auto',
    dynamo: 'minimax_m2',
    smg: 'minimax_m2',
    mlx: 'minimax_m2',
  },
  streams: 'string values as they come, others whole',
  headers: [']~b]ai\n'],
  stops: [STOP],
  reasoning: { blocks: [THINK] },
  families: [tagged(TAGS), misspeltMarkers({ open: [OPEN], close: [CLOSE] })],
  render({ calls, content, reasoning, ...schema }) {
    const think = plainThought(reasoning, { open: '<think>\n', close: '\n</think>\n\n' }, MARKERS)
    const text = plainText('content', content, MARKERS)
    if (calls.length === 0) return think + text
    const blocks = calls.map((call) => renderTagged(TAGS, call, schema, [STOP]))
    return `${think}${text}${text === '' ? '' : '\n'}${[OPEN, ...blocks, CLOSE].join('\n')}`
  },
}
