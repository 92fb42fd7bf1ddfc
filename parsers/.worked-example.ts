import { CALL_SHAPE } from '../src/engine/call-shape.js'
import type { Format } from '../src/engine/format.js'
import { plainText } from '../src/engine/plain-text.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { spacedJson } from '../src/values/json/spaced-json.js'

const OPEN = '<call>'
const CLOSE = '</call>'
const STOPS = ['<eos>']
const MARKERS = [OPEN, CLOSE, '```', ...STOPS]

/**
 * Harbour 1.
 *
 *     completion = { text | "<call>" object "</call>" } [stop]
 *     object     = {"tool": …, "input": {…}}
 *
 * Source: the chat template of example/Harbour-1.
 */
export const harbour: Format = {
  id: 'harbour',
  aliases: [],
  wire: '<call>{"tool": …, "input": {…}}</call>',
  models: 'Harbour 1',
  modelPatterns: [/\bharbour-?1\b/i],
  flags: {},
  streams: 'argument text as it comes',
  headers: [],
  stops: STOPS,
  reasoning: undefined,
  families: [
    jsonCalls({
      open: [OPEN],
      close: [CLOSE],
      shape: { ...CALL_SHAPE, nameKeys: ['tool'], argumentKeys: ['input'] },
    }),
  ],
  render({ calls, content }) {
    const blocks = calls.map(({ name, arguments: input }) => OPEN + spacedJson({ tool: name, input }) + CLOSE)
    return plainText('content', content, MARKERS) + blocks.join('')
  },
}
