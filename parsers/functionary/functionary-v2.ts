import { type ChannelRules, type Format, RenderError } from '../../src/engine/format.js'
import { plainText } from '../../src/engine/plain-text.js'
import { channels } from '../../src/families/channels/channels.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const START = '<|from|>'
const ROLE = 'assistant'
const RECIPIENT = '<|recipient|>'
const MESSAGE = '<|content|>'
const MESSAGES: ChannelRules = {
  start: START,
  role: ROLE,
  inPrompt: 'assistant\n<|recipient|>',
  recipient: RECIPIENT,
  types: [],
  message: MESSAGE,
  ends: [],
  of: { all: 'content' },
  unnamed: 'content',
}
const CODE_TOOLS = ['python']
const STOPS = ['<|stop|>', '</s>', '<|im_end|>', '<|endoftext|>']
const MARKERS = [START, RECIPIENT, MESSAGE, '```', ...STOPS]

/**
 * Functionary v2.2, v2.4 and v2.5.
 *
 *     completion = { LF "<|from|>assistant" LF message } [stop]    the prompt holds "<|from|>assistant" LF "<|recipient|>"
 *     message    = "<|recipient|>all" LF "<|content|>" text                  content
 *                | "<|recipient|>" NAME LF "<|content|>" object              a call
 *
 * A message ends where the next begins. Source: the chat templates of meetkai/functionary-small-v2.4 and its neighbours.
 */
export const functionaryV2: Format = {
  id: 'functionary-v2',
  aliases: ['functionary_v2'],
  wire: `${START}${ROLE} + newline + ${RECIPIENT}NAME + newline + ${MESSAGE}{…}`,
  models: 'Functionary 2.2, 2.4, 2.5',
  modelPatterns: [/\bfunctionary(?:-\w+)?-v?2/i],
  thinkingModels: [],
  looks: [START, RECIPIENT],
  codeTools: CODE_TOOLS,
  flags: {},
  streams: 'argument text as it comes',
  headers: [],
  stops: STOPS,
  reasoning: undefined,
  channels: MESSAGES,
  families: [channels({ rules: MESSAGES, codeTools: CODE_TOOLS })],
  render({ calls, content, reasoning }) {
    if (reasoning !== '') throw new RenderError('this format has no reasoning')
    const messages = calls.map(({ name, arguments: args }) => [nameOf(name), spacedJson(args)])
    if (content !== '') messages.unshift(['all', plainText('content', content, MARKERS)])
    const texts = messages.map(([to, text]) => `${START}${ROLE}\n${RECIPIENT}${to}\n${MESSAGE}${text}`)
    return texts.length === 0 ? '' : texts.join('\n')
  },
}

/** A name that a header can hold. */
function nameOf(name: string): string {
  if (name !== 'all' && /^[^\s<>{}"]{1,128}$/.test(name)) return name
  throw new RenderError(
    `functionary cannot write the name ${JSON.stringify(name)}: 1 to 128 characters, none of them white space, "<", ">", braces or quotes, and not "all"`,
  )
}
