import { describe, expect, it } from 'vitest'
import { formats, parse } from '../../src/index.js'
import { renderOf } from '../promises/format-facts.js'
import { shareOf } from '../support/runs.js'

// One character of the markup is lost, added or another one, at every place that touches neither a key nor a value: what stands
// at their edges is data where they have no quotes. It makes no other call of the tool.

const tools = {
  write_file: {
    type: 'object',
    properties: { path: { type: 'string' }, count: { type: 'integer' }, text: { type: 'string' } },
    required: ['path'],
  },
}
const CALL = { name: 'write_file', arguments: { path: 'Zoslo.md', count: 42, text: 'wq line\nwk end' } }
const DATA = /(?:\bpath\b|\bcount\b|\btext\b|Zoslo\.md|42|wq line(?:\\n|\n)wk end)/gu
/** So near to data, a line break or a bracket may belong to it. */
const NEAR = 3

const TEXTS = formats().flatMap((format) => {
  const text = renderOf(format, [CALL], { tools })
  return text === undefined ? [] : [[format.id, format, text] as const]
})

it('nearly all formats render the call', () => expect(TEXTS.length).toBeGreaterThan(65))

describe.each(shareOf(TEXTS))('%s', (_, format, text) => {
  const data = [...text.matchAll(DATA)].map(
    (found) => [found.index - NEAR, found.index + found[0].length + NEAR] as const,
  )
  const places = [...text].flatMap((_, at) => (data.some(([from, to]) => from <= at && at < to) ? [] : [at]))

  it.each([
    ['is lost', (before: string, behind: string) => [before + behind.slice(1)]],
    ['is added', (before: string, behind: string) => ['f', '<', '"'].map((one) => before + one + behind)],
    [
      'is another one',
      (before: string, behind: string) => ['f', '<', '"'].map((one) => before + one + behind.slice(1)),
    ],
  ])('that %s makes no other call', (_, damage) => {
    const others = places.flatMap((at) =>
      damage(text.slice(0, at), text.slice(at)).filter((damaged) =>
        parse(damaged, { format, tools }).toolCalls.some(
          ({ known, arguments: args }) => known && JSON.stringify(args) !== JSON.stringify(CALL.arguments),
        ),
      ),
    )
    expect(others).toEqual([])
  })
})
