import { describe, expect, it } from 'vitest'
import { createParser, formats, parse } from '../../src/index.js'
import { textPromises } from '../promises/all.js'
import { markersOf } from '../promises/format-facts.js'
import { characters, chunkDifference } from '../support/run.js'
import { isHard, shareOf } from '../support/runs.js'

const tools = [{ name: 'run', inputSchema: { type: 'object', properties: { a: {} } } }]

/** Plain data, or a call given back as such, that breaks off where a marker stands. */
const broken = ['{"name": "run", "arguments":', '{"arguments": [tr', '{"a": ', '[{"name": "run", "arguments": {"a":']

describe('a marker right behind plain data that breaks off', () => {
  const noted = textPromises.find(({ id }) => id === 'I20')

  it.each(shareOf(formats(), 3).map((format) => [format.id, format] as const))(
    'is read as a marker in %s',
    (_, format) => {
      for (const [i, marker] of markersOf(format).entries()) {
        for (const front of isHard ? broken : broken.slice(i % 4, (i % 4) + 1)) {
          const text = `${front}${marker}${i % 3 === 0 ? ' -9}}]' : ''}`
          const trial = { create: createParser, parse, format, text, options: { tools }, seed: 0 }
          expect(noted?.check(trial), text).toBeUndefined()
          expect(chunkDifference(createParser, { format, tools }, text, [characters(text)]), text).toBeUndefined()
        }
      }
    },
  )
})
