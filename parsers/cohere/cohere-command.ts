import { CALL_SHAPE, type CallShape } from '../../src/engine/call-shape.js'
import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { bareJson } from '../../src/families/bare-json/bare-json.js'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const OPEN = '<|START_ACTION|>'
const CLOSE = '<|END_ACTION|>'
const THINK = { open: '<|START_THINKING|>', close: '<|END_THINKING|>' }
const RESPONSE = { open: '<|START_RESPONSE|>', close: '<|END_RESPONSE|>' }
const TEXT = { open: '<|START_TEXT|>', close: '<|END_TEXT|>' }
const HEADER = '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>'
const STOP = '<|END_OF_TURN_TOKEN|>'
const MARKERS = [
  OPEN,
  CLOSE,
  STOP,
  HEADER,
  '```',
  THINK.open,
  THINK.close,
  RESPONSE.open,
  RESPONSE.close,
  TEXT.open,
  TEXT.close,
]
const SHAPE: CallShape = {
  ...CALL_SHAPE,
  nameKeys: ['tool_name', 'name'],
  argumentKeys: ['parameters', 'arguments'],
  idKeys: ['tool_call_id', 'id'],
}

/**
 * Cohere Command 3 and 4: Command R7B, Command A, Command A Reasoning.
 *
 *     completion = [reasoning] ( text | block | text block ) [stop]
 *     reasoning  = "<|START_THINKING|>" … "<|END_THINKING|>"
 *     text       = "<|START_RESPONSE|>" … "<|END_RESPONSE|>"                    Command 3
 *                | "<|START_TEXT|>" … "<|END_TEXT|>"                            Command 4
 *     block      = "<|START_ACTION|>" "[" object { "," object } "]" "<|END_ACTION|>"
 *     object     = {"tool_call_id": "0", "tool_name": …, "parameters": {…}}
 *
 * Where a server takes the special tokens out, a list of calls of given tools is left. Source: the chat templates of
 * CohereLabs/c4ai-command-r7b-12-2024 and command-a-reasoning-08-2025, and melody, Cohere's own parser.
 */
export const cohereCommand: Format = {
  id: 'cohere-command',
  aliases: [
    'cohere',
    'cohere_command3',
    'cohere_command4',
    'cohere2',
    'cohere2moe',
    'command-a',
    'command-r7b',
    'cmd3',
    'cmd4',
  ],
  wire: `${OPEN}[{"tool_call_id": "0", "tool_name": …, "parameters": {…}}]${CLOSE}`,
  models: 'Command R7B, Command A, Command A Reasoning, Vision, Translate; North Mini Code',
  modelPatterns: [/\bcommand-?a(?![a-z0-9])/i, /\bcommand-?r-?7b/i, /\bnorth-mini-code/i],
  looks: [OPEN],
  flags: {
    vllm: ['cohere_command3', 'cohere_command4'],
    sglang: 'cohere_command4',
    smg: 'cohere',
    llamacpp: 'cohere2moe',
    ollama: 'cohere',
  },
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: [STOP],
  reasoning: { blocks: [THINK] },
  frames: [RESPONSE, TEXT],
  families: [
    jsonCalls({ open: [OPEN], close: [CLOSE], shape: SHAPE, dropStrays: true }),
    bareJson({
      where: 'text-start',
      withoutTools: 'text-start',
      commit: 'end',
      lists: true,
      shape: { ...SHAPE, nameKeys: ['tool_name'], argumentKeys: ['parameters'], nested: false },
    }),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = content === '' ? '' : RESPONSE.open + plainText('content', content, MARKERS) + RESPONSE.close
    if (calls.length === 0) return think + text
    const objects = calls.map(({ name, arguments: parameters }, i) =>
      spacedJson({ tool_call_id: String(i), tool_name: name, parameters }),
    )
    return `${think}${text}${OPEN}[\n    ${objects.join(',\n    ')}\n]${CLOSE}`
  },
}
