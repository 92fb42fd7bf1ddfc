import { describe, expect, it } from 'vitest'
import { mergeEvents } from '../../src/event/merge-events.js'
import { createParser, type Format, formats, parse } from '../../src/index.js'
import { renderOf } from '../promises/format-facts.js'

const TOOLS = { f: { type: 'object', properties: { path: { type: 'string' }, zq: { type: 'string' } } } }
const NAME = /(["'])f\1,/

/** A call whose second argument stands before the others, behind its name; undefined where a format reads no such call. */
function flatCallOf(format: Format): string | undefined {
  const text = renderOf(format, [{ name: 'f', arguments: { path: 'a' } }])
  if (text === undefined || !NAME.test(text)) return undefined
  const flat = text.replace(NAME, '$1f$1, "zq": "b",')
  return parse(flat, { format, tools: TOOLS }).toolCalls.length === 1 ? flat : undefined
}
const cases = formats().flatMap((format) => {
  const text = flatCallOf(format)
  return text === undefined ? [] : [{ format, id: format.id, text }]
})

describe('an argument that stands before the others', () => {
  it('is tried in many formats', () => {
    expect(cases.length).toBeGreaterThan(15)
  })

  it.each(cases)('has its place in the span of the arguments in $id', ({ format, text }) => {
    for (const size of [text.length, 3, 1]) {
      const parser = createParser({ format, tools: TOOLS })
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.slice(i * size, (i + 1) * size),
      )
      const events = mergeEvents([...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.end()])
      const spans = events.filter(({ type }) => type === 'arguments')
      expect(spans).toHaveLength(1)
      for (const { from, to } of spans) {
        expect(text.slice(from, to)).toContain('zq')
        expect(text.slice(from, to)).toContain('path')
      }
    }
  })
})
