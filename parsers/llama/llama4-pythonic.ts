import { CALL_SHAPE } from '../../src/engine/call-shape.js'
import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { bareJson } from '../../src/families/bare-json/bare-json.js'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { objectsOnly } from '../../src/families/json-calls/objects-only.js'
import { pythonicCalls } from '../../src/families/pythonic/pythonic.js'
import { bareListText, pythonicText } from '../../src/families/pythonic/pythonic-text.js'
import { ASSISTANT_HEADERS } from '../../src/formats/headers.js'
import { leftOut } from '../../src/recovery/left-out.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'

const OPEN = '<|python_start|>'
const CLOSE = '<|python_end|>'
const HEADER = '<|header_start|>assistant<|header_end|>\n\n'
const HEADER_TOKENS = ['<|header_start|>', '<|header_end|>']
const STOPS = ['<|eot|>', '<|eom|>', '<|end_of_text|>']
const MARKERS = [OPEN, CLOSE, THINK.open, THINK.close, '```', ...HEADER_TOKENS, ...ASSISTANT_HEADERS, ...STOPS]

/** Llama writes `parameters`, so those stream. */
const SHAPE = { ...CALL_SHAPE, nativeKey: 'parameters' }

/**
 * Llama 4.
 *
 *     completion = [header] [reasoning] { text | calls } [stop]
 *     calls      = ["<|python_start|>"] ( list | json ) ["<|python_end|>"]
 *     list       = "[" call { "," call } [","] "]"                  as in `pythonic`; behind the marker the brackets may lack
 *     json       = {"type": "function", "name": …, "parameters": {…}}
 *
 * The two markers are left out of the content wherever they stand outside strings.
 *
 * Source: the prompt format of meta-llama/llama-models (llama4), and what its checkpoints write instead.
 */
export const llama4Pythonic: Format = {
  id: 'llama4-pythonic',
  aliases: ['llama4_pythonic', 'llama4'],
  wire: `${OPEN}[name(key="value"), …]${CLOSE}`,
  models: 'Llama 4 Scout, Maverick',
  modelPatterns: [/\bllama-?4/i],
  looks: [OPEN],
  flags: { vllm: 'llama4_pythonic', sglang: 'pythonic', dynamo: 'pythonic', smg: 'pythonic' },
  streams: 'argument by argument, strings as they come',
  headers: ASSISTANT_HEADERS,
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [
    pythonicCalls({
      open: [OPEN],
      close: [CLOSE],
      bare: 'list',
      form: 'lines',
      strays: [CLOSE, HEADER, ...HEADER_TOKENS],
    }),
    objectsOnly(jsonCalls({ open: [OPEN], close: [CLOSE], shape: SHAPE, damagedMarkers: 'left-out' })),
    leftOut([OPEN]),
    bareJson({
      where: 'anywhere',
      withoutTools: 'behind-call',
      commit: 'arguments',
      shape: SHAPE,
      lists: true,
      separators: ';,',
      fences: { withoutTools: 'never' },
    }),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = bareListText(plainText('content', content, MARKERS), [])
    return think + text + (calls.length === 0 ? '' : `${OPEN}${pythonicText(calls)}${CLOSE}`)
  },
}
