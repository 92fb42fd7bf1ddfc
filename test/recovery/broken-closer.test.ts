import { expect, it } from 'vitest'
import { formats, parse } from '../../src/index.js'
import { holdsBrokenCloser } from '../../src/recovery/broken-closer.js'
import { renderOf } from '../promises/format-facts.js'

it.each([
  ['Oslo</para name="days">3', true],
  ['Oslo</paramearameter=days>3', true],
  ['Oslo</parametermeter>3', true],
  ['Oslo</para<parameter=days>3', true],
  ['<painter>x</painter>', false],
  ['x</page-footer>', false],
  ['the </parameter> tag, and </param>', false],
  ['cat </dev/null --opt=3 >log', false],
  ['<a href="x">y</a>', false],
])('a closer that goes on as another tag: %j %s', (raw, expected) => {
  expect(holdsBrokenCloser(raw, '</parameter>')).toBe(expected)
})

it('reads where keys are elements, and where tags are tokens', () => {
  expect(holdsBrokenCloser('Oslo</arg_vrg_key>', '</arg_value>', 'arg_key')).toBe(true)
  expect(holdsBrokenCloser('Oslo<|close|>n|>argument', '<|close|>argument<|sep|>')).toBe(true)
  expect(holdsBrokenCloser('Oslo<|close|>call<|sep|>', '<|close|>argument<|sep|>')).toBe(false)
})

const tools = { look_up: { type: 'object', properties: { city: { type: 'string' }, note: { type: 'string' } } } }
const calls = [{ name: 'look_up', arguments: { city: 'Oslo', note: 'rain' } }]

/** What is lost between the closer of the first value and the header of the second one, with the beginning of the one and the end of the other left. */
const LOST = formats().flatMap((format) => {
  const text = renderOf(format, calls, { tools }) ?? ''
  const closer = text.indexOf('</', text.indexOf('Oslo'))
  const next = text.lastIndexOf('rain')
  if (!text.startsWith('</', text.indexOf('Oslo') + 4) && !/^\s/.test(text.slice(text.indexOf('Oslo') + 4))) return []
  if (closer < 0 || closer > next) return []
  const cuts = [...Array(Math.min(8, next - closer - 16)).keys()].map((i) => [closer + 4 + i, next - 9 - i] as const)
  return [[format.id, format, cuts.map(([from, to]) => text.slice(0, from) + text.slice(to))] as const]
})

it('many formats have such values', () => expect(LOST.length).toBeGreaterThan(20))

it.each(LOST)('what is lost between two values makes no other call in %s', (_, format, texts) => {
  const wanted: unknown[] = [{ city: 'Oslo', note: 'rain' }, { city: 'Oslo' }, { note: 'rain' }]
  for (const text of texts)
    for (const { arguments: args } of parse(text, { format, tools }).toolCalls)
      expect(wanted, text).toContainEqual(args)
})
