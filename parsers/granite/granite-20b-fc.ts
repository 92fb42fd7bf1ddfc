import { type Format, RenderError } from '../../src/engine/format.js'
import { plainText } from '../../src/engine/plain-text.js'
import { bareJson } from '../../src/families/bare-json/bare-json.js'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const OPEN = '<function_call>'
const CLOSE = '</function_call>'
const STOP = '<|endoftext|>'
const HEADER = 'ASSISTANT: '
const MARKERS = [OPEN, CLOSE, STOP, HEADER, '```']

/**
 * Granite 20B FunctionCalling.
 *
 *     completion = text { "<function_call>" object } [stop]
 *     object     = {"name": …, "arguments": {…}}
 *
 * Nothing closes a call but the next marker or the end. A call of `no_function` means that no tool fits. Source: the chat
 * template of ibm-granite/granite-20b-functioncalling, and its parser in vLLM.
 */
export const granite20bFc: Format = {
  id: 'granite-20b-fc',
  aliases: ['granite_20b_fc', 'granite-20b-functioncalling'],
  wire: `${OPEN} {"name": …, "arguments": {…}}`,
  models: 'Granite 20B FunctionCalling',
  modelPatterns: [/\bgranite-20b-(?:functioncalling|fc)/i],
  thinkingModels: [],
  looks: [OPEN],
  flags: { vllm: 'granite-20b-fc' },
  streams: 'argument text as it comes',
  headers: [HEADER],
  stops: [STOP],
  reasoning: undefined,
  families: [
    jsonCalls({ open: [OPEN], close: [] }),
    bareJson({ where: 'line-start', withoutTools: 'text-start', commit: 'arguments' }),
    misspeltMarkers({ open: [OPEN] }),
  ],
  render({ calls, content, reasoning }) {
    if (reasoning !== '') throw new RenderError('this format has no reasoning')
    const objects = calls.map(({ name, arguments: args }) => `${OPEN} ${spacedJson({ name, arguments: args })}`)
    return plainText('content', content, MARKERS) + objects.join(' ')
  },
}
