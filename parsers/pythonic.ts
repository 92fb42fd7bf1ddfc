import type { Format } from '../src/engine/format.js'
import { plainText, plainThought } from '../src/engine/plain-text.js'
import { THINK } from '../src/engine/reasoning-blocks.js'
import { pythonicCalls } from '../src/families/pythonic/pythonic.js'
import { bareListText } from '../src/families/pythonic/pythonic-text.js'
import { ASSISTANT_HEADERS } from '../src/formats/headers.js'
import { misspeltMarkers } from '../src/recovery/misspelt-markers.js'

const HEADER = '<|start_header_id|>assistant<|end_header_id|>\n\n'
/** Markers of Llama 3 and 4: a list behind one counts whatever its names, and may do without. */
const TAG = '<|python_tag|>'
const START = '<|python_start|>'
const END = '<|python_end|>'
const HEADER_TOKENS = ['<|start_header_id|>', '<|end_header_id|>']
const STOPS = ['<|eot_id|>', '<|eom_id|>', '<|end_of_text|>', '<|eot|>', '<|eom|>', '<|im_end|>', '<|endoftext|>']
const MARKERS = [TAG, START, END, THINK.open, THINK.close, '```', ...HEADER_TOKENS, ...ASSISTANT_HEADERS, ...STOPS]

/**
 * ToolACE, Llama 3.2 and 3.3 where no template asks for JSON, and other models that write calls as Python does.
 *
 *     completion = [header] [reasoning] { text | list } [stop]
 *     list       = ["<|python_tag|>" | "<|python_start|>"] "[" call { "," call } [","] "]" ["<|python_end|>"]
 *     call       = name "(" [ ident "=" value { "," ident "=" value } [","] ] ")"
 *     value      = a Python literal; true, false and null too
 *
 * Mostly a list has no marker: then it counts where it names a tool; without tools, at the beginning of a line. A text that is nothing
 * but calls, `f(a=1), g()`, counts too: a tenth of what Llama 3 8B writes has no brackets.
 *
 * Source: the prompt formats of meta-llama/llama-models (llama3_2, llama3_3).
 */
export const pythonic: Format = {
  id: 'pythonic',
  aliases: ['llama3_pythonic', 'toolace'],
  wire: "[name(key='value', other=1), …]",
  models: 'ToolACE; Llama 3.2 1B and 3B beside JSON',
  // The template of Llama 3.2 asks for JSON, so llama3 says more of its name; the two small ones also write lists.
  modelPatterns: [/\btoolace/i, /\bllama-?v?3(?=[._p-]2.*\b[13]b\b)/i],
  nativelyBare: true,
  flags: { vllm: 'pythonic', sglang: 'pythonic', dynamo: 'pythonic', smg: 'pythonic', mlx: 'pythonic' },
  streams: 'argument by argument, strings as they come',
  headers: ASSISTANT_HEADERS,
  stops: STOPS,
  reasoning: { blocks: [THINK] },
  families: [
    pythonicCalls({
      open: [TAG, START],
      close: [END],
      commit: 'arguments',
      bare: 'list-or-text',
      strays: [END, HEADER, ...HEADER_TOKENS],
    }),
    misspeltMarkers({ open: [TAG, START], close: [END] }),
  ],
  render({ calls, content, reasoning }) {
    const think = plainThought(reasoning, THINK, MARKERS)
    return think + bareListText(plainText('content', content, MARKERS), calls)
  },
}
