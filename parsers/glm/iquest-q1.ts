import type { Format } from '../../src/engine/format.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { GLM_MARKERS } from '../../src/families/pairs/glm-pairs.js'
import { pairs } from '../../src/families/pairs/pairs.js'
import type { PairsGrammar } from '../../src/families/pairs/pairs-grammar.js'
import { renderPairsTurn } from '../../src/families/pairs/pairs-render.js'

const PAIRS: PairsGrammar = {
  syntax: { ...GLM_MARKERS, call: ['<iquest_tool_call>', '</iquest_tool_call>'] },
  layout: 'packed',
}

/**
 * IQuest-Q1: GLM's keys and values in a call marker of its own.
 *
 *     completion = [reasoning] { text | call } [stop]
 *     call       = "<iquest_tool_call>" NAME { pair } "</iquest_tool_call>"
 *     pair       = "<arg_key>" KEY "</arg_key>" "<arg_value>" value "</arg_value>"
 *
 * The prompt opens the reasoning. Source: SGLang's reader of the format.
 */
export const iquestQ1: Format = {
  id: 'iquest-q1',
  aliases: ['iquest_q1', 'iquest'],
  wire: '<iquest_tool_call>NAME<arg_key>KEY</arg_key><arg_value>VALUE</arg_value></iquest_tool_call>',
  models: 'IQuest-Q1',
  modelPatterns: [/\biquest-?q1\b/i],
  thinkingModels: [/\biquest/i],
  looks: ['<iquest_tool_call>'],
  flags: { sglang: 'iquest_q1' },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: [],
  reasoning: { blocks: [THINK] },
  families: [pairs(PAIRS)],
  render: renderPairsTurn({ grammar: PAIRS, think: THINK, stops: [] }),
}
