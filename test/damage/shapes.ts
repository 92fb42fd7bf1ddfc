import { type Format, type JsonSchema, parse } from '../../src/index.js'
import { type Call, isTypeless, renderOf } from '../promises/format-facts.js'

/** A tool of the matrix. */
export interface OfferedTool {
  name: string
  inputSchema: JsonSchema
}

/** Calls whose text is damaged. */
export interface Shape {
  readonly name: string
  readonly calls: readonly Call[]
  /** The undamaged text, without what stands before it. */
  readonly text: string
  /** What the model says before, which is content. */
  readonly before?: string
  /** The format does not write the calls itself: these it writes, with `word` where `value` stands in the text. */
  readonly written?: { readonly calls: readonly Call[]; readonly word: string; readonly value: string }
}

/** Never called in the matrix, only quoted: where it comes out, a quotation was run. */
export const QUOTED = 'delete_all'

export const TOOLS: readonly OfferedTool[] = [
  tool('get_weather', { city: { type: 'string' } }),
  tool('write_file', { path: { type: 'string' }, content: { type: 'string' } }),
  tool('set_plan', {
    count: { type: 'integer' },
    options: {
      type: 'object',
      properties: { mode: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
    },
  }),
  tool('list_files', {}),
  { name: QUOTED, inputSchema: { type: 'object', properties: { scope: { type: 'string' } } } },
]

function tool(name: string, properties: Record<string, JsonSchema>): OfferedTool {
  return { name, inputSchema: { type: 'object', properties, required: Object.keys(properties) } }
}

const weather: Call = { name: 'get_weather', arguments: { city: 'Paris' } }
const file: Call = { name: 'write_file', arguments: { path: 'a.txt', content: 'first line\nsecond line' } }
const list: Call = { name: 'list_files', arguments: {} }
const plan: Call = { name: 'set_plan', arguments: { count: 3, options: { mode: 'fast', tags: ['a', 'b'] } } }

/** The shapes of a format, those with a quoted call in its own text among them. */
export function shapesOf(format: Format): Shape[] {
  return [
    ...shape(format, 'one string', [weather]),
    ...shape(format, 'two strings', [file]),
    ...shape(format, 'number and object', [plan]),
    ...shape(format, 'no arguments', [list]),
    ...shape(format, 'two calls', [weather, file]),
    ...quoting(format, 'quoted call', { name: QUOTED, arguments: { scope: 'everything' } }),
    ...quoting(format, 'quoted call without arguments', { name: QUOTED, arguments: {} }),
    ...shape(format, 'no arguments behind words', [list]).flatMap((one) => behindWords(format, one)),
    ...shape(format, 'two calls behind words', [weather, list]).flatMap((one) => behindWords(format, one)),
  ]
}

/** A line, and a sentence on the line of the call; where no call may stand there, two lines. */
const WORDS = ['I look first.\nThen I call.', 'I look first.\nThen I call.\n']

/** The shape behind words. Without a marker, a damaged call in the middle of a line is a sentence like any other. */
function behindWords(format: Format, shape: Shape): Shape[] {
  const before = WORDS.find((words) => {
    const { toolCalls, content } = parse(words + shape.text, { format, tools: TOOLS as OfferedTool[] })
    const isMarked = words.endsWith('\n') || toolCalls.every(({ evidence }) => evidence !== 'bare')
    return isMarked && toolCalls.length === shape.calls.length && content.trim() === words.trim()
  })
  return before === undefined ? [] : [{ ...shape, before }]
}

function shape(format: Format, name: string, calls: readonly Call[]): Shape[] {
  const text = textOf(format, calls)
  return text === undefined ? [] : [{ name, calls, text }]
}

const WORD = 'zqfile'

/** A file that shows how a call looks. Formats that refuse to write it are given it as models write it: raw. */
function quoting(format: Format, name: string, quoted: Call): Shape[] {
  const inner = textOf(format, [quoted])
  if (inner === undefined) return []
  const value = `A call is written like this:\n${inner}\nThat is all.`
  const callWith = (content: string) => [{ name: 'write_file', arguments: { path: 'notes.md', content } }]
  const own = shape(format, name, callWith(value))
  if (own.length > 0 || !isTypeless(format)) return own
  const calls = callWith(WORD)
  const text = textOf(format, calls)?.replace(WORD, () => value)
  return text === undefined ? [] : [{ name, calls: callWith(value), text, written: { calls, word: WORD, value } }]
}

/** The native text of calls of the tools here. */
export function textOf(format: Format, calls: readonly Call[], tools = TOOLS): string | undefined {
  return renderOf(format, calls, { tools: tools as OfferedTool[] })
}
