import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { THINK } from '../src/engine/reasoning-blocks.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { loneCall } from '../src/families/json-calls/lone-call.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const OPEN = '<tool_call>'
const CLOSE = '</tool_call>'
const RESPONSE = { open: '<response>', close: '</response>' }
const HEADER = '<|im_start|>assistant\n'
const STOPS = ['<|im_end|>', '</s>', '<|end_of_sentence|>']
const MARKERS = [OPEN, CLOSE, THINK.open, THINK.close, RESPONSE.open, RESPONSE.close, HEADER, '```', ...STOPS]

/**
 * ERNIE 4.5 Thinking: the calls of Hermes, and an answer in a frame.
 *
 *     completion = reasoning { block } | reasoning response [stop]
 *     reasoning  = "<think>" LF … LF "</think>"                     the prompt writes its opener
 *     response   = "<response>" LF … LF "</response>"
 *     block      = "<tool_call>" LF object LF "</tool_call>"        {"name": …, "arguments": {…}}
 *
 * Source: the chat template of baidu/ERNIE-4.5-21B-A3B-Thinking, and its parsers in vLLM.
 */
export const ernie45: Format = {
  id: 'ernie45',
  aliases: ['ernie-4.5', 'ernie4.5'],
  wire: `${OPEN}{"name": …, "arguments": {…}}${CLOSE}, the answer in ${RESPONSE.open}…${RESPONSE.close}`,
  models: 'ERNIE 4.5 Thinking',
  modelPatterns: [/\bernie-?4[._p-]5.{0,20}thinking/i],
  thinkingModels: [/\bernie.*thinking/i],
  flags: { vllm: 'ernie45', llamacpp: 'auto' },
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  frames: [RESPONSE],
  families: [
    jsonCalls({ open: [OPEN], close: [CLOSE], dropStrays: true }),
    loneCall(OPEN, CLOSE),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, { open: `${THINK.open}\n`, close: `\n${THINK.close}\n\n` }, MARKERS)
    const text = plainText('content', content, MARKERS)
    const isFramed = think !== '' && text !== '' && calls.length === 0
    const answer = isFramed ? `${RESPONSE.open}\n${text}\n${RESPONSE.close}\n` : text
    const blocks = calls.map(
      ({ name, arguments: args }) => `${OPEN}\n${spacedJson({ name, arguments: args })}\n${CLOSE}\n`,
    )
    return think + answer + blocks.join('')
  },
}
