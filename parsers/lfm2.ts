import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { THINK } from '../src/engine/reasoning-blocks.js'
import { jsonCalls } from '../src/families/json-calls/json-calls.js'
import { objectsOnly } from '../src/families/json-calls/objects-only.js'
import { pythonicCalls } from '../src/families/pythonic/pythonic.js'
import { bareListText, pythonicText } from '../src/families/pythonic/pythonic-text.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'

const OPEN = '<|tool_call_start|>'
const CLOSE = '<|tool_call_end|>'
const STOPS = ['<|im_end|>', '<|endoftext|>']
const MARKERS = [OPEN, CLOSE, THINK.open, THINK.close, '```', ...STOPS]

/**
 * LFM2 and LFM2.5.
 *
 *     completion = [reasoning] text [block] text [stop]
 *     block      = "<|tool_call_start|>" ( list | json ) "<|tool_call_end|>" [ list "<|tool_call_end|>" ]
 *     list       = "[" call { "," call } "]"                            as in `pythonic`
 *     json       = "[" object { "," object } "]"                        {"name": …, "arguments": {…}}
 *
 * LFM2.5 now and then writes its list once more behind the first end: that is no call, and what was meant is not known. The
 * markers are special tokens: where a server takes them out, a list of calls of given tools is one without them too. Source:
 * the chat template of LiquidAI/LFM2-1.2B, and its parsers in vLLM and SGLang.
 */
export const lfm2: Format = {
  id: 'lfm2',
  aliases: ['lfm2.5', 'liquid'],
  wire: `${OPEN}[name(key="value"), …]${CLOSE}`,
  models: 'LFM2, LFM2.5',
  modelPatterns: [/\blfm-?2/i],
  looks: [OPEN],
  flags: { vllm: 'lfm2', sglang: 'lfm2', llamacpp: 'lfm2', ollama: ['lfm2', 'lfm2-thinking'], mlx: 'pythonic' },
  streams: 'argument by argument, strings as they come',
  headers: ['<|im_start|>assistant\n'],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [
    pythonicCalls({ open: [OPEN], close: [CLOSE], bare: 'list', echoes: true, strays: [CLOSE] }),
    objectsOnly(jsonCalls({ open: [OPEN], close: [CLOSE] })),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = bareListText(plainText('content', content, MARKERS), [])
    return think + text + (calls.length === 0 ? '' : OPEN + pythonicText(calls) + CLOSE)
  },
}
