import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHtml } from '../../src/cli/output/html.js'
import { INVISIBLE, nameOfInvisible } from '../../src/explain/invisible.js'
import { explain, formats, parse } from '../../src/index.js'
import { EXAMPLES } from '../../src/playground/examples.js'
import { placesOf } from '../../src/playground/places.js'
import { packFragment, unpackFragment } from '../../src/playground/share.js'
import { momentOf, streamOf } from '../../src/playground/stream.js'
import { charactersView } from '../../src/playground/view-characters.js'
import { cutAt, textView } from '../../src/playground/view-text.js'
import { valueView } from '../../src/playground/view-value.js'
import { runs } from '../support/runs.js'

/** Text with everything in it that is hard to carry. */
const anyText = fc
  .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\ud83d', '\udc00', '\r\n', '\u0000', '<b>', '&amp;')))
  .map((list) => list.join(''))

describe('a link', () => {
  it('carries everything, and only in characters that stand in addresses', async () => {
    const shared = fc.record({ text: anyText, format: fc.string(), tools: anyText, options: fc.array(fc.string()) })
    await fc.assert(
      fc.asyncProperty(shared, async (shared) => {
        const fragment = await packFragment(shared)
        expect(fragment).toMatch(/^#1\.[\w-]*$/)
        expect(await unpackFragment(fragment)).toEqual(shared)
      }),
      { numRuns: runs(60) },
    )
  })

  it('is short for what repeats, and refused when it is damaged or unpacks to far too much', async () => {
    const one = { text: 'The same line.\n'.repeat(5000), format: 'auto', tools: '', options: [] }
    const fragment = await packFragment(one)
    expect(fragment.length).toBeLessThan(1000)
    expect(await unpackFragment('')).toBeUndefined()
    expect(await unpackFragment('#result')).toBeUndefined()
    for (const damaged of ['#1.', '#1.%%', '#1.AAAA', fragment.slice(0, -20)])
      await expect(unpackFragment(damaged), damaged).rejects.toThrow()
    const huge = await packFragment({ ...one, text: ' '.repeat(20 * 1024 * 1024) })
    expect(huge.length).toBeLessThan(50_000)
    await expect(unpackFragment(huge)).rejects.toThrow('too much')
  })
})

describe('the stream', () => {
  it('ends in what parse gives, in chunks of every size, and never tells more than came', () => {
    for (const { text, format } of EXAMPLES) {
      const { content, reasoning, toolCalls, incomplete, ...result } = parse(text, { format })
      const calls = [...toolCalls, ...incomplete].sort((a, b) => a.index - b.index)
      for (const size of [1, 4, 16, 1_000_000]) {
        const stream = streamOf(text, size, { format })
        expect(stream.steps).toBe(Math.ceil(text.length / Math.min(size, text.length)) + 1)
        const end = momentOf(stream, stream.steps)
        expect(end).toMatchObject({ content, reasoning, ended: true, fed: text.length, events: stream.events.length })
        expect(end.calls).toEqual(
          calls.map(({ name, argumentsText, status }) => ({ name, text: argumentsText, state: status })),
        )
        expect(stream.events.at(-1)?.event).toMatchObject({ type: 'end', status: result.status })
        let seen = 0
        for (let step = 0; step <= stream.steps; step++) {
          const moment = momentOf(stream, step)
          expect(moment.fed).toBe(Math.min(step * stream.size, text.length))
          expect(moment.told).toBeLessThanOrEqual(moment.fed)
          expect(content.startsWith(moment.content)).toBe(true)
          seen += moment.fresh
        }
        expect(seen).toBe(stream.events.length)
      }
    }
  })

  it('takes larger chunks of a text that would have too many', () => {
    const stream = streamOf('x'.repeat(50_001), 1, { format: 'hermes' })
    expect(stream).toMatchObject({ size: 3, steps: 16_668 })
    expect(streamOf('', 4, { format: 'hermes' })).toMatchObject({ steps: 1 })
  })
})

describe('the examples', () => {
  it('are in formats that exist, and show what they are for', () => {
    const ids = ['auto', ...formats().map(({ id }) => id)]
    for (const { format } of EXAMPLES) expect(ids).toContain(format)
    const result = (name: string) => {
      const { text, format } = EXAMPLES.find((example) => example.name === name) ?? expect.fail(name)
      return parse(text, { format })
    }
    expect(result('Two calls').toolCalls).toHaveLength(2)
    expect(result('Repairs and a cut').toolCalls[0]?.repairs.length).toBeGreaterThan(3)
    expect(result('Repairs and a cut').incomplete).toHaveLength(1)
    expect(result('The wrong format').notes.map(({ code }) => code)).toContain('looks-like')
    expect(result('Tagged parameters').toolCalls[0]?.arguments.content).toContain('A </parameter> in a text')
    expect(result('No call').notes.map(({ code }) => code)).toEqual(['marker-in-text', 'damaged-block'])
    expect(result('Any script').toolCalls).toHaveLength(1)
  })
})

describe('what is drawn', () => {
  /** The text that a reader of the HTML sees, without the rules. */
  const textOf = (html: string) =>
    html
      .replace(/<span class="why".*?<\/span><\/span>/gs, '')
      .replace(/<[^>]*>/g, '')
      .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))

  it('holds no character that one cannot see, and loses none that one can', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const html = toHtml(charactersView(text, 'all'))
        expect(html.replace(/[\n\t]/g, '')).not.toMatch(INVISIBLE)
        const named = text.replace(INVISIBLE, (one) => ('\n\t'.includes(one) ? one : nameOfInvisible(one)))
        expect(textOf(html)).toBe(named)
        expect(html.replace(/<\/?(?:bdi|i)\b[^<>]*>/g, '')).not.toMatch(/[<>"']/)
      }),
      { numRuns: runs(200) },
    )
  })

  it('leaves letters and emoji whole that are joined by such characters', () => {
    for (const text of ['👩‍🚀👨‍👩‍👧', 'می‌خواهم', 'क्‍ष', '❤️ ☀️ 1️⃣']) {
      expect(text.match(INVISIBLE)).toBeNull()
    }
    for (const text of ['tool\u200cname', 'a\u200db', 'x\ufe0f', '\u202e', 'a\u00adb', '\u{e0041}', '\ud800'])
      expect(text.match(INVISIBLE), JSON.stringify(text)).toHaveLength(1)
    expect(nameOfInvisible('\u{e0041}')).toBe('U+E0041')
    expect(nameOfInvisible('\u0007')).toBe('BEL')
  })

  it('is cut by the limits, never inside a pair, and says so', () => {
    const text = `${'😀'.repeat(500)}<tool_call>{"name": "f", "arguments": {}}</tool_call>`
    const { spans } = explain(text, { format: 'hermes' })
    const view = (limits: { stretches: number; characters: number }) =>
      toHtml(textView(text, spans, placesOf(text, spans, limits.stretches), limits))
    expect(textOf(view({ stretches: 100, characters: 5000 }))).toBe(`Skip the text${text}`)
    const cut = view({ stretches: 2, characters: 101 })
    expect(cut).toContain('characters not shown')
    expect(cut).toContain(`Showing the first 2 of ${spans.length} stretches, up to 1:${(spans[2]?.from ?? 0) + 1}.`)
    expect(cut).not.toMatch(/U\+D8/)
    expect([0, 1, 2, 9].map((offset) => cutAt('😀a', offset))).toEqual([0, 0, 2, 3])
  })

  it('folds values that are deep or wide, and says so', () => {
    let deep: Record<string, unknown> = { end: 1 }
    for (let i = 0; i < 300; i++) deep = { deep }
    expect(toHtml(valueView(deep))).toContain('too deep to show')
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]))
    const html = toHtml(valueView({ wide }))
    expect(html.match(/<li>/g)).toHaveLength(400)
    expect(html).toContain('Showing 400 members')
  })
})
