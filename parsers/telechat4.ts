import type { Format } from '../src/engine/format.js'
import { THINK } from '../src/engine/reasoning-blocks.js'
import { pairs } from '../src/families/pairs/pairs.js'
import type { PairsGrammar } from '../src/families/pairs/pairs-grammar.js'
import { renderPairsTurn } from '../src/families/pairs/pairs-render.js'

const STOPS = ['<_end>', '<_user>', '<|im_end|>', '<|endoftext|>']
const PAIRS: PairsGrammar = {
  syntax: {
    call: ['<tool_call>', '</tool_call>'],
    key: ['<param_key>', '</param_key>'],
    value: ['<param_value>', '</param_value>'],
  },
  layout: 'packed',
  jsonBody: 'native',
  objects: 'native',
}

/**
 * TeleChat4 and Xing 4.0.
 *
 *     completion = [reasoning] { text | call } [stop]
 *     call       = "<tool_call>" (NAME { pair } | NAME object | object) "</tool_call>"
 *     pair       = "<param_key>" KEY "</param_key>" "<param_value>" value "</param_value>"
 *
 * The objects are the arguments behind the name, or what Hermes writes. Source: TensorRT-LLM's readers of the formats.
 */
export const telechat4: Format = {
  id: 'telechat4',
  aliases: ['xing4', 'xing4.0'],
  wire: '<tool_call>NAME<param_key>KEY</param_key><param_value>VALUE</param_value></tool_call>, or JSON after the name',
  models: 'TeleChat4, Xing 4.0',
  modelPatterns: [/\btelechat-?4/i, /\bxing-?4/i],
  unsettledModels: [/\b(?:telechat|xing)/i],
  flags: {},
  streams: 'string values as they come, others whole',
  headers: [],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [pairs(PAIRS)],
  render: renderPairsTurn({ grammar: PAIRS, think: THINK, stops: STOPS }),
}
