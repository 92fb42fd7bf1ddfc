import type { Format } from '../src/engine/format.js'
import { pairs } from '../src/families/pairs/pairs.js'
import type { PairsGrammar } from '../src/families/pairs/pairs-grammar.js'
import { renderPairsTurn } from '../src/families/pairs/pairs-render.js'

const THINK = { open: '<|think:start|>', close: '<|think:end|>' }
const PAIRS: PairsGrammar = {
  syntax: {
    call: ['<|tool_call:start|>', '<|tool_call:end|>'],
    key: ['<|tool_arg:start|>', '<|tool_arg:value|>'],
    value: ['', '<|tool_arg:end|>'],
  },
  layout: 'lines',
}

/**
 * Solar Open 2.
 *
 *     completion = [reasoning] { text | call } [stop]
 *     reasoning  = "<|think:start|>" … "<|think:end|>"
 *     call       = "<|tool_call:start|>" NAME LF { pair LF } "<|tool_call:end|>"
 *     pair       = "<|tool_arg:start|>" KEY "<|tool_arg:value|>" value "<|tool_arg:end|>"
 *
 * The markers are special tokens, and one closes a key and opens its value. The prompt opens the reasoning. Source: the reader of
 * the format in a pull request to vLLM.
 */
export const solarOpen2: Format = {
  id: 'solar-open2',
  aliases: ['solar_open2'],
  wire: '<|tool_call:start|>NAME + lines of <|tool_arg:start|>KEY<|tool_arg:value|>VALUE<|tool_arg:end|> + <|tool_call:end|>',
  models: 'Solar-Open2',
  modelPatterns: [/\bsolar-?open-?2/i],
  thinkingModels: [/\bsolar/i],
  looks: ['<|tool_call:start|>'],
  flags: {},
  streams: 'string values as they come, others whole',
  headers: [],
  stops: [],
  reasoning: { blocks: [THINK] },
  families: [pairs(PAIRS)],
  render: renderPairsTurn({ grammar: PAIRS, think: THINK, stops: [], space: '\n' }),
}
