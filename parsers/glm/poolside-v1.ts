import type { Format } from '../../src/engine/format.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { GLM_MARKERS } from '../../src/families/pairs/glm-pairs.js'
import { pairs } from '../../src/families/pairs/pairs.js'
import type { PairsGrammar } from '../../src/families/pairs/pairs-grammar.js'
import { renderPairsTurn } from '../../src/families/pairs/pairs-render.js'

const PAIRS: PairsGrammar = { syntax: GLM_MARKERS, layout: 'packed', trim: 'newline' }

/**
 * Laguna of Poolside: GLM's markers, packed (newer checkpoints) or a line each.
 *
 *     completion = [reasoning] { text | call } [stop]
 *     call       = "<tool_call>" NAME { pair } "</tool_call>"
 *     pair       = "<arg_key>" KEY "</arg_key>" "<arg_value>" [LF] value [LF] "</arg_value>"
 *
 * One newline at each edge of a value is markup, where there is one. Source: the chat templates of Laguna XS.2 and S-2.1, and
 * their parsers in vLLM and SGLang.
 */
export const poolsideV1: Format = {
  id: 'poolside-v1',
  aliases: ['poolside_v1', 'laguna'],
  wire: '<tool_call>NAME<arg_key>KEY</arg_key><arg_value>VALUE</arg_value></tool_call>, a newline at the edges is markup',
  models: 'Laguna M.1, XS.2, XS-2.1, S-2.1',
  modelPatterns: [/\blaguna\b/i],
  unsettledModels: [/\blaguna/i],
  flags: {
    vllm: 'poolside_v1',
    sglang: 'poolside_v1',
    llamacpp: 'auto',
    ollama: ['laguna', 'poolside-v1'],
    mlx: 'laguna',
  },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: [],
  reasoning: { blocks: [THINK] },
  families: [pairs(PAIRS)],
  render: renderPairsTurn({ grammar: PAIRS, think: THINK, stops: [] }),
}
