import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { THINK } from '../src/engine/reasoning-blocks.js'
import { QWEN_TAGS } from '../src/families/tagged/qwen-tags.js'
import { tagged } from '../src/families/tagged/tagged.js'
import type { TaggedGrammar } from '../src/families/tagged/tagged-grammar.js'
import { renderTagged } from '../src/families/tagged/tagged-render.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'

const SECTION = { open: '<｜tool_calls_begin｜>', close: '<｜tool_calls_end｜>' }
const CALL = { open: '<｜tool_call_begin｜>function<｜tool_sep｜>', close: '<｜tool_call_end｜>' }
const STOP = '<｜end▁of▁sentence｜>'
const MARKERS = ['<｜tool_call', '<｜tool_sep｜>', '<steptml:', '</steptml:', THINK.open, THINK.close, STOP, '```']
const TAGS: TaggedGrammar = {
  ...QWEN_TAGS,
  syntax: {
    names: 'attribute',
    blocks: [],
    blockMarks: SECTION,
    asides: [CALL.open, CALL.close],
    call: 'steptml:invoke',
    parameter: 'steptml:parameter',
  },
  nesting: 'anywhere',
  layout: 'packed',
  bare: 'whole',
  jsonBody: 'repair',
}

/**
 * Step-3.
 *
 *     completion = [reasoning] text [section] [stop]
 *     reasoning  = "<think>" … "</think>"                              the prompt opens it
 *     section    = "<｜tool_calls_begin｜>" call { call } "<｜tool_calls_end｜>"
 *     call       = "<｜tool_call_begin｜>function<｜tool_sep｜>" invoke "<｜tool_call_end｜>"
 *     invoke     = "<steptml:invoke name=\"" NAME "\">" { parameter } "</steptml:invoke>"
 *     parameter  = "<steptml:parameter name=\"" KEY "\">" value "</steptml:parameter>"
 *
 * The bars are U+FF5C as DeepSeek's, the underscores are ASCII. Source: the readers of SGLang and vLLM.
 */
export const step3: Format = {
  id: 'step3',
  aliases: ['step-3'],
  wire: '<｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name="NAME"><steptml:parameter name="KEY">VALUE…',
  models: 'Step-3',
  modelPatterns: [/\bstep-?3(?![._p-]?\d)/i],
  thinkingModels: [/\bstep-?3/i],
  looks: [SECTION.open, '<steptml:invoke'],
  flags: { vllm: 'step3', sglang: 'step3', smg: 'step3' },
  streams: 'string values as they come, others whole',
  headers: [],
  stops: [STOP],
  reasoning: { blocks: [THINK] },
  families: [tagged(TAGS), misspeltMarkers({ open: [SECTION.open], close: [SECTION.close, '<｜tool_call_end｜>'] })],
  render({ calls, content, reasoning, ...schema }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = think + plainText('content', content, MARKERS)
    if (calls.length === 0) return text
    const blocks = calls.map((call) => CALL.open + renderTagged(TAGS, call, schema, [STOP]) + CALL.close)
    return text + SECTION.open + blocks.join('') + SECTION.close
  },
}
