import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { blockOrBare } from '../../src/families/bare-json/block-or-bare.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const OPEN = '<tool_calls>'
const CLOSE = '</tool_calls>'
const HEADER = '<beginning_of_sentence>ai name=MiniMax AI\n'
const STOP = '<end_of_sentence>'
const MARKERS = [OPEN, CLOSE, THINK.open, THINK.close, STOP, HEADER, '```']

/**
 * MiniMax M1.
 *
 *     completion = [reasoning] text [calls] [stop]
 *     reasoning  = "<think>" … "</think>"
 *     calls      = "<tool_calls>" newline { object newline } "</tool_calls>"
 *     object     = {"name": …, "arguments": {…}}
 *
 * Calls in a block of reasoning are drafts. Source: the chat template of MiniMaxAI/MiniMax-M1-80k, and its parser in vLLM.
 */
export const minimaxM1: Format = {
  id: 'minimax-m1',
  aliases: ['minimax_m1'],
  wire: `${OPEN}\\n{"name": …, "arguments": {…}}\\n${CLOSE}`,
  models: 'MiniMax M1',
  modelPatterns: [/\bminimax-?m1\b/i],
  thinkingModels: [],
  flags: { llamacpp: 'auto' },
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: [STOP],
  reasoning: { blocks: [THINK] },
  families: blockOrBare({ open: OPEN, close: CLOSE, separators: ',' }),
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = think + plainText('content', content, MARKERS)
    const objects = calls.map(({ name, arguments: args }) => `${spacedJson({ name, arguments: args })}\n`)
    return calls.length === 0 ? text : `${text}${OPEN}\n${objects.join('')}${CLOSE}`
  },
}
