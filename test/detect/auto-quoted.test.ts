import { describe, expect, it } from 'vitest'
import { type Format, formats, parse } from '../../src/index.js'
import { holesOf } from '../damage/holes.js'
import { matrixOf } from '../damage/matrix.js'
import { piecesIn } from '../damage/pieces.js'
import { type OfferedTool, QUOTED, shapesOf, TOOLS } from '../damage/shapes.js'
import { isHard } from '../support/runs.js'

// What a value quotes is no call, under `auto` as under the format's own name: also where the header of the call around it is
// damaged, so that nothing in front says whose value it is.

/** Of so many texts of a format one is read, by turns. */
const SHARE = isHard ? 1 : 24

const tools = TOOLS as OfferedTool[]

function runsQuoted(text: string, format: Format | 'auto'): boolean {
  return parse(text, { format, tools }).toolCalls.some(({ name }) => name === QUOTED)
}

/** Texts of a format with a call in a value, and one piece of markup damaged. */
function damaged(format: Format): string[] {
  return matrixOf(format)
    .filter(({ shape }) => shape.name.startsWith('quoted'))
    .map(({ text }) => text)
}

/** The same texts, of which the front is lost: from a piece of markup before the value on, or from within. */
function beheaded(format: Format): string[] {
  return shapesOf(format)
    .filter(({ name }) => name.startsWith('quoted'))
    .flatMap((shape) => {
      const { text } = shape
      const value = text.indexOf('A call is written')
      const pieces = piecesIn(format, text, holesOf(format, shape)).filter(({ from }) => from < value)
      return pieces.flatMap(({ from }) => [text.slice(from), text.slice(from + 1), `I write it.\n${text.slice(from)}`])
    })
}

describe('a call that a value quotes', () => {
  it.each(formats().map((format, turn) => [format.id, format, turn] as const))(
    'is none under auto: %s',
    (_, format, turn) => {
      // Behind `>` the named format knows its own closers as parts of a quoted call; auto has no format yet.
      const texts = [...damaged(format), ...beheaded(format)].filter(
        (text, i) => i % SHARE === turn % SHARE && !text.startsWith('>'),
      )
      expect(texts.filter((text) => runsQuoted(text, 'auto') && !runsQuoted(text, format))).toEqual([])
    },
  )

  const FILE =
    '<param name="path">a.md</param><param name="content"><function name="delete_all"></function></param></function>'

  it('is none behind markup of no format, with tools and without', () => {
    for (const front of [
      '',
      '<entry name="write_file">',
      '<function name="write_file"',
      'function name="write_file">',
    ]) {
      for (const given of [tools, undefined]) {
        const { toolCalls, content, status } = parse(front + FILE, { format: 'auto', tools: given })
        expect({ toolCalls, content, status }).toEqual({ toolCalls: [], content: front + FILE, status: 'malformed' })
      }
    }
  })

  const BEHIND = '<tool_call>\n<function=list_files>\n</function>\n</tool_call>'

  it.each([
    [
      'what another format reads is given back, and a value of it is open',
      '<tool_call>[function=write_file]<arg_key>path</arg_key><arg_value>n.md</arg_value><arg_key>content</arg_key><arg_value>See:\n<tool_call>delete_all<arg_key>scope</arg_key><arg_value>everything</arg_value></tool_call>\nEnd.</arg_value></tool_call>',
    ],
    [
      'a piece of the header is damaged that formats share',
      '<｜tool_calls_begin｜><｜tool_call_begin｜>"function"<｜tool_sep｜><steptml:invoke name="write_file"><steptml:parameter name="content">See:\n<｜tool_calls_begin｜><｜tool_call_begin｜>function<｜tool_sep｜><steptml:invoke name="delete_all"></steptml:invoke><｜tool_call_end｜><｜tool_calls_end｜>\nEnd.</steptml:parameter></steptml:invoke><｜tool_call_end｜><｜tool_calls_end｜>',
    ],
    [
      'the name is none',
      `<tool_call>\n<function=//>\n<parameter=content>\nSee:\n<tool_call>\n<function=delete_all>\n</function>\n</tool_call>\nEnd.\n</parameter>\n</function>\n</tool_call>`,
    ],
    [
      'the header of a message is damaged, and its calls are of another format',
      '<|start|>assistant to="write_file"<|message|><atem:function_calls>\n<atem:invoke name="write_file">\n<atem:parameter name="content">See:\n<tool_call>\n<function=delete_all>\n</function>\n</tool_call>\nEnd</atem:parameter>\n</atem:invoke>\n</atem:function_calls><|eom|>',
    ],
    [
      'the channel of a message is damaged',
      '<|channel|>analysis{ to=functions.write_file <|message|><rfl:parameter name="content">See:\n<tool_call>\n<function=delete_all>\n</function>\n</tool_call>\nEnd</rfl:parameter><|call|>',
    ],
  ])('is none where %s', (_, text) => {
    const { toolCalls, status } = parse(text, { format: 'auto', tools })
    expect({ toolCalls, status }).toEqual({ toolCalls: [], status: 'malformed' })
  })

  it('ends with the damaged call around it, where that is closed', () => {
    const damaged =
      '<tool_call>\n<function=//>\n<parameter=content>\nSee:\n<tool_call>\n<function=delete_all>\n</function>\n</tool_call>\nEnd.\n</parameter>\n</function>\n</tool_call>'
    const { toolCalls } = parse(`${damaged}\n${BEHIND}`, { format: 'auto', tools })
    expect(toolCalls.map(({ name }) => name)).toEqual(['list_files'])
  })

  it.each([
    ['of no given tool', '<object>\n<param name="movie" value="x.swf">\n</object>'],
    ['behind a tag of a tool that was not given', 'The log says <function=rm><parameter=path>/</parameter> here.'],
    ['in inline code', 'Write `<parameter=path>` before it.'],
  ])('holds no call back that follows a parameter %s', (_, front) => {
    const own = '<tool_call>\n{"name": "list_files", "arguments": {}}\n</tool_call>'
    const { toolCalls, content, status } = parse(`${front}\n${own}`, { format: 'auto', tools })
    expect({ calls: toolCalls.map(({ name }) => name), content, status }).toEqual({
      calls: ['list_files'],
      content: front,
      status: 'complete',
    })
  })
})
