import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createParser, formats, parse, render } from '../../src/index.js'
import { Matcher } from '../../src/matcher.js'
import { TextScanner } from '../../src/scanner.js'
import { DelimitedScanner } from '../../src/values/delimited.js'
import { JsonValue } from '../../src/values/json.js'

const WORDS = ['some ', 'more wor', 'ds, ', 'and ', 'numbers 42 ', 'größer ', '大小', '.', ' x']
const tools = { f: { type: 'object', properties: { text: { type: 'string' } } } }

/** The text of a call up to inside its one argument. */
function headOf(format: string): string {
  const text = render([{ name: 'f', arguments: { text: 'MIDDLE' } }], { format, tools })
  return text.slice(0, text.indexOf('MIDDLE') + 3)
}

describe('a chunk that is more of the same', () => {
  afterEach(() => vi.restoreAllMocks())

  for (const { id } of formats()) {
    it(`${id}: is content without its scanner being asked`, () => {
      const parser = createParser({ format: id, tools })
      parser.push('A text that begins with words.')
      const scan = vi.spyOn(TextScanner.prototype, 'scan')
      const events = WORDS.map((chunk) => parser.push(chunk))
      expect(scan).not.toHaveBeenCalled()
      let from = 'A text that begins with words.'.length
      for (const [i, text] of WORDS.entries()) {
        expect(events[i]).toEqual([{ type: 'content', text, from, to: from + text.length }])
        from += text.length
      }
    })
  }

  it.each([
    ['hermes', JsonValue],
    ['llama3', JsonValue],
    ['mistral', JsonValue],
    ['deepseek-v3.1', JsonValue],
    ['qwen3-coder', DelimitedScanner],
    ['deepseek-v4', DelimitedScanner],
  ])('%s: is an argument without its scanner being asked', (format, Scanner) => {
    const head = headOf(format)
    const parser = createParser({ format, tools })
    for (const character of head) parser.push(character)
    const scan = vi.spyOn(Scanner.prototype, 'scan')
    let from = head.length
    for (const delta of WORDS) {
      expect(parser.push(delta)).toEqual([{ type: 'arguments', index: 0, delta, from, to: from + delta.length }])
      from += delta.length
    }
    expect(scan).not.toHaveBeenCalled()
  })

  it('is looked at where something else may begin with it', () => {
    const parser = createParser({ format: 'hermes', tools })
    parser.push('A text that begins with words.')
    const scan = vi.spyOn(TextScanner.prototype, 'scan')
    for (const chunk of ['a <', 'tool', '_cal', 'l', 's>']) parser.push(chunk)
    // `tool`, `_cal` and `l` are more of a marker, which the last chunk is not.
    expect(scan).toHaveBeenCalledTimes(2)
    expect(parse('a <tool_calls>', { format: 'hermes', tools }).content).toBe('a <tool_calls>')
  })

  it('keeps to the limit of the arguments', () => {
    const limits = { argumentChars: 20 }
    const parser = createParser({ format: 'hermes', tools, limits })
    const events = [headOf('hermes'), ...'word word word word '.split(/(?<= )/)].flatMap((chunk) => parser.push(chunk))
    const deltas = events.map((event) => (event.type === 'arguments' ? event.delta : ''))
    expect(deltas.join('')).toHaveLength(20)
    expect(events.filter((event) => event.type === 'note').map((note) => note.code)).toEqual(['limit'])
  })
})

describe('Matcher.takes', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '<'), minLength: 1, maxLength: 6 })

  it('takes what leaves it undecided whether a marker stands here, and no marker that is whole', () => {
    let taken = 0
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), word, word, (markers, text, chunk) => {
        const matcher = new Matcher(markers.map((marker) => [marker, marker] as const))
        const waits = matcher.at(text, 0, false) && matcher.hit === undefined
        expect(matcher.holder !== undefined).toBe(waits)
        if (!waits) return
        const whole = text + chunk
        const mayGrow = markers.some((marker) => marker.length > whole.length && marker.startsWith(whole))
        const isWhole = markers.some((marker) => marker.length > text.length && whole.startsWith(marker))
        const takes = matcher.takes(chunk)
        expect(takes).toBe(mayGrow && !isWhole && !markers.includes(text))
        if (!takes) return
        taken++
        // From there on it stands where it would if all had come at once.
        const other = new Matcher(markers.map((marker) => [marker, marker] as const))
        other.at(whole, 0, false)
        for (const next of ['a', 'b', '<', 'ab']) expect(clone(matcher).takes(next)).toBe(clone(other).takes(next))
      }),
      { numRuns: 3000 },
    )
    expect(taken).toBeGreaterThan(20)
  })
})

/** One in the same state: to take something changes it. */
function clone<T>(matcher: Matcher<T>): Matcher<T> {
  return Object.assign(Object.create(Matcher.prototype), matcher)
}
