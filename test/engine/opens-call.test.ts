import { expect, it } from 'vitest'
import { createRegistry, formats } from '../../src/index.js'

// A loop that asks about the same marker for ever would hang here, and cannot be stopped by a timeout of its own.
it.each(formats().map((format) => ({ id: format.id, format })))('$id: what opens nothing is passed', ({ format }) => {
  const { parse } = createRegistry([format])
  const markers = new Set(format.families.flatMap(({ openers }) => openers.map(({ marker }) => marker)))
  for (const marker of markers) {
    for (const startInReasoning of ['detect', true, false] as const) {
      for (const text of [`${marker}nothing.`, `So ${marker}nothing.`, `<!-- ${marker}nothing.`]) {
        expect(parse(text, { format, startInReasoning, toolChoice: 'none' }).toolCalls).toEqual([])
        expect(parse(text, { format, startInReasoning }).status, text).toBeTypeOf('string')
      }
    }
  }
})
