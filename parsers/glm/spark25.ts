import type { Format } from '../../src/engine/format.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { GLM_PACKED } from '../../src/families/pairs/glm-pairs.js'
import { pairs } from '../../src/families/pairs/pairs.js'
import { renderPairsTurn } from '../../src/families/pairs/pairs-render.js'

/**
 * Spark 2.5: what GLM-4.7 writes, in turns of its own.
 *
 *     completion = [reasoning] { text | call } [stop]
 *     call       = "<tool_call>" NAME { pair } "</tool_call>"
 *     pair       = "<arg_key>" KEY "</arg_key>" "<arg_value>" value "</arg_value>"
 *
 * A string `null` stays text where the schema wants a string. Source: the chat template of Spark 2.5.
 */
export const spark25: Format = {
  id: 'spark25',
  aliases: ['spark-2.5', 'spark2.5'],
  wire: '<tool_call>NAME<arg_key>KEY</arg_key><arg_value>VALUE</arg_value></tool_call>',
  models: 'Spark 2.5',
  modelPatterns: [/\bspark-?2[._p]?5(?!\d)/i],
  unsettledModels: [/\bspark/i],
  flags: { sglang: 'spark25' },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: [],
  reasoning: { blocks: [THINK] },
  families: [pairs(GLM_PACKED)],
  render: renderPairsTurn({ grammar: GLM_PACKED, think: THINK, stops: [] }),
}
