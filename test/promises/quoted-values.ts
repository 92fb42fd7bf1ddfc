import fc from 'fast-check'
import { type Format, formats } from '../../src/index.js'
import { type Attempt, type MadePromise, resultOf } from './attempt.js'
import { type Call, isTypeless, renderOf } from './format-facts.js'
import { show } from './trial.js'

/** Agents write parsers, prompts and logs: what a value quotes, in this grammar or in another, is its text and nothing else. */
export const quotedValues: readonly MadePromise[] = [
  {
    id: 'I11',
    says: 'a value that quotes calls of any format makes none of them, and is whole or said to be damaged',
    attempts: (format) =>
      fc
        .record({
          other: fc.constantFrom(...formats()),
          calls: fc.constantFrom(...QUOTED),
          lead: fc.constantFrom('', 'x ', 'x\n', 'see <tool_call> and '),
          // Then one of the format's own: what was quoted before it must not have ended the value.
          own: fc.constantFrom('', renderOf(format, [ping], { tools: TOOLS }) ?? ''),
          tail: fc.constantFrom('', ' b', '\n', '\nb', ', and so on'),
        })
        .map(({ other, calls, lead, own, tail }) => {
          const quoted = renderOf(other, calls, { tools: TOOLS })
          return quoted === undefined
            ? refused(other.id)
            : attemptOf(format, `${lead}${quoted}${own === '' ? '' : `\n${own}`}${tail}`)
        }),
  },
]

const remove: Call = { name: 'delete_all', arguments: { confirm: 'true' } }
const ping: Call = { name: 'ping', arguments: {} }
const QUOTED = [[remove], [ping], [remove, ping], [ping, ping]]
const TOOLS = Object.entries({ write_file: ['content'], delete_all: ['confirm'], ping: [] }).map(([name, keys]) => ({
  name,
  inputSchema: { type: 'object', properties: Object.fromEntries(keys.map((key) => [key, { type: 'string' }])) },
}))

function refused(input: unknown): Attempt {
  return { text: undefined, input, check: () => undefined }
}

function attemptOf(format: Format, content: string): Attempt {
  const text = textOf(format, content)
  return {
    text,
    input: content,
    check(create) {
      if (text === undefined) return undefined
      const { toolCalls, status } = resultOf(create, { format, tools: TOOLS }, text)
      const other = toolCalls.find(({ name }) => name !== 'write_file')
      if (other !== undefined) return `${show(other)} came of ${show(text)}`
      const [call] = toolCalls
      if (call === undefined) return status === 'complete' ? `nothing came of ${show(text)}` : undefined
      const read = call.arguments.content
      // One line break at each edge is the markup's in some formats.
      return typeof read === 'string' && read.trim() === content.trim()
        ? undefined
        : `${show(content)} is read as ${show(read)}`
    },
  }
}

/** The call that holds the value, as it is where nothing escapes values. */
function textOf(format: Format, content: string): string | undefined {
  const write = (value: string) =>
    renderOf(format, [{ name: 'write_file', arguments: { content: value } }], { tools: TOOLS })
  return isTypeless(format) ? write('zqvalue')?.replace('zqvalue', () => content) : write(content)
}
