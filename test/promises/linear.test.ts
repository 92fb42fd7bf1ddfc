import { describe, expect, it } from 'vitest'
import { createParser, formats, parse } from '../../src/index.js'
import { type Create, run } from '../support/run.js'
import { runs } from '../support/runs.js'
import { toolsFor } from './calls.js'
import { hostileTexts } from './hostile.js'
import { workOn } from './work.js'

// I16, I17: time that grows with the text and no faster, and no recursion whose depth the text controls. Counted, not
// timed: what the cursor holds at each chunk of one character (see work.ts).

const isHard = runs(1) > 1
/** What is counted shows in short texts as well as in long ones. */
const N = isHard ? 2 ** 14 : 2 ** 12
/** Twice the text may take a little more than twice the work: what stands around the hostile part. */
const RATIO = 2.2
/** More characters at hand per character of text than any look-ahead needs. */
const MOST = 300
const tools = toolsFor([{ name: 'f', arguments: { a: 'b' } }])

describe.each(formats().map((format) => ({ id: format.id, format })))('$id', ({ format }) => {
  it.each(hostileTexts(format))('$name are read in linear time', ({ text }) => {
    const options = { format, tools, limits: { depth: 64 } }
    const half = workOn(createParser, options, text(N))
    const whole = workOn(createParser, options, text(2 * N))
    expect(whole / half).toBeLessThanOrEqual(RATIO)
    expect(whole / (2 * N)).toBeLessThanOrEqual(MOST)
  })

  it('a nesting of 10,000 levels and more is read like any other text', () => {
    const deep = hostileTexts(format).filter(({ name }) => /^(?:braces|objects|brackets|calls as)/.test(name))
    expect(deep.length).toBeGreaterThan(8)
    for (const { text } of deep) {
      const { status } = parse(text(60_000), { format, tools, limits: { depth: 1_000_000 } })
      expect(status).toMatch(/complete|truncated|malformed/)
    }
  })

  it('a long call, one character at a time, takes seconds at most', () => {
    const endless = hostileTexts(format).find(({ name }) => name === 'a call that never closes')
    const text = endless?.text(isHard || format.id === 'hermes' ? 2 ** 20 : 2 ** 17) ?? ''
    expect(text.length).toBeGreaterThan(100_000)
    const started = performance.now()
    const events = run(createParser, { format, tools }, each(text))
    expect(performance.now() - started).toBeLessThan(30_000)
    expect(events[events.length - 1]?.type).toBe('end')
  })
})

/** Single characters, without a list of them all. */
function* each(text: string): Generator<string> {
  for (let i = 0; i < text.length; i++) yield text.charAt(i)
}

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
