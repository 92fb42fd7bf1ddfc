import { CALL_SHAPE, type CallShape } from '../../src/engine/call-shape.js'
import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { THINK } from '../../src/engine/reasoning-blocks.js'
import { bareJson } from '../../src/families/bare-json/bare-json.js'
import type { BareJsonGrammar } from '../../src/families/bare-json/bare-json-grammar.js'
import { codeCall } from '../../src/families/code/code-call.js'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { wrappedJson } from '../../src/families/json-calls/wrapped-json.js'
import { qwenAgent } from '../../src/families/qwen-agent/qwen-agent.js'
import { QWEN_TAGS } from '../../src/families/tagged/qwen-tags.js'
import { tagged } from '../../src/families/tagged/tagged.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const OPEN = '<tool_call>'
const CLOSE = '</tool_call>'
const STOPS = ['<|im_end|>', '<|endoftext|>']
const MARKERS = [OPEN, CLOSE, '<tools>', '<function_call>', '<function=', '✿', THINK.open, THINK.close, '```', ...STOPS]

/** Qwen2.5-Coder: the name stands at the top, never in a nested `function`, which is how prompts list tools. */
const CODER: CallShape = { ...CALL_SHAPE, nested: false }
const BARE: BareJsonGrammar = {
  where: 'line-start',
  withoutTools: 'text-start',
  commit: 'end',
  shape: CODER,
  lists: true,
  separators: ',',
  close: [CLOSE],
  fences: { labels: ['json', '', 'tool_call'], withoutTools: 'whole-text' },
}

/**
 * What Qwen models before Qwen3-Coder write: Hermes JSON (Qwen2.5, QwQ, Qwen3), what Qwen2.5-Coder makes of it, and the
 * flower markers of Qwen-Agent (Qwen1.5, Qwen2).
 *
 *     completion = [reasoning] { text | block | wrapped | fence | calls | flowers } [stop]
 *     block      = "<tool_call>" ( calls | code | function ) "</tool_call>"
 *     calls      = payload { ["," | ";"] payload }
 *     payload    = object | "[" object { "," object } "]"
 *     code       = {"name": "code_interpreter…", "arguments": {"code": ""}} "<code>" … "</code>"
 *     function   = "<function=" NAME ">" …                                as in Qwen3-Coder
 *     wrapped    = "<tools>" calls "</tools>" | "<function_call>" calls "</function_call>"
 *     fence      = "```json" calls "```"
 *
 * A fence, and calls without any marker, count only if they hold nothing else and name given tools; calls without a marker
 * only at the beginning of a line, and only if they run to the end of the text.
 *
 * Source: the chat templates of Qwen/Qwen2.5-7B-Instruct and Qwen/Qwen3-8B, and Qwen-Agent.
 */
export const qwen: Format = {
  id: 'qwen',
  aliases: ['qwen2', 'qwen1.5', 'qwen2.5-coder', 'qwen2_5_coder', 'qwen25_coder', 'qwen-agent'],
  wire: '<tool_call>{"name": …, "arguments": {…}}</tool_call>, json fences, ✿FUNCTION✿',
  models: 'Qwen1.5, Qwen2, Qwen2.5, Qwen2.5-Coder, QwQ, Qwen3',
  // Ollama calls Qwen1.5 plain `qwen`.
  modelPatterns: [/\bqwen-?2[._p]?5-?coder/i, /\b(?:code)?qwen-?(?:1[._p]5|2)(?![._p\db])/i, /(?:^|\/)qwen(?::|$)/i],
  codeTools: ['code_interpreter'],
  looks: ['<tools>', '✿FUNCTION✿', `${OPEN}\n{"name": "code_interpreter", "arguments": {"code": ""}}\n<code>`],
  flags: { sglang: 'qwen', smg: 'qwen', lmdeploy: 'qwen' },
  streams: 'argument text as it comes; calls without a marker at the end',
  headers: ['<|im_start|>assistant\n'],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [
    codeCall({ open: OPEN, close: CLOSE, name: 'code_interpreter' }),
    jsonCalls({ open: [OPEN], close: [CLOSE], dropStrays: true }),
    tagged(QWEN_TAGS),
    wrappedJson({ open: '<tools>', close: '</tools>', shape: CODER }),
    wrappedJson({ open: '<function_call>', close: '</function_call>', shape: CODER }),
    qwenAgent,
    bareJson(BARE),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, { open: '<think>\n', close: '\n</think>\n\n' }, MARKERS)
    const blocks = calls.map(
      ({ name, arguments: args }) => `${OPEN}\n${spacedJson({ name, arguments: args })}\n${CLOSE}`,
    )
    const text = plainText('content', content, MARKERS)
    return think + text + (text === '' || calls.length === 0 ? '' : '\n') + blocks.join('\n')
  },
}
