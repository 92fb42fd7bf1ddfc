import { type Format, RenderError } from '../../src/engine/format.js'
import { lineEnd, plainText } from '../../src/engine/plain-text.js'
import { pythonicCalls } from '../../src/families/pythonic/pythonic.js'
import { pythonicLines } from '../../src/families/pythonic/pythonic-text.js'

const OPEN = '```tool_code'
const CLOSE = '\n```'
const STOPS = ['<end_of_turn>', '<eos>']
const HEADER = '<start_of_turn>model\n'
const MARKERS = ['```', HEADER, ...STOPS]

/**
 * Gemma 3, as Google prompts it: a code fence of its own kind.
 *
 *     completion = text [fence] text [stop]
 *     fence      = "```tool_code" LF call { LF call } LF "```"             or a list of them, in brackets
 *     call       = as in `pythonic`
 *
 * Source: Google's guide to function calling with Gemma 3.
 */
export const toolCode: Format = {
  id: 'tool-code',
  aliases: ['tool_code'],
  wire: 'a tool_code fence with lines of name(key="value")',
  models: 'Gemma 3, as Google prompts it',
  modelPatterns: [],
  thinkingModels: [],
  looks: [OPEN],
  flags: {},
  streams: 'argument by argument, strings as they come',
  headers: [HEADER],
  stops: STOPS,
  reasoning: undefined,
  families: [
    pythonicCalls({ open: [OPEN], where: 'line-start', close: [CLOSE, '```'], form: 'lines', commit: 'arguments' }),
  ],
  render({ calls, content, reasoning }) {
    if (reasoning !== '') throw new RenderError('this format has no reasoning')
    const text = plainText('content', content, MARKERS)
    if (calls.length === 0) return text
    return `${text}${lineEnd(text)}${OPEN}\n${pythonicLines(calls)}${CLOSE}`
  },
}
