import { type Format, RenderError } from '../../src/engine/format.js'
import { plainText } from '../../src/engine/plain-text.js'
import { nameBefore } from '../../src/families/name-json/call-head.js'
import { nameJson } from '../../src/families/name-json/name-json.js'
import { readReactHead } from '../../src/families/name-json/react-head.js'
import { ASSISTANT_HEADERS } from '../../src/formats/headers.js'
import { headlessCalls } from '../../src/recovery/headless-call.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const OPEN = 'Action:'
const INPUT = 'Action Input:'
const STOPS = ['<|im_end|>', '<|eot_id|>', '<|endoftext|>', '</s>']
const MARKERS = [OPEN, INPUT, '```', ...STOPS, ...ASSISTANT_HEADERS]

/**
 * ReAct: what agents prompt for where a model has no format of its own. Whatever else its prompts name (`Thought:`,
 * `Observation:`, `Final Answer:`) is content.
 *
 *     completion = text { "Action:" NAME LF "Action Input:" object } text
 *
 * An input that is no object is text. Source: the prompts of the paper's authors, and those of agents that follow it.
 */
export const react: Format = {
  id: 'react',
  aliases: [],
  wire: 'Action: NAME + newline + Action Input: {…}',
  models: 'models without a format of their own, as agents prompt them',
  modelPatterns: [],
  flags: {},
  streams: 'argument text as it comes',
  headers: ASSISTANT_HEADERS,
  stops: STOPS,
  reasoning: undefined,
  results: ['Observation:'],
  families: [
    nameJson({ call: { open: [OPEN], close: [] }, where: 'line-start', head: readReactHead }),
    headlessCalls([INPUT]),
  ],
  render({ calls, content, reasoning }) {
    if (reasoning !== '') throw new RenderError('this format has no reasoning')
    const text = plainText('content', content, MARKERS)
    const gap = text === '' || text.endsWith('\n') || calls.length === 0 ? '' : '\n'
    const actions = calls.map(({ name, arguments: args }) => {
      const line = nameBefore(`\n${INPUT} {`, readReactHead, name, ` ${name}`)
      return `${OPEN}${line}\n${INPUT} ${spacedJson(args)}`
    })
    return text + gap + actions.join('\n')
  },
}
