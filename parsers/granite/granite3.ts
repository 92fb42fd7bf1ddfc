import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { bareJson } from '../../src/families/bare-json/bare-json.js'
import { WHOLE_MESSAGE } from '../../src/families/bare-json/usual-places.js'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { listOrObject } from '../../src/families/json-calls/list-or-object.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const OPEN = '<|tool_call|>'
const TAG = '<tool_call>'
const CLOSE = '</tool_call>'
const STOP = '<|end_of_text|>'
const HEADER = '<|start_of_role|>assistant<|end_of_role|>'
const RESPONSE = { open: '<response>', close: '</response>' }
const ANSWERS = ['Here is my response:', "Here's my response:"] as const
const THOUGHT = { open: 'Here is my thought process:', close: ANSWERS[0], alike: [ANSWERS[1]], isWorded: true }
const THOUGHTS = [THOUGHT, { ...THOUGHT, open: "Here's my thought process:" }]
const MARKERS = [
  OPEN,
  TAG,
  CLOSE,
  STOP,
  '```',
  ...[THINK, ...THOUGHTS].map(({ open }) => open),
  THINK.close,
  RESPONSE.open,
  RESPONSE.close,
  ...ANSWERS,
]

/**
 * Granite 3.0 to 3.3.
 *
 *     completion = [reasoning] ( text | "<response>" text "</response>" ) [calls] [stop]    the frame behind <think>, 3.3
 *     calls      = ( "<|tool_call|>" | "<tool_call>" ) "[" object { "," object } "]"       3.0, and 3.1 to 3.3
 *     object     = {"name": …, "arguments": {…}}
 *     reasoning  = "Here is my thought process:" … "Here is my response:"                  3.2, or with "Here's"
 *                | "<think>" … "</think>"                                                  3.3
 *
 * Nothing closes the calls but the end of their list. Without a marker, a list that is the whole message. Source: the chat
 * templates of ibm-granite/granite-3.0-8b-instruct and its followers.
 */
export const granite3: Format = {
  id: 'granite3',
  aliases: ['granite', 'granite-3', 'granite3.3'],
  wire: `${OPEN}[{"name": …, "arguments": {…}}]`,
  models: 'Granite 3.0, 3.1, 3.2, 3.3',
  modelPatterns: [/\bgranite-?3/i],
  looks: [OPEN, `${TAG}[`],
  flags: { vllm: 'granite', llamacpp: 'auto' },
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: [STOP],
  reasoning: { blocks: [...THOUGHTS, THINK] },
  frames: [RESPONSE],
  families: [
    listOrObject(jsonCalls({ open: [OPEN], close: [] }), 'lists'),
    listOrObject(jsonCalls({ open: [TAG], close: [CLOSE] }), 'lists'),
    bareJson(WHOLE_MESSAGE),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, { open: `${THOUGHT.open}\n`, close: `\n${THOUGHT.close}\n` }, MARKERS)
    const text = think + plainText('content', content, MARKERS)
    return calls.length === 0
      ? text
      : text + OPEN + spacedJson(calls.map(({ name, arguments: args }) => ({ name, arguments: args })))
  },
}
