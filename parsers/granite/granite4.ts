import type { Format } from '../../src/engine/format.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { hermesBlocks, renderHermesBlocks } from '../../src/families/json-calls/hermes-blocks.js'

const OPEN = '<tool_call>'
const CLOSE = '</tool_call>'
const STOP = '<|end_of_text|>'
const HEADER = '<|start_of_role|>assistant<|end_of_role|>'
const MARKERS = [OPEN, CLOSE, THINK.open, THINK.close, STOP, HEADER, '```']

/**
 * Granite 4.0 and 4.1: Hermes' calls in the messages of Granite. (Granite 4.2 writes as Qwen3-Coder does.)
 *
 *     completion = [reasoning] { text | block } [stop]
 *     reasoning  = "<think>" … "</think>"
 *     block      = "<tool_call>" object "</tool_call>"            once for each call
 *     object     = {"name": …, "arguments": {…}}
 *
 * Source: the prompt guide of IBM's Granite 4.0, and its parser in vLLM.
 */
export const granite4: Format = {
  id: 'granite4',
  aliases: ['granite-4', 'granite4.0', 'granite4.1'],
  wire: `${OPEN}{"name": …, "arguments": {…}}${CLOSE}`,
  models: 'Granite 4.0, 4.1',
  modelPatterns: [/\bgranite-?4(?![._p][2-9])/i],
  thinkingModels: [],
  flags: { vllm: 'granite4', llamacpp: 'auto' },
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: [STOP],
  reasoning: { blocks: [THINK] },
  families: hermesBlocks(OPEN, CLOSE),
  render: renderHermesBlocks({ open: OPEN, close: CLOSE, think: THINK, markers: MARKERS }),
}
