import { type Format, RenderError } from '../../src/engine/format.js'
import { plainText } from '../../src/engine/plain-text.js'
import { type DelimitedGrammar, delimited } from '../../src/families/delimited/delimited.js'
import { renderDelimited } from '../../src/families/delimited/delimited-render.js'
import { headlessStrings } from '../../src/recovery/headless-string.js'

const CALLS: DelimitedGrammar = {
  open: '<start_function_call>',
  close: '<end_function_call>',
  prefix: 'call:',
  delimiter: '<escape>',
}
const STOPS = ['<start_function_response>', '<end_of_turn>', '<eos>']
const MARKERS = [CALLS.open, CALLS.close, CALLS.delimiter, '```', ...STOPS]

/**
 * FunctionGemma.
 *
 *     completion = { text | block } [stop]
 *     block      = "<start_function_call>" "call:" NAME map "<end_function_call>"
 *     map        = "{" [ key ":" value { "," key ":" value } ] "}"
 *     value      = "<escape>" text "<escape>" | map | list | number | "true" | "false" | "null"
 *
 * A value between delimiters is a string, whatever it looks like. Source: the chat template of google/functiongemma-270m-it.
 */
export const functiongemma: Format = {
  id: 'functiongemma',
  aliases: ['function-gemma'],
  wire: '<start_function_call>call:NAME{key:<escape>text<escape>,n:2}<end_function_call>',
  models: 'FunctionGemma',
  modelPatterns: [/\bfunction-?gemma/i],
  looks: [CALLS.open],
  flags: { vllm: 'functiongemma', ollama: 'functiongemma', mlx: 'function_gemma' },
  streams: 'argument by argument, strings as they come',
  headers: ['<start_of_turn>model\n'],
  stops: STOPS,
  reasoning: undefined,
  families: [delimited(CALLS), headlessStrings(CALLS.delimiter)],
  render({ calls, content, reasoning }) {
    if (reasoning !== '') throw new RenderError('this format has no reasoning')
    return plainText('content', content, MARKERS) + calls.map((call) => renderDelimited(CALLS, call)).join('')
  },
}
