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
