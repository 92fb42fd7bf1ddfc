import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { ASSISTANT_HEADERS } from '../../src/formats/headers.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const OPEN = '[TOOL_REQUEST]'
const CLOSE = '[END_TOOL_REQUEST]'
const STOPS = ['<|im_end|>', '<|endoftext|>', '<|eot_id|>', '</s>']
const MARKERS = [OPEN, CLOSE, THINK.open, THINK.close, '```', ...STOPS, ...ASSISTANT_HEADERS]

/**
 * What LM Studio asks of models that were not taught to call tools.
 *
 *     completion = [reasoning] { text | block }
 *     block      = "[TOOL_REQUEST]" object "[END_TOOL_REQUEST]"           {"name": …, "arguments": {…}}
 *
 * Source: LM Studio's documentation of tool use ("default tool use support").
 */
export const lmstudio: Format = {
  id: 'lmstudio',
  aliases: ['lm-studio', 'tool_request'],
  wire: `${OPEN}{"name": …, "arguments": {…}}${CLOSE}`,
  models: 'any model that LM Studio serves by its default prompt for tools',
  modelPatterns: [],
  looks: [OPEN],
  flags: {},
  streams: 'argument text as it comes',
  headers: ASSISTANT_HEADERS,
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [jsonCalls({ open: [OPEN], close: [CLOSE], dropStrays: true })],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const blocks = calls.map(({ name, arguments: args }) => OPEN + spacedJson({ name, arguments: args }) + CLOSE)
    return think + plainText('content', content, MARKERS) + blocks.join('\n')
  },
}
