import { describe, expect, it } from 'vitest'
import { createParser, type Format, formats, parse } from '../../src/index.js'
import { askingByTurns } from '../support/ask-once.js'
import { type Create, run } from '../support/run.js'
import { isHard } from '../support/runs.js'
import { toolsFor } from './calls.js'
import { hostileTexts } from './hostile.js'
import { type ListText, listTexts, type Share } from './list-texts.js'
import { type Feed, workOn } from './work.js'

// I16, I17: time that grows with the text and no faster, and no recursion whose depth the text controls. Counted, not
// timed: what the cursor holds at each chunk, and what is copied (see work.ts).

/** What is counted shows in short texts as well as in long ones. */
const N = isHard ? 2 ** 14 : 2 ** 12
/** Twice the text may take a little more than twice the work: what stands around the hostile part. */
const RATIO = 2.2
/** Lists come in tokens, and a share of them; a harder run tries all, in every feed. */
const FEEDS: readonly Feed[] = isHard ? ['tokens', 'characters', 'whole'] : ['tokens']
const SHARE: Share = { of: isHard ? 1 : 60, turn: 0 }
/** More characters at hand per character of text than any look-ahead needs. */
const MOST = 300
const tools = toolsFor([{ name: 'f', arguments: { a: 'b' } }])

/** Every fifth text on each format, others on the next one; a harder run tries all. */
function textsFor(format: Format) {
  const turn = formats().indexOf(format)
  return hostileTexts(format)
    .filter((_, i) => isHard || (i + turn) % 5 === 0)
    .map((text, i) => ({ ...text, create: askingByTurns(format, i + turn) }))
}

describe.each(formats().map((format) => ({ id: format.id, format })))('$id', ({ format }) => {
  it.each(textsFor(format))('$name are read in linear time', ({ text, create }) => {
    const options = { format, tools, limits: { depth: 64 } }
    const half = workOn(create, options, text(N))
    const whole = workOn(create, options, text(2 * N))
    expect(whole / half).toBeLessThanOrEqual(RATIO)
    expect(whole / (2 * N)).toBeLessThanOrEqual(MOST)
  })

  it.each(FEEDS)('every list behind every lead is read in linear time, in %s', (feed) => {
    expect(slowLists(format, listTexts(format, SHARE), feed)).toEqual([])
  })

  it('a nesting of 10,000 levels and more is read like any other text', () => {
    const isDeep = ({ name }: { name: string }) => /^(?:braces|objects|brackets|calls as)/.test(name)
    expect(hostileTexts(format).filter(isDeep).length).toBeGreaterThan(8)
    for (const { text } of textsFor(format).filter(isDeep)) {
      const { status } = parse(text(30_000), { format, tools, limits: { depth: 1_000_000 } })
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

describe('auto', () => {
  it.each(FEEDS)('every list of every format is read in linear time, in %s', (feed) => {
    for (const format of formats()) {
      // All formats are read with one grammar here, so that each of them brings a smaller share.
      expect(slowLists('auto', listTexts(format, { of: 8 * SHARE.of, turn: SHARE.turn }), feed)).toEqual([])
    }
  })
})

/**
 * The lists for which twice the text is more than twice the work, wherever it is doubled: what is held up to some limit costs
 * more once it gets there, and no more beyond it.
 */
function slowLists(format: Format | 'auto', lists: readonly ListText[], feed: Feed): string[] {
  return lists.flatMap(({ name, text }, i) => {
    const create = format === 'auto' ? createParser : askingByTurns(format, i)
    const work = (n: number): number => workOn(create, { format }, text(n), feed)
    const [half, whole] = [work(N), work(2 * N)]
    const grows = whole / half > RATIO && work(4 * N) / whole > RATIO && work(8 * N) / work(4 * N) > RATIO
    return grows || whole / (2 * N) > MOST ? [`${name}: ${half}, then ${whole}`] : []
  })
}

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
