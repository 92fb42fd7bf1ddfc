import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { tree } from '../../src/families/tree/tree.js'
import { renderTree } from '../../src/families/tree/tree-render.js'
import type { TreeSyntax } from '../../src/families/tree/tree-tags.js'

const SYNTAX: TreeSyntax = { token: '', block: 'cofl:tool_calls', call: 'cofl:tool_call', value: 'cofl:value' }
const THINK = { open: '<|START_THINKING|>', close: '<|END_THINKING|>' }
const TEXT = { open: '<|START_TEXT|>', close: '<|END_TEXT|>' }
const RESPONSE = { open: '<|START_RESPONSE|>', close: '<|END_RESPONSE|>' }
const STOP = '<|END_OF_TURN_TOKEN|>'
const MARKERS = [
  '<cofl:',
  '</cofl:',
  STOP,
  '```',
  THINK.open,
  THINK.close,
  TEXT.open,
  TEXT.close,
  RESPONSE.open,
  RESPONSE.close,
]

/**
 * Cohere Command 5: a tree of values that say what they are.
 *
 *     completion = [reasoning] [text] [block] stop
 *     reasoning  = "<|START_THINKING|>" … "<|END_THINKING|>"
 *     text       = "<|START_TEXT|>" … "<|END_TEXT|>"
 *     block      = "<cofl:tool_calls>" call { call } "</cofl:tool_calls>"
 *     call       = "<cofl:tool_call id=\"" ID "\" name=\"" NAME "\">" { value } "</cofl:tool_call>"
 *     value      = "<cofl:value name=\"" KEY "\" type=\"raw|json|dict|list\">" … "</cofl:value>"
 *
 * `raw` is text as it is, entities too; `json` a scalar; a `dict` holds values, a `list` values without names. White space
 * between tags is none of it. Source: Cohere's own parser, melody.
 */
export const command5: Format = {
  id: 'command-5',
  aliases: ['command5', 'cohere_command5', 'cmd5'],
  wire: '<cofl:tool_call id="0" name="NAME"><cofl:value name="KEY" type="raw">VALUE</cofl:value></cofl:tool_call>',
  models: 'Command 5',
  modelPatterns: [/\b(?:c4ai-)?command-?5(?!\d)/i],
  unsettledModels: [/\bcommand-?5/i],
  looks: ['<cofl:tool_call'],
  flags: {},
  streams: 'string values as they come, others whole',
  headers: ['<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>'],
  stops: [STOP],
  reasoning: { blocks: [THINK] },
  frames: [TEXT, RESPONSE],
  families: [tree({ syntax: SYNTAX })],
  render({ calls, content, reasoning, tool }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = think + plainText('content', content, MARKERS)
    if (calls.length === 0) return text
    const blocks = calls.map((call, i) => `${renderTree(SYNTAX, call, tool, String(i))}\n`)
    return `${text}<cofl:tool_calls>\n${blocks.join('')}</cofl:tool_calls>`
  },
}
