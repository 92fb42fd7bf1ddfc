import { describe, expect, it } from 'vitest'
import { collect, createRegistry, type Format, formats, render } from '../../src/index.js'

// A call that is broken off, and begun again whole: what stands of the first one is never another call.

const ARGUMENTS = { a: 'x', b: 'y z' }
const tools = [
  { name: 'f', parameters: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } } } },
]

/** Where one closer is all that a call has behind its values, nothing tells a call without it from one that was broken off. */
const ONE_CLOSER = ['glm-4.5', 'glm-4.7', 'ling3', 'spark25', 'poolside-v1', 'iquest-q1', 'solar-open2', 'telechat4']

function brokenOff(format: Format): string[] {
  const { createParser } = createRegistry([format])
  const whole = render([{ name: 'f', arguments: ARGUMENTS }], { format, tools })
  return Array.from(
    { length: whole.length - 1 },
    (_, i) => whole.slice(0, i + 1) + (i % 2 === 0 ? whole : `\n${whole}`),
  ).filter((text) => {
    const parser = createParser({ format, tools })
    const { toolCalls } = collect([...parser.push(text), ...parser.end()])
    return toolCalls.some((call) => JSON.stringify(call.arguments) !== JSON.stringify(ARGUMENTS))
  })
}

describe('a call that is broken off and begun again', () => {
  it.each(formats().map((format) => ({ id: format.id, format })))('$id', ({ id, format }) => {
    const wrong = brokenOff(format)
    if (!ONE_CLOSER.includes(id)) expect(wrong).toEqual([])
    else expect(wrong.length, wrong.join('\n')).toBeLessThanOrEqual(4)
  })
})
