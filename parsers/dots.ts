import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { THINK } from '../src/engine/reasoning-blocks.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { QWEN_TAGS } from '../src/families/tagged/qwen-tags.js'
import { tagged } from '../src/families/tagged/tagged.js'
import type { TaggedGrammar } from '../src/families/tagged/tagged-grammar.js'
import { renderTagged } from '../src/families/tagged/tagged-render.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'

const OPEN = '<dots_function_call>'
const CLOSE = '</dots_function_call>'
const STOPS = ['<|endofassistant|>', '<|endoftext|>']
const MARKERS = [
  ...[OPEN, CLOSE, '<invoke', '</invoke>', '<parameter ', '</parameter>'],
  ...[THINK.open, THINK.close, ...STOPS, '```'],
]
const TAGS: TaggedGrammar = {
  ...QWEN_TAGS,
  syntax: {
    names: 'attribute',
    quotes: 'optional',
    blocks: ['dots_function_call'],
    call: 'invoke',
    parameter: 'parameter',
  },
  trim: 'none',
  bare: 'whole',
}

/**
 * dots3.
 *
 *     completion = [reasoning] { text | block } [stop]
 *     reasoning  = "<think>" … "</think>"
 *     block      = "<dots_function_call>" ( call { call } | object ) "</dots_function_call>"
 *     call       = "<invoke name=\"" NAME "\">" { parameter } "</invoke>"             quotes of either kind, or none
 *     parameter  = "<parameter name=\"" KEY "\">" value "</parameter>"
 *     object     = {"name": …, "arguments": {…}}
 *
 * Values are raw text. Source: the readers of vLLM and SGLang.
 */
export const dots: Format = {
  id: 'dots',
  aliases: ['dots3'],
  wire: `${OPEN}<invoke name="NAME"><parameter name="KEY">VALUE</parameter></invoke>${CLOSE}`,
  models: 'dots3',
  modelPatterns: [/\bdots-?3/i],
  unsettledModels: [/\bdots-?3/i],
  looks: [OPEN],
  flags: { vllm: 'dots', sglang: 'dots' },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [
    tagged(TAGS),
    jsonCalls({ open: [OPEN], close: [CLOSE] }),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning, ...schema }) {
    const think = plainThought(reasoning, { open: '<think>\n', close: '\n</think>\n\n' }, MARKERS)
    const text = plainText('content', content, MARKERS)
    if (calls.length === 0) return think + text
    const blocks = calls.map((call) => renderTagged(TAGS, call, schema, STOPS))
    return `${think}${text}${text === '' ? '' : '\n'}${[OPEN, ...blocks, CLOSE].join('\n')}`
  },
}
