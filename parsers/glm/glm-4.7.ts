import type { Format } from '../../src/engine/format.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { GLM_PACKED, GLM_STOPS } from '../../src/families/pairs/glm-pairs.js'
import { pairs } from '../../src/families/pairs/pairs.js'
import { renderPairsTurn } from '../../src/families/pairs/pairs-render.js'

/**
 * GLM-4.7 and GLM-5 to 5.3: the markers of GLM-4.5 without newlines between them.
 *
 *     completion = [reasoning] { text | call } [stop]
 *     call       = "<tool_call>" NAME { pair } "</tool_call>"
 *     pair       = "<arg_key>" KEY "</arg_key>" "<arg_value>" value "</arg_value>"
 *
 * The prompt opens the reasoning, so texts begin inside it (GLM-5.3 cannot do without). Servers lose markers of this format
 * under load: the opener of a value or of a key. Source: the chat templates of zai-org/GLM-4.7 and GLM-5.
 */
export const glm47: Format = {
  id: 'glm-4.7',
  aliases: ['glm47', 'glm-5', 'glm5', 'glm47_moe', 'glm53'],
  wire: '<tool_call>NAME<arg_key>KEY</arg_key><arg_value>VALUE</arg_value></tool_call>',
  models: 'GLM-4.7, 5, 5.1, 5.2, 5.3; Macaron-V1-Coding',
  modelPatterns: [/\bglm-?4[._p-]?7(?!\d)/i, /\bglm-?5(?!\d)/i, /\bmacaron-?v?1/i, /\brecursivesi\/flint/i],
  thinkingModels: [/\bglm/i],
  unsettledModels: [/\bmacaron/i, /\bflint/i],
  flags: {
    vllm: 'glm47',
    sglang: 'glm47',
    dynamo: 'glm47',
    smg: 'glm47_moe',
    llamacpp: 'auto',
    ollama: 'glm-4.7',
    mlx: 'glm47',
    lmdeploy: 'glm47',
  },
  streams: 'string values as they come, others whole',
  headers: ['<|assistant|>'],
  stops: GLM_STOPS,
  reasoning: { blocks: [THINK] },
  families: [pairs(GLM_PACKED)],
  render: renderPairsTurn({ grammar: GLM_PACKED, think: THINK, stops: GLM_STOPS }),
}
