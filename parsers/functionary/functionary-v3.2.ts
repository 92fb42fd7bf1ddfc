import { type ChannelRules, type Format, RenderError } from '../../src/engine/format.js'
import { plainText } from '../../src/engine/plain-text.js'
import { recipients } from '../../src/families/channels/recipients.js'
import { ASSISTANT_HEADERS } from '../../src/formats/headers.js'
import { spacedJson } from '../../src/values/json/spaced-json.js'

const START = '>>>'
const ALL = 'all'
const MESSAGES: ChannelRules = {
  start: START,
  role: '',
  recipient: '',
  types: [],
  message: '\n',
  ends: [],
  of: { [ALL]: 'content' },
  unnamed: 'content',
}
const CODE_TOOLS = ['python']
const STOPS = ['<|eot_id|>', '<|eom_id|>', '<|end_of_text|>']
const MARKERS = [START.slice(1), '```', ...STOPS, ...ASSISTANT_HEADERS]

/**
 * Functionary v3 and v3.2.
 *
 *     completion = { ">>>" message } [stop]                     the prompt holds the first ">>>"
 *     message    = "all" LF text                                content
 *                | NAME LF object                               a call
 *                | "python" LF code
 *
 * A message begins right behind the one before, or on a new line. Source: the chat templates of meetkai/functionary-small-v3.2
 * and its neighbours.
 */
export const functionaryV32: Format = {
  id: 'functionary-v3.2',
  aliases: ['functionary-v3', 'functionary_v3_2', 'functionary'],
  wire: '>>>NAME + newline + {…}, text after >>>all',
  models: 'Functionary v3, v3.2',
  modelPatterns: [/\bfunctionary(?:-\w+)?-v?3(?:[._p]2)?(?![._p\d])/i],
  looks: [START],
  codeTools: CODE_TOOLS,
  flags: { llamacpp: 'functionary_v3_2' },
  streams: 'argument text as it comes',
  headers: ASSISTANT_HEADERS,
  stops: STOPS,
  reasoning: undefined,
  channels: MESSAGES,
  families: [recipients({ rules: MESSAGES, codeTools: CODE_TOOLS })],
  render({ calls, content, reasoning }) {
    if (reasoning !== '') throw new RenderError('this format has no reasoning')
    const messages = calls.map(({ name, arguments: args }) => `${nameOf(name)}\n${spacedJson(args)}`)
    // A bracket at its end would be one of the next start.
    plainText('content', content + (calls.length > 0 ? START.charAt(0) : ''), MARKERS)
    if (content !== '') messages.unshift(`${ALL}\n${content}`)
    return messages.map((message) => START + message).join('')
  },
}

/** A name that a line can hold. */
function nameOf(name: string): string {
  if (name !== ALL && /^[^\s{}[\]",<>()`\\]{1,128}$/.test(name)) return name
  throw new RenderError(
    `functionary cannot write the name ${JSON.stringify(name)}: 1 to 128 characters, none of them white space, brackets, quotes, commas, "\`" or "\\", and not "all"`,
  )
}
