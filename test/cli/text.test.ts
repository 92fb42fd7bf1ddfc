import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rescue } from '../../src/cli/input/rescue.js'
import { clip, columnsOf, oneLine, quoted, visible, wrap } from '../../src/cli/output/screen-text.js'
import { viewOf } from '../../src/cli/output/view.js'
import { treeOf } from '../../src/cli/output/view-tree.js'
import { findJsonFault, placesIn } from '../../src/explain/json-place.js'
import { parse } from '../../src/index.js'
import { runs } from '../support/runs.js'

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
const offsetOf = (text: string, { line, column }: { line: number; column: number }): number =>
  text
    .split('\n')
    .slice(0, line - 1)
    .join('\n').length +
  (line > 1 ? 1 : 0) +
  column -
  1

/** JSON with a piece cut out or put in: mostly wrong, and wrong anywhere. */
const damaged = fc
  .tuple(
    fc.json(),
    fc.nat(),
    fc.nat(3),
    fc.constantFrom('', ',', '}', '"', '\\', "'", '\n', 'x', '0', ':', '[', '//', '\u0007'),
  )
  .map(([text, at, cut, put]) => {
    const from = at % (text.length + 1)
    return text.slice(0, from) + put + text.slice(from + cut)
  })

describe('findJsonFault', () => {
  it('finds a fault exactly where there is one, and nothing before it is at fault', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const fault = findJsonFault(text)
        expect(fault === undefined).toBe(isJson(text))
        if (fault === undefined) return
        const at = offsetOf(text, fault)
        expect(at).toBeGreaterThanOrEqual(0)
        expect(at).toBeLessThanOrEqual(text.length)
        // What stands before the fault can still become JSON: the fault of that alone is that it ends.
        const before = findJsonFault(text.slice(0, at))
        if (before !== undefined) expect(before.message).toMatch(/got the end$|backslash/)
      }),
      { numRuns: runs(500) },
    )
  })

  it('says what is expected', () => {
    for (const [text, line, column, message] of [
      ['', 1, 1, 'expected a value, got the end'],
      ['{"a": 1,}', 1, 9, 'expected a key in double quotes, got }'],
      ['{"a" 1}', 1, 6, 'expected a colon after the key, got 1'],
      ['[1 2]', 1, 4, 'expected , or ], got 2'],
      ['[1] x', 1, 5, 'expected nothing after the value, got x'],
      ['{\n  "a": "b\n}', 2, 10, 'expected the closing quote of the string on the same line, got a line break'],
      ['{"a": "b', 1, 9, 'expected a closing quote, got the end'],
      ['["\\d"]', 1, 4, 'expected an escape such as \\n, \\" or \\u00e9 after the backslash, got d'],
      ['{} // done', 1, 4, 'expected nothing after the value, got a comment (JSON has none)'],
      ['[01]', 1, 3, 'expected , or ], got 1'],
      ['[-]', 1, 2, 'expected a value or ], got -'],
      ['[😀]', 1, 2, 'expected a value or ], got 😀'],
    ] as const) {
      expect(findJsonFault(text), text).toEqual({ line, column, message })
    }
  })

  it('minds no depth', () => {
    expect(findJsonFault('['.repeat(200_000))).toMatchObject({ column: 200_001 })
  })
})

describe('text for screens', () => {
  it('holds nothing that a terminal obeys', () => {
    const hostile = fc
      .array(
        fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\u001b[2J', '\r', '\u202e', '\u0085', '\t', '\n')),
      )
      .map((list) => list.join(''))
    fc.assert(
      fc.property(hostile, (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/
        expect(visible(text)).not.toMatch(obeyed)
        expect(oneLine(text)).not.toMatch(obeyed)
        expect(oneLine(text)).not.toContain('\n')
        expect(columnsOf(quoted(text))).toBeLessThanOrEqual(82)
      }),
      { numRuns: runs(300) },
    )
  })

  it('is wrapped and cut to its columns, without losing anything when it is wrapped', () => {
    const words = fc
      .array(fc.constantFrom('a', 'tide', ' ', '\n', '日本', '👋', 'x'.repeat(30), '-'), { maxLength: 60 })
      .map((list) => list.join(''))
    fc.assert(
      fc.property(words, fc.integer({ min: 8, max: 40 }), (text, columns) => {
        const lines = wrap(text, columns)
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(columns)
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(/[ \n]/g, ''))
        expect(columnsOf(clip(oneLine(text), columns))).toBeLessThanOrEqual(columns)
      }),
      { numRuns: runs(300) },
    )
    expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
    expect(clip('one two', 4)).toBe('one…')
  })

  it('places are lines and columns from 1', () => {
    const place = placesIn('ab\n\ncd')
    expect([0, 2, 3, 4, 6].map(place)).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 3, column: 1 },
      { line: 3, column: 3 },
    ])
  })
})

describe('the view', () => {
  const plain = new Proxy({}, { get: () => (text: string) => text }) as Parameters<typeof viewOf>[2]['colors']
  const screen = { isTerminal: true, columns: 80, colors: plain }

  it('keeps to its columns and shows nothing that a terminal obeys, whatever the arguments hold', () => {
    const value = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 8, stringUnit: 'binary' }), {
      maxKeys: 30,
    })
    fc.assert(
      fc.property(value, (args) => {
        for (const line of treeOf(args, screen)) {
          expect(columnsOf(line), line).toBeLessThanOrEqual(80)
          expect(line).toBe(oneLine(line))
        }
      }),
      { numRuns: runs(200) },
    )
  })

  it('tells repairs that are alike once, and cuts what is long', () => {
    const text = `<think>${'Word. '.repeat(200)}</think><tool_call>{'name': 'f', 'arguments': {${Array.from({ length: 40 }, (_, i) => `'k${i}': ${i}`)}}}</tool_call>`
    const view = viewOf(parse(text, { format: 'hermes' }), text, screen)
    expect(view.match(/repaired python-quotes/g)).toHaveLength(1)
    expect(view).toMatch(/read as ‹"›, and [0-9]+ more like it/)
    expect(view).toContain('more lines (--to json has them)')
    expect(view).toContain('└ … 24 more')
  })
})

describe('rescue', () => {
  it('leaves every text alone that no server made', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(rescue(text)).toBeUndefined()
      }),
      { numRuns: runs(300) },
    )
  })
})
