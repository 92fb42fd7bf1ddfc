import { describe, expect, it } from 'vitest'
import { collect, createParser, formats, parse } from '../../src/index.js'
import { type Create, run } from '../support/run.js'
import { toolsFor } from './calls.js'
import { hostileTexts } from './hostile.js'
import { workOn } from './work.js'

// I16, I17: time that grows with the text and no faster, and no recursion whose depth the text controls. Counted, not
// timed: what the cursor holds at each chunk of one character (see work.ts).

const N = 2 ** 14
/** Twice the text may take a little more than twice the work: what stands around the hostile part. */
const RATIO = 2.2
/** More characters at hand per character of text than any look-ahead needs. */
const MOST = 300
const tools = toolsFor([{ name: 'f', arguments: { a: 'b' } }])

describe.each(formats().map((format) => ({ id: format.id, format })))('$id', ({ format }) => {
  it.each(hostileTexts(format))('$name are read in linear time', ({ text }) => {
    const options = { format, tools }
    const half = workOn(createParser, options, text(N))
    const whole = workOn(createParser, options, text(2 * N))
    expect(whole / half).toBeLessThanOrEqual(RATIO)
    expect(whole / (2 * N)).toBeLessThanOrEqual(MOST)
  })

  it('a nesting of 100,000 levels is read like any other text', () => {
    for (const { text } of hostileTexts(format).filter(({ name }) =>
      /^(?:braces|objects|brackets|paren|calls as)/.test(name),
    )) {
      const deep = text(500_000)
      expect(parse(deep, { format, tools }).status).toMatch(/complete|truncated|malformed/)
      const unlimited = collect(run(createParser, { format, tools, limits: { depth: 1_000_000 } }, [deep]))
      expect(unlimited.format).toBe(format.id)
    }
  })

  it('a mebi of characters, one at a time, takes seconds at most', () => {
    const [before = '', after = ''] = [
      hostileTexts(format)
        .find(({ name }) => name === 'a call that never closes')
        ?.text(2 ** 20),
    ]
    const started = performance.now()
    const events = run(
      createParser,
      { format, tools },
      (function* () {
        for (let i = 0; i < before.length; i++) yield before.charAt(i)
        yield after
      })(),
    )
    expect(performance.now() - started).toBeLessThan(20_000)
    expect(events[events.length - 1]?.type).toBe('end')
  })
})

describe('the count', () => {
  it('finds a parser that looks at all of its text again', () => {
    const format = formats()[0]
    if (format === undefined) throw new Error('no format is registered')
    // Keeps everything in one parser's window by giving it all again to a new one.
    const again: Create = (options) => {
      let seen = ''
      return {
        push(chunk) {
          seen += chunk
          createParser(options).push(seen)
          return []
        },
        end: () => createParser(options).end(),
      }
    }
    const text = 'a'.repeat(512)
    const half = workOn(again, { format }, text)
    expect(workOn(again, { format }, text + text) / half).toBeGreaterThan(3.5)
  })
})
