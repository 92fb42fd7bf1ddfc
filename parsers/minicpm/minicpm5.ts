import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { QWEN_TAGS } from '../../src/families/tagged/qwen-tags.js'
import { tagged } from '../../src/families/tagged/tagged.js'
import type { TaggedGrammar } from '../../src/families/tagged/tagged-grammar.js'
import { renderTagged } from '../../src/families/tagged/tagged-render.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'
import { orphanEnds } from '../../src/recovery/orphan-ends.js'

const STOPS = ['<|im_end|>']
const CLOSE = '</function>'
const MARKERS = ['<function', CLOSE, '<param ', '</param>', THINK.open, THINK.close, ...STOPS, '```']
const TAGS: TaggedGrammar = {
  ...QWEN_TAGS,
  syntax: { names: 'attribute', blocks: [], call: 'function', parameter: 'param' },
  nesting: 'anywhere',
  layout: 'packed',
  cdata: 'read',
}

/**
 * MiniCPM5.
 *
 *     completion = [reasoning] { text | call } [stop]
 *     reasoning  = "<think>" … "</think>"
 *     call       = "<function name=\"" NAME "\">" { parameter } "</function>"         quotes of either kind
 *     parameter  = "<param name=\"" KEY "\">" ( value | "<![CDATA[" text "]]>" ) "</param>"
 *
 * Calls stand in no block; a pair of tags that models put around them is left out. Text with markup in it stands in a section. Source: the readers of SGLang and vLLM.
 */
export const minicpm5: Format = {
  id: 'minicpm5',
  aliases: ['minicpm-5'],
  wire: '<function name="NAME"><param name="KEY">VALUE</param></function>',
  models: 'MiniCPM5 1B, 2B',
  modelPatterns: [/\bminicpm-?5/i],
  unsettledModels: [/\bminicpm-?5/i],
  looks: ['<function name='],
  flags: { vllm: 'minicpm5', sglang: 'minicpm5', llamacpp: 'minicpm5', mlx: 'minicpm5' },
  streams: 'string values as they come, others whole',
  headers: ['<|im_start|>assistant\n'],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [tagged(TAGS), orphanEnds([CLOSE]), misspeltMarkers({ open: [] })],
  render({ calls, content, reasoning, ...schema }) {
    const think = plainThought(reasoning, { open: '<think>\n', close: '\n</think>\n\n' }, MARKERS)
    const text = plainText('content', content, MARKERS)
    const blocks = calls.map((call) => renderTagged(TAGS, call, schema, STOPS))
    return think + text + (text === '' || calls.length === 0 ? '' : '\n') + blocks.join('\n')
  },
}
