import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { THINK } from '../src/engine/reasoning-blocks.js'
import { pythonicCalls } from '../src/families/pythonic/pythonic.js'
import { pythonicLines } from '../src/families/pythonic/pythonic-text.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'

const OPEN = '<function_calls>'
const CLOSE = '</function_calls>'
const STOPS = ['<|im_end|>', '<|endoftext|>']
const HEADER = '<|im_start|>assistant\n'
const MARKERS = [OPEN, CLOSE, THINK.open, THINK.close, HEADER, '```', ...STOPS]

/**
 * Olmo 3.
 *
 *     completion = [reasoning] text [block] text [stop]
 *     block      = "<function_calls>" call { LF call } "</function_calls>"
 *     call       = as in `pythonic`, without brackets around the list
 *
 * Values are Python's or JSON's: `null`, `true` and `false` too. Source: the chat template of allenai/Olmo-3-7B-Instruct,
 * and its parsers in vLLM and Ollama.
 */
export const olmo3: Format = {
  id: 'olmo3',
  aliases: ['olmo-3', 'olmo3-think'],
  wire: `${OPEN} + lines of name(key="value") + ${CLOSE}`,
  models: 'Olmo 3, 3.1',
  modelPatterns: [/\bolmo-?3/i],
  thinkingModels: [/\bolmo-?3.{0,12}think/i],
  looks: [OPEN],
  flags: { vllm: 'olmo3', ollama: ['olmo3', 'olmo3-think'] },
  streams: 'argument by argument, strings as they come',
  headers: [HEADER],
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [
    pythonicCalls({ open: [OPEN], close: [CLOSE], form: 'lines', strays: [CLOSE] }),
    misspeltMarkers({ open: [OPEN], close: [CLOSE] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    const text = think + plainText('content', content, MARKERS)
    return calls.length === 0 ? text : `${text}${OPEN}\n${pythonicLines(calls)}\n${CLOSE}`
  },
}
