import { describe, expect, it } from 'vitest'
import { Cursor } from '../../../src/text/cursor.js'
import type { JsonSink } from '../../../src/values/json/json-sink.js'
import { MapValue } from '../../../src/values/json/map-value.js'

const STRICT_JSON = '{"city":"Oslo","near":{"sea":"North"},"days":3}'
/** Six names and strings, two quotes each. */
const QUOTES = 12

function read(chunks: readonly string[], mode: 'lenient' | 'strict') {
  const cursor = new Cursor()
  const repairs: string[] = []
  let text = ''
  const sink: JsonSink = {
    json: (piece) => {
      text += piece
    },
    repair: (kind) => void repairs.push(kind),
    bigInteger: () => undefined,
  }
  const value = new MapValue(cursor, mode === 'lenient', 512, '<|"|>', () => undefined).begin(sink)
  for (const chunk of chunks) {
    cursor.push(chunk)
    if (value.scan()) break
  }
  return { text, repairs, done: value.done }
}

describe('a map that is strict JSON', () => {
  it.each([
    ['whole', [STRICT_JSON]],
    ['in characters', [...STRICT_JSON]],
  ])('has its quotes listed as repairs, %s', (_cut, chunks) => {
    const { text, repairs, done } = read(chunks, 'lenient')
    expect({ text, done }).toEqual({ text: STRICT_JSON, done: true })
    expect(repairs).toEqual(Array(QUOTES).fill('json-quotes'))
  })

  it.each([
    ['whole', [STRICT_JSON]],
    ['in characters', [...STRICT_JSON]],
  ])('is no map of the exact grammar, %s', (_cut, chunks) => {
    expect(read(chunks, 'strict').done).toBe(false)
  })
})
