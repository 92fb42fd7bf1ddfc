import type { CallShape } from '../../src/engine/call-shape.js'
import { CALL_SHAPE } from '../../src/engine/call-shape.js'
import { type Format, RenderError } from '../../src/engine/format.js'
import { lineEnd, plainText } from '../../src/engine/plain-text.js'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { objectsOnly } from '../../src/families/json-calls/objects-only.js'
import { anyLineBreak } from '../../src/text/line-breaks.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const OPEN = 'Action:\n```json'
/** The fence on the line of the word. */
const OPENS = anyLineBreak([OPEN, 'Action: ```json', 'Action:```json'])
const CLOSE = '```'
const HEADER = '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>'
const STOP = '<|END_OF_TURN_TOKEN|>'
const MARKERS = [...OPENS, CLOSE, HEADER, STOP]
const SHAPE: CallShape = {
  ...CALL_SHAPE,
  nameKeys: ['tool_name'],
  argumentKeys: ['parameters'],
  nested: false,
}

/**
 * Command R and R+: a word before a code fence.
 *
 *     completion = text [action] [stop]
 *     action     = "Action:" LF "```json" LF list LF "```"
 *     list       = "[" object { "," object } "]"                {"tool_name": …, "parameters": {…}}
 *
 * A call of `directly-answer` means that no tool is needed. Source: the chat template for tools of
 * CohereForAI/c4ai-command-r-plus-08-2024.
 */
export const commandRPlus: Format = {
  id: 'command-r-plus',
  aliases: ['command-r'],
  wire: 'Action: + a json fence with [{"tool_name": …, "parameters": {…}}]',
  models: 'Command R, Command R+',
  modelPatterns: [/\bcommand-?r(?!-?7b)(?![a-z0-9])/i],
  thinkingModels: [],
  looks: OPENS,
  flags: { llamacpp: 'auto' },
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: [STOP],
  reasoning: undefined,
  families: [objectsOnly(jsonCalls({ open: OPENS, where: 'line-start', close: [CLOSE], shape: SHAPE }))],
  render({ calls, content, reasoning }) {
    if (reasoning !== '') throw new RenderError('this format has no reasoning')
    const text = plainText('content', content, MARKERS)
    if (calls.length === 0) return text
    const objects = calls.map(({ name, arguments: parameters }) => spacedJson({ tool_name: name, parameters }))
    return `${text}${lineEnd(text)}${OPEN}\n[\n    ${objects.join(',\n    ')}\n]\n${CLOSE}`
  },
}
