import type { Format } from '../../src/engine/format.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { GLM_LINES, GLM_STOPS } from '../../src/families/pairs/glm-pairs.js'
import { pairs } from '../../src/families/pairs/pairs.js'
import { renderPairsTurn } from '../../src/families/pairs/pairs-render.js'

/** Around the answer of GLM-4.5V and 4.6V. */
const BOX = { open: '<|begin_of_box|>', close: '<|end_of_box|>' }

/**
 * GLM-4.5 and 4.6.
 *
 *     completion = [reasoning] { text | call } [stop]
 *     reasoning  = "<think>" … "</think>"
 *     call       = "<tool_call>" NAME LF { pair } "</tool_call>"
 *     pair       = "<arg_key>" KEY "</arg_key>" LF "<arg_value>" value "</arg_value>" LF
 *
 * Values are raw text, typed by the tool's schema; no newline of a value is markup. Nothing escapes them: a close marker counts
 * only before what may follow it, and calls inside a value are counted. The line breaks may be missing, or be the two
 * characters `\n`. Source: the chat templates of zai-org/GLM-4.5 and GLM-4.6.
 */
export const glm45: Format = {
  id: 'glm-4.5',
  aliases: ['glm45', 'glm', 'glm-4.6', 'glm46', 'glm45_moe', 'glm4_moe'],
  wire: '<tool_call>NAME + lines of <arg_key>KEY</arg_key> and <arg_value>VALUE</arg_value> + </tool_call>',
  models: 'GLM-4.5, 4.5V, 4.6, 4.6V; Ring-2.6',
  modelPatterns: [/\bglm-?4[._p-]?[56](?!\d)/i, /\bring-?2[._p]6/i, /\bglm-?ga\b/i],
  thinkingModels: [],
  unsettledModels: [/\bring/i],
  flags: {
    vllm: 'glm45',
    sglang: ['glm45', 'glm'],
    smg: 'glm45_moe',
    llamacpp: 'auto',
    ollama: ['glm-4.7', 'glm-ocr'],
    mlx: 'glm47',
  },
  streams: 'string values as they come, others whole',
  headers: ['<|assistant|>'],
  stops: GLM_STOPS,
  reasoning: { blocks: [THINK] },
  frames: [BOX],
  families: [pairs(GLM_LINES)],
  render: renderPairsTurn({ grammar: GLM_LINES, think: THINK, stops: GLM_STOPS, frame: BOX, space: '\n' }),
}
