import { CALL_SHAPE } from '../src/engine/call-shape.js'
import { type Format, RenderError } from '../src/engine/format.js'
import { plainText } from '../src/engine/plain-text.js'
import { bareJson } from '../src/families/bare-json/bare-json.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { listOrObject } from '../src/families/json-calls/list-or-object.js'
import { pythonLiteral } from '../src/families/pythonic/pythonic-text.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'

const OPEN = '<|tool_calls|>'
const STOPS = ['</s>']
const HEADER = '<|assistant|>'
const MARKERS = [OPEN, HEADER, '```', ...STOPS]

/**
 * Sarashina 2.2.
 *
 *     completion = text [calls] [stop]
 *     calls      = "<|tool_calls|>" "[" dict { "," dict } "]"
 *     dict       = {'name': …, 'arguments': {…}}                         as Python prints it: 'it\'s', True, None
 *
 * Nothing closes the calls but the end of their list. The marker is a special token, which servers take out: then a list that
 * is the whole message. Source: the parser of the crate tool-parser, and the chat template of sbintuitions/sarashina2.2-3b-instruct-v0.1.
 */
export const sarashina: Format = {
  id: 'sarashina',
  aliases: ['sarashina2.2'],
  wire: `${OPEN}[{'name': …, 'arguments': {…}}]`,
  models: 'Sarashina 2.2',
  modelPatterns: [/\bsarashina/i],
  thinkingModels: [],
  looks: [`${OPEN}[`],
  flags: { smg: 'sarashina' },
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: STOPS,
  reasoning: undefined,
  objects: 'python',
  families: [
    listOrObject(jsonCalls({ open: [OPEN], close: [] }), 'lists'),
    bareJson({
      where: 'text-start',
      withoutTools: 'text-start',
      commit: 'end',
      lists: true,
      shape: CALL_SHAPE,
      fences: { labels: ['json', 'python', ''], withoutTools: 'whole-text' },
    }),
    misspeltMarkers({ open: [OPEN] }),
  ],
  render({ calls, content, reasoning }) {
    if (reasoning !== '') throw new RenderError('this format has no reasoning')
    const text = plainText('content', content, MARKERS)
    return calls.length === 0
      ? text
      : text + OPEN + pythonLiteral(calls.map(({ name, arguments: args }) => ({ name, arguments: args })))
  },
}
