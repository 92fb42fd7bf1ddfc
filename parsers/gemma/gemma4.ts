import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { type DelimitedGrammar, delimited } from '../../src/families/delimited/delimited.js'
import { renderDelimited } from '../../src/families/delimited/delimited-render.js'
import { headlessStrings } from '../../src/recovery/headless-string.js'

const CALLS: DelimitedGrammar = { open: '<|tool_call>', close: '<tool_call|>', prefix: 'call:', delimiter: '<|"|>' }
const THOUGHT = { open: '<|channel>thought', close: '<channel|>' }
const STOPS = ['<turn|>', '<|tool_response>', '<eos>']
const MARKERS = [CALLS.open, CALLS.close, CALLS.delimiter, THOUGHT.open, THOUGHT.close, '```', ...STOPS]

/**
 * Gemma 4.
 *
 *     completion = [reasoning] { text | block } [stop]
 *     reasoning  = "<|channel>thought" LF … "<channel|>"
 *     block      = "<|tool_call>" "call:" NAME map "<tool_call|>"
 *     map        = "{" [ key ":" value { "," key ":" value } ] "}"          keys are bare, or between delimiters
 *     value      = string | map | list | number | "true" | "false" | "null"
 *     string     = "<|\"|>" … "<|\"|>"                                      nothing escapes what stands in it
 *     list       = "[" [ value { "," value } ] "]"
 *
 * Inside of maps and lists the model also writes strings in the quotes of JSON and Python: a listed repair. Source: the chat
 * template of google/gemma-4-31b-it, and its parsers in vLLM, llama.cpp and Ollama.
 */
export const gemma4: Format = {
  id: 'gemma4',
  aliases: ['gemma'],
  wire: '<|tool_call>call:NAME{key:<|"|>text<|"|>,n:2}<tool_call|>',
  models: 'Gemma 4, DiffusionGemma',
  modelPatterns: [/\bgemma-?4/i, /\bdiffusion-?gemma/i],
  looks: [CALLS.open],
  flags: {
    vllm: 'gemma4',
    sglang: 'gemma4',
    dynamo: ['gemma4', 'gemma-4'],
    smg: 'gemma4',
    llamacpp: 'gemma4',
    ollama: ['gemma4', 'gemma4-no-thinking'],
    mlx: 'gemma4',
  },
  streams: 'argument by argument, strings as they come',
  headers: ['<|turn>model\n'],
  stops: STOPS,
  reasoning: { blocks: [THOUGHT] },
  families: [delimited(CALLS), headlessStrings(CALLS.delimiter)],
  render({ calls, content, reasoning }) {
    const thought = plainThought(reasoning, { open: `${THOUGHT.open}\n`, close: `\n${THOUGHT.close}` }, MARKERS)
    const text = plainText('content', content, MARKERS)
    return thought + text + calls.map((call) => renderDelimited(CALLS, call)).join('')
  },
}
