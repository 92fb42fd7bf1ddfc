import type { Format } from '../../src/engine/format.js'
import { plainText, plainThought } from '../../src/engine/plain-text.js'
import { pythonicCalls } from '../../src/families/pythonic/pythonic.js'
import { pythonicLines } from '../../src/families/pythonic/pythonic-text.js'
import { misspeltMarkers } from '../../src/recovery/misspelt-markers.js'
import { anyLineBreak } from '../../src/text/line-breaks.js'

const START = '<|tool_call_start|>'
const END = '<|tool_call_end|>'
const OPEN = '<|tool_call_start|>\n```python\n'
const CLOSE = '\n```\n<|tool_call_end|>'
/** The fence on the marker's own line, and one that is left out or never closes. */
const OPENS = anyLineBreak([OPEN, '<|tool_call_start|>```python\n', START])
const CLOSES = anyLineBreak([CLOSE, `\`\`\`\n${END}`, `\n\`\`\`${END}`, `\`\`\`${END}`, '\n```', '```', END])
const THOUGHT = { open: '<|thought_start|>', close: '<|thought_end|>' }
const STOPS = ['<|im_end|>', '</s>']
const HEADER = '<|im_start|>assistant\n'
const MARKERS = [START, END, THOUGHT.open, THOUGHT.close, HEADER, '```', ...STOPS]

/**
 * MiniCPM3.
 *
 *     completion = [thought] [block] text [stop]
 *     thought    = "<|thought_start|>" LF … LF "<|thought_end|>" LF
 *     block      = "<|tool_call_start|>" LF "```python" LF call { LF call } LF "```" LF "<|tool_call_end|>"
 *     call       = as in `pythonic`, without brackets around the list
 *
 * Source: the chat template of openbmb/MiniCPM3-4B.
 */
export const minicpm3: Format = {
  id: 'minicpm3',
  aliases: ['minicpm-3'],
  wire: '<|tool_call_start|> + a python fence with lines of name(key="value") + <|tool_call_end|>',
  models: 'MiniCPM3',
  modelPatterns: [/\bminicpm-?3/i],
  thinkingModels: [],
  looks: [OPEN],
  flags: {},
  streams: 'argument by argument, strings as they come',
  headers: [HEADER],
  stops: STOPS,
  reasoning: { blocks: [THOUGHT] },
  families: [
    pythonicCalls({ open: OPENS, close: CLOSES, form: 'lines', strays: [END] }),
    misspeltMarkers({ open: [START], close: [END] }),
  ],
  render({ calls, content, reasoning }) {
    const thought = plainThought(reasoning, { open: `${THOUGHT.open}\n`, close: `\n${THOUGHT.close}\n` }, MARKERS)
    const block = calls.length === 0 ? '' : `${OPEN}${pythonicLines(calls)}${CLOSE}\n`
    return thought + block + plainText('content', content, MARKERS)
  },
}
