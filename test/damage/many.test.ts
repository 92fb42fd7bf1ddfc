import { describe, expect, it } from 'vitest'
import { formats, parse, render } from '../../src/index.js'

const tools = { get_weather: { type: 'object', properties: { city: { type: 'string' } } } }
/** More of them than generators fit on the stack, if one were left for each. */
const MANY = 4000

describe('very many calls that break off in their arguments', () => {
  it.each(formats().map((format) => [format.id, format] as const))(
    'are read one behind the other in %s',
    (_, format) => {
      const text = render([{ name: 'get_weather', arguments: { city: 'Oslo' } }], { format, tools })
      const broken = text.slice(0, text.indexOf('city') + 2)
      const { toolCalls, status } = parse(broken.repeat(MANY), { format, tools, limits: { calls: MANY } })
      expect(toolCalls).toEqual([])
      expect(status).not.toBe('complete')
    },
  )
})
