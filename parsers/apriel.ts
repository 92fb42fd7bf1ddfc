import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { leftOut } from '../src/recovery/left-out.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const OPEN = '<tool_calls>'
const CLOSE = '</tool_calls>'
const STEPS = { open: 'Here are my reasoning steps:', close: '[BEGIN FINAL RESPONSE]', isWorded: true }
const ANSWER_END = '[END FINAL RESPONSE]'
const HEADERS = ['<|begin_assistant|>\n', '<|assistant|>\n']
const STOPS = ['<|end|>', '<|endoftext|>']
const MARKERS = [OPEN, CLOSE, STEPS.open, STEPS.close, ANSWER_END, '```', ...STOPS]

/**
 * Apriel 1.5 and 1.6.
 *
 *     completion = [reasoning] text [block] text ["[END FINAL RESPONSE]"] [stop]
 *     reasoning  = "Here are my reasoning steps:" LF … LF "[BEGIN FINAL RESPONSE]" LF     the prompt writes the words
 *     block      = "<tool_calls>" "[" object { "," object } "]" "</tool_calls>"
 *     object     = {"name": …, "arguments": {…}, "id": …}
 *
 * Source: the chat templates of ServiceNow-AI/Apriel-1.5-15b-Thinker and Apriel-1.6-15b-Thinker.
 */
export const apriel: Format = {
  id: 'apriel',
  aliases: ['apriel1.5', 'apriel1.6'],
  wire: `${OPEN}[{"name": …, "arguments": {…}, "id": …}]${CLOSE}`,
  models: 'Apriel 1.5, 1.6',
  modelPatterns: [/\bapriel/i],
  thinkingModels: [/\bapriel/i],
  flags: { llamacpp: 'auto' },
  streams: 'argument text as it comes',
  headers: HEADERS,
  stops: STOPS,
  reasoning: { blocks: [STEPS] },
  families: [
    jsonCalls({ open: [OPEN], close: [CLOSE], dropStrays: true }),
    leftOut([ANSWER_END]),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning }) {
    const steps = plainThought(reasoning, { open: `${STEPS.open}\n`, close: `\n${STEPS.close}\n` }, MARKERS)
    const text = steps + plainText('content', content, MARKERS)
    const objects = calls.map(({ name, arguments: args, id }) => ({
      name,
      arguments: args,
      ...(id === undefined ? {} : { id }),
    }))
    return calls.length === 0 ? text : text + OPEN + spacedJson(objects) + CLOSE
  },
}
