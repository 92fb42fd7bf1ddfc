import type { Format } from '../src/engine/format.js'
import { pairs } from '../src/families/pairs/pairs.js'
import type { PairsGrammar } from '../src/families/pairs/pairs-grammar.js'
import { renderPairsTurn } from '../src/families/pairs/pairs-render.js'

const THINK = ['think', 'think_fast', 'think_faster'].map((word) => ({
  open: `<ifm|${word}>`,
  close: `</ifm|${word}>`,
}))
const PAIRS: PairsGrammar = {
  syntax: {
    block: ['<ifm|tool_calls>', '</ifm|tool_calls>'],
    call: ['<ifm|tool_call>', '</ifm|tool_call>'],
    key: ['<ifm|arg_key>', '</ifm|arg_key>'],
    type: ['<ifm|arg_type>', '</ifm|arg_type>'],
    value: ['<ifm|arg_value>', '</ifm|arg_value>'],
  },
  layout: 'packed',
  objects: 'native',
}

/**
 * K2 Horizon and Jais-3.
 *
 *     completion = [reasoning] { text | block } [stop]
 *     reasoning  = "<ifm|think>" … "</ifm|think>"            think_fast and think_faster where less effort is asked for
 *     block      = "<ifm|tool_calls>" call { call } "</ifm|tool_calls>"
 *     call       = "<ifm|tool_call>" (NAME { pair } | object) "</ifm|tool_call>"
 *     pair       = "<ifm|arg_key>" KEY "</ifm|arg_key>" [type] "<ifm|arg_value>" value "</ifm|arg_value>"
 *     type       = "<ifm|arg_type>" JSON type "</ifm|arg_type>"
 *     object     = {"name": …, "arguments": {…}}
 *
 * A value has the type of the tool's schema, else the one that stands before it, else it is text. Source: the readers of the
 * format in vLLM and SGLang.
 */
export const k2Horizon: Format = {
  id: 'k2-horizon',
  aliases: ['k2_horizon', 'jais3'],
  wire: '<ifm|tool_calls><ifm|tool_call>NAME<ifm|arg_key>KEY</ifm|arg_key><ifm|arg_value>VALUE</ifm|arg_value></ifm|tool_call></ifm|tool_calls>',
  models: 'K2 Horizon, Jais-3',
  modelPatterns: [/\bk2-?horizon/i, /\bjais-?3/i],
  unsettledModels: [/\bk2-?horizon/i, /\bjais/i],
  looks: ['<ifm|tool_calls>', '<ifm|tool_call>'],
  flags: { vllm: 'k2_horizon', sglang: 'k2_horizon', llamacpp: 'auto' },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: [],
  reasoning: { blocks: THINK },
  families: [pairs(PAIRS)],
  render: renderPairsTurn({ grammar: PAIRS, think: THINK[0] as (typeof THINK)[number], stops: [] }),
}
