import { describe, expect, it } from 'vitest'
import { createParser, type Format, formats, parse } from '../../src/index.js'
import { holesOf } from '../damage/holes.js'
import { piecesIn } from '../damage/pieces.js'
import { type OfferedTool, shapesOf, TOOLS } from '../damage/shapes.js'
import { judge } from '../damage/verdict.js'
import { characters, chunkDifference } from '../support/run.js'

const tools = TOOLS as OfferedTool[]
const SHAPES = ['number and object', 'quoted call']

/** Without a marker around it, a brace behind a call belongs to the text, which has a note: nothing shows that it was its own. */
const NOTED = ['deepseek-json', 'xlam']

/** The texts of a format with a closer too many beside a comma, or with one closer less. */
function damaged(format: Format) {
  return shapesOf(format)
    .filter(({ name }) => SHAPES.includes(name))
    .flatMap((shape) => {
      const { text } = shape
      return piecesIn(format, text, holesOf(format, shape)).flatMap((piece) => {
        const { text: written, from, to } = piece
        const put = written === ',' ? ['},', ',}', '),', ',)'] : '}])'.includes(written) ? [''] : []
        return put.map((way) => ({
          shape,
          piece: written,
          at: from,
          way,
          text: text.slice(0, from) + way + text.slice(to),
        }))
      })
    })
}

describe('a bracket that closes a call too early, or is missing', () => {
  it.each(formats().map((format) => [format.id, format] as const))('makes no other call in %s', (_, format) => {
    const texts = damaged(format).filter(({ text }) => !NOTED.includes(format.id) || !/"fast",?\}/.test(text))
    for (const one of texts)
      expect(['another call', 'quoted call'], one.text).not.toContain(judge(format, one, true)?.verdict)
    for (const { text } of texts.slice(0, 2))
      expect(chunkDifference(createParser, { format, tools }, text, [characters(text)])).toBeUndefined()
  })
})

describe('a string of what cannot be read', () => {
  it.each([
    ['pythonic', `[write_file(path.'a', content="see [delete_all(scope='x')] there")]`],
    ['pythonic', `[write_file(path=]'a', content="see [delete_all(scope='x')] there")]`],
    ['pythonic', `[write_file(path='a', )content="[delete_all(scope='x')]")]`],
    ['pythonic', `[write_file](path='a', content="[delete_all(scope='x')]")]`],
    [
      'llama4-pythonic',
      `<|python_start|>(write_file(path='a', content="<|python_start|>[delete_all()]<|python_end|>")]`,
    ],
    // The brace closes the arguments, and a string goes on behind it.
    [
      'harmony',
      '<|channel|>commentary to=functions.write_file <|constrain|>json<|message|>{"path": "a"}, "content": "See:\\n<|channel|>commentary to=functions.delete_all <|constrain|>json<|message|>{}<|call|>"}<|call|>',
    ],
    [
      'functionary-v3.1',
      '<function=write_file>{"path": "a"}, "content": "See:\\n<function=delete_all>{}</function>"}</function>',
    ],
    [
      'gemma4',
      '<|tool_call>call:write_file{path:<|"|>a<|"|>},content:<|"|>See:\n<|tool_call>call:delete_all{}<tool_call|><|"|>}<tool_call|>',
    ],
    [
      'functiongemma',
      '<start_function_call>call:write_file{path:<escape>a<escape>},content:<escape>See:\n<start_function_call>call:delete_all{}<end_function_call><escape>}<end_function_call>',
    ],
    // A closer stands in the place of an opener.
    [
      'deepseek-v3.2',
      '<｜DSML｜function_calls>\n<｜DSML｜invoke name="write_file">\n<｜DSML｜parameter name="path" string="true">a</｜DSML｜parameter>\n</invoke>See:\n<｜DSML｜function_calls>\n<｜DSML｜invoke name="delete_all">\n</｜DSML｜invoke>\n</｜DSML｜function_calls>\n</｜DSML｜parameter>\n</｜DSML｜invoke>\n</｜DSML｜function_calls>',
    ],
    // What stands in the place of a tag or a name shows no JSON.
    [
      'qwen3-coder',
      '<tool_call>\n{write_file}\n<parameter=content>\nSee:\n<tool_call>\n<function=delete_all>\n</function>\n</tool_call>\n</parameter>\n</function>\n</tool_call>',
    ],
  ])('quotes no call in %s: %s', (format, text) => {
    expect(parse(text, { format, tools }).toolCalls).toEqual([])
    expect(chunkDifference(createParser, { format, tools }, text, [characters(text)])).toBeUndefined()
  })
})

describe('a value that does not fit its schema', () => {
  it.each(['<arg_valu>e7', '.arg_value>7', '<arg_value7>'])('is damage beside a mended marker: %s', (opener) => {
    const written = (value: string) =>
      `<tool_call>set_plan<arg_key>count</arg_key>${value}</arg_value><arg_key>options</arg_key><arg_value>{"mode": "a", "tags": []}</arg_value></tool_call>`
    const { toolCalls, incomplete } = parse(written(opener), { format: 'glm-4.7', tools })
    expect([toolCalls.length, incomplete.length]).toEqual([0, 1])
    expect(parse(written('<arg_value>x7'), { format: 'glm-4.7', tools }).toolCalls).toHaveLength(1)
  })

  it.each(['</para>meter>', '＜／ｐａｒａｍｅｔｅｒ＞', '</pa<rameter>'])(
    'does not end in a broken closer: %s',
    (closer) => {
      const text = `<tool_call>\n<function=write_file>\n<parameter=path>\na${closer}\n<parameter=content>\nb\n</parameter>\n</function>\n</tool_call>`
      const { toolCalls, status } = parse(text, { format: 'qwen3-coder', tools })
      expect([toolCalls.length, status]).toEqual([0, 'malformed'])
    },
  )
})
