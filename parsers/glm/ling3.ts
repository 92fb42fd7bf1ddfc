import type { Format } from '../../src/engine/format.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { GLM_MARKERS } from '../../src/families/pairs/glm-pairs.js'
import { pairs } from '../../src/families/pairs/pairs.js'
import type { PairsGrammar } from '../../src/families/pairs/pairs-grammar.js'
import { renderPairsTurn } from '../../src/families/pairs/pairs-render.js'

const STOPS = ['<|role_end|>']
const PAIRS: PairsGrammar = { syntax: { ...GLM_MARKERS, space: '\n' }, layout: 'closer' }

/**
 * Ling 3.0 and 3.1: GLM's markers, with newlines at two places only.
 *
 *     completion = [reasoning] { text | call } [stop]
 *     call       = "<tool_call>" NAME { pair } LF "</tool_call>"
 *     pair       = "<arg_key>" KEY "</arg_key>" LF "<arg_value>" value "</arg_value>"
 *
 * Source: the chat template of inclusionAI/Ling-3.0-flash.
 */
export const ling3: Format = {
  id: 'ling3',
  aliases: ['ling-3', 'ling3.1'],
  wire: '<tool_call>NAME<arg_key>KEY</arg_key> + newline + <arg_value>VALUE</arg_value> + newline + </tool_call>',
  models: 'Ling 3.0 flash, tiny, VL; Ling 3.1 flash',
  modelPatterns: [/\bling-?3(?!\d)/i],
  unsettledModels: [/\bling/i],
  flags: { vllm: 'ling3', sglang: 'ling3', llamacpp: 'ling3' },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [pairs(PAIRS)],
  render: renderPairsTurn({ grammar: PAIRS, think: THINK, stops: STOPS }),
}
