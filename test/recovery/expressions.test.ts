import { describe, expect, it } from 'vitest'
import { createParser, type Format, formats, parse, render } from '../../src/index.js'
import { characters, chunkDifference } from '../support/run.js'

const tools = {
  list_files: {},
  delete_all: {},
  get_weather: { type: 'object', properties: { city: { type: 'string' } } },
}

/** What makes an operand of the call before it: nobody evaluates the expression, so nobody knows what the call was for. */
const BEHIND = [
  ...[' or delete_all()', ' and delete_all()', ' if ready else delete_all()', ' for _ in range(3)', ' in names'],
  ...[
    '.names',
    '[0]',
    "['names']",
    "(city='Oslo')",
    '()',
    ' + delete_all()',
    ' - 1',
    ' == 3',
    ' = 3',
    ' | delete_all()',
  ],
]

/** A format's text of a call of `list_files` and one of `get_weather`, if it writes calls as Python does. */
function written(format: Format): string[] {
  const call = { name: 'list_files', arguments: {} }
  const other = { name: 'get_weather', arguments: { city: 'Oslo' } }
  return [[call], [call, other], [other, call]]
    .map((calls) => render(calls, { format, tools }))
    .filter((text) => text.includes('list_files()'))
}

const pythonic = formats().filter((format) => written(format).length > 0)

describe('a Python call that is part of an expression', () => {
  it.each(pythonic.map((format) => [format.id, format] as const))(
    'is not whole in %s, and those around it are',
    (_, format) => {
      for (const text of written(format)) {
        for (const behind of BEHIND) {
          const damaged = text.replace('list_files()', `list_files()${behind}`)
          const { toolCalls, status, notes } = parse(damaged, { format, tools })
          expect(
            toolCalls.map(({ name }) => name).filter((name) => name !== 'get_weather'),
            damaged,
          ).toEqual([])
          if (format.id !== 'pythonic') expect(status, damaged).toBe('malformed')
          expect(notes.length, damaged).toBeGreaterThan(0)
          if (text.includes('get_weather') && status === 'malformed') expect(toolCalls.length, damaged).toBe(1)
          expect(chunkDifference(createParser, { format, tools }, damaged, [characters(damaged)])).toBeUndefined()
          const from = damaged.indexOf('list_files()') + 'list_files()'.length + behind.trimEnd().length
          for (let to = from; to < damaged.length; to++)
            expect(parse(damaged.slice(0, to), { format, tools }).toolCalls.map(({ name }) => name)).not.toContain(
              'list_files',
            )
        }
      }
    },
  )

  it.each([
    ['a sentence ends', '<function_calls>list_files().\n</function_calls>'],
    ['what it gave is made up', '<function_calls>list_files() -> 3 files\n</function_calls>'],
    ['words follow', '<function_calls>list_files() forwards\n</function_calls>'],
    ['a line begins', '<function_calls>list_files()\n[0]</function_calls>'],
  ])('is whole where %s', (_, text) => {
    expect(parse(text, { format: 'olmo3', tools }).toolCalls).toHaveLength(1)
  })
})
