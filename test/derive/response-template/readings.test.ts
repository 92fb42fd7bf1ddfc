import { describe, expect, it } from 'vitest'
import { createParser, parse } from '../../../src/core.js'
import type { Format } from '../../../src/engine/format.js'
import { nameOf, textPromises } from '../../promises/all.js'
import { characters, chunkDifference } from '../../support/run.js'
import { seeded, someCuts, tokens } from '../../support/seeded.js'
import { MADE, optionsFor, published, type TheirReading, theirReadings } from './readings.js'

// What transformers reads with the public response templates, in outputs that scripts/response-templates.py makes, and what
// our formats made of the same templates read.

/** Where ours read something else on purpose, and why. */
const DIFFERENT: readonly { readonly is: (one: TheirReading, how: string) => boolean; readonly why: string }[] = [
  { is: (one) => one.case === 'damaged-cut', why: 'a call that the end of the text cuts is not complete' },
  {
    is: (one) => one.template === 'lines' && one.case.startsWith('call-lines'),
    why: 'a line of a call that is no argument is not passed over in silence',
  },
  {
    is: (one, how) =>
      how !== 'the interpreter' && one.template === 'trl-lfm2-2-5' && /^call-(?:scalars|false|null)$/.test(one.case),
    why: 'True, False and None are values, and no text',
  },
  {
    is: (one, how) =>
      how !== 'the interpreter' && one.template === 'trl-deepseek-r1-distill' && /^(?:content|no-end)$/.test(one.case),
    why: 'the prompt opened the reasoning, and it was cut',
  },
]

interface Message {
  readonly content: string
  readonly reasoning: string
  readonly calls: readonly unknown[]
}

/** Edges of white space are the template's: transformers strips them, ours leave them out next to markers. */
function theirs({ message = {} }: TheirReading): Message {
  const text = (key: string) => String(message[key] ?? '').trim()
  const calls = (message.tool_calls ?? []) as { function: { name: string; arguments: unknown } }[]
  return {
    content: text('content'),
    reasoning: text('thinking') + text('reasoning_content'),
    calls: calls.map((call) => [call.function.name, call.function.arguments]),
  }
}

describe.each(MADE)('%s', (how, make) => {
  const formats = new Map(published.map(({ id, template }) => [id, make(template)]))
  const formatOf = (id: string) => formats.get(id) as Format

  it.each(published.map(({ id }) => id))('reads outputs of %s as transformers does', (id) => {
    const format = formatOf(id)
    const all = theirReadings.filter(({ template }) => template === id)
    expect(all.length).toBeGreaterThanOrEqual(3)
    for (const one of all) {
      const read = parse(one.text, optionsFor(one, format))
      const ours = {
        content: read.content.trim(),
        reasoning: read.reasoning.trim(),
        calls: read.toolCalls.map((call) => [call.name, call.arguments]),
      }
      const label = `${one.case}: ${JSON.stringify(one.text)}`
      const isDifferent = DIFFERENT.some(({ is }) => is(one, how))
      // They raise an error, ours say what is wrong, or list what was mended.
      if (one.error !== undefined)
        expect(read.status !== 'complete' || read.toolCalls.some(({ repairs }) => repairs.length > 0), label).toBe(true)
      else if (one.case === 'damaged-cut') expect([read.status, read.toolCalls], label).toEqual(['truncated', []])
      else if (isDifferent) expect(ours, label).not.toEqual(theirs(one))
      else expect(ours, label).toEqual(theirs(one))
    }
  })

  it('reads them alike in any chunks', () => {
    const random = seeded(20)
    for (const one of theirReadings.filter((_, i) => i % 7 === 0)) {
      const cuts = [characters(one.text), tokens(one.text, random), ...someCuts(one.text, random, 3)]
      const options = optionsFor(one, formatOf(one.template))
      expect(chunkDifference(createParser, options, one.text, cuts), one.template).toBeUndefined()
    }
  })

  it('reads what is cut or damaged alike in any chunks, and never as a call that was not meant', () => {
    const random = seeded(21)
    for (const one of theirReadings.filter((_, i) => i % 7 === 3)) {
      const at = Math.floor(random() * one.text.length)
      const width = Math.floor(random() * 4)
      const text = one.text.slice(0, at) + (random() < 0.3 ? '' : one.text.slice(at + width))
      const options = optionsFor(one, formatOf(one.template))
      expect(chunkDifference(createParser, options, text, [characters(text), tokens(text, random)])).toBeUndefined()
      const { toolCalls, status } = parse(text, { ...options, end: 'length' })
      expect(status).toBe('truncated')
      for (const call of toolCalls) expect(call.arguments).toEqual(JSON.parse(call.argumentsText))
    }
  })

  // Those that are left out ask the format itself for its markers, or what its calls look like when it renders them.
  const kept = textPromises.filter(({ id }) => !['I4', 'I20', 'I23', 'I31', 'I44'].includes(id))

  it.each(kept.map((promise) => [nameOf(promise), promise] as const))('keeps %s', (_, { check }) => {
    const random = seeded(22)
    for (const [i, one] of theirReadings.filter((_, i) => i % 11 === 0).entries()) {
      const at = Math.floor(random() * one.text.length)
      const text = i % 2 === 0 ? one.text : one.text.slice(0, at) + one.text.slice(at + 1 + Math.floor(random() * 3))
      const { format, ...options } = optionsFor(one, formatOf(one.template))
      const trial = { create: createParser, parse, format: format as Format, text, options, seed: i }
      expect(check(trial), `${one.template} ${JSON.stringify(text)}`).toBeUndefined()
    }
  })
})
