import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CallFinder } from '../../src/engine/call-finder.js'
import { TextScanner } from '../../src/engine/scanner.js'
import { Session } from '../../src/engine/session.js'
import { MarkerWait } from '../../src/engine/wait.js'
import { ObjectReader } from '../../src/families/call-object/object-reader.js'
import { collect, createParser, formats, parse, render } from '../../src/index.js'
import { WAIT } from '../../src/text/cursor.js'
import { Matcher } from '../../src/text/matcher.js'
import { TagReader } from '../../src/text/tag-reader.js'
import { JsonValue } from '../../src/values/json/json.js'
import { DelimitedScanner } from '../../src/values/raw/delimited.js'

const WORDS = ['some ', 'more wor', 'ds, ', 'and ', 'numbers 42 ', 'größer ', '大小', '.', ' x']
const tools = { f: { type: 'object', properties: { text: { type: 'string' } } } }

/** The text of a call up to inside its one argument. */
function headOf(format: string): string {
  const text = render([{ name: 'f', arguments: { text: 'MIDDLE' } }], { format, tools })
  return text.slice(0, text.indexOf('MIDDLE') + 3)
}

function chunksOf(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size))
}

/** How often a kind of scanner is asked meanwhile. */
function scansOf({ prototype }: { prototype: { scan(): boolean } }, run: () => void): number {
  const { scan } = prototype
  let count = 0
  prototype.scan = function () {
    count++
    return scan.call(this)
  }
  try {
    run()
  } finally {
    prototype.scan = scan
  }
  return count
}

describe('a chunk that is more of the same', () => {
  for (const { id } of formats()) {
    it(`${id}: is content without its scanner being asked`, () => {
      const parser = createParser({ format: id, tools, separators: 'keep' })
      parser.push('A text that begins with words.')
      let from = 'A text that begins with words.'.length
      const scans = scansOf(TextScanner, () => {
        for (const text of WORDS) {
          expect(parser.push(text)).toEqual([{ type: 'content', text, from, to: from + text.length }])
          from += text.length
        }
      })
      expect(scans).toBe(0)
    })
  }

  it('is content all the same where white space before a marker is left out', () => {
    const parser = createParser({ format: 'hermes', tools })
    parser.push('Words.')
    const scans = scansOf(TextScanner, () => {
      for (const text of [' some', ' more\nwords,', ' and', '大小']) expect(parser.push(text)).toMatchObject([{ text }])
      expect(parser.push(' end ')).toMatchObject([{ text: ' end' }])
      expect(parser.push('of it')).toMatchObject([{ text: ' of it' }])
    })
    expect(scans).toBe(0)
  })

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
    let from = head.length
    const scans = scansOf(Scanner, () => {
      for (const delta of WORDS) {
        expect(parser.push(delta)).toEqual([{ type: 'arguments', index: 0, delta, from, to: from + delta.length }])
        from += delta.length
      }
    })
    expect(scans).toBe(0)
  })

  it('is looked at where something else may begin with it', () => {
    const parser = createParser({ format: 'hermes', tools })
    parser.push('A text that begins with words.')
    const scans = scansOf(TextScanner, () => {
      for (const chunk of ['a <', 'tool', '_cal', 'l', 's>']) parser.push(chunk)
    })
    // A misspelt marker begins with `<` alone, so `tool` decides. `_cal` and `l` are more of a marker; the last chunk is not.
    expect(scans).toBe(3)
    expect(parse('a <tool_calls>', { format: 'hermes', tools }).content).toBe('a <tool_calls>')
  })

  it('is more of a name, whose call is asked when it ends', () => {
    const parser = createParser({ format: 'hermes' })
    parser.push('<tool_call>{"name": "sea')
    expect(scansOf(ObjectReader, () => ['rch', '_files', '_by_name'].map((chunk) => parser.push(chunk)))).toBe(0)
    const scans = scansOf(ObjectReader, () => {
      expect(parser.push('"')).toMatchObject([{ type: 'call-start', name: 'search_files_by_name' }])
    })
    expect(scans).toBe(1)
  })

  it.each([60, 64, 65, 66, 67, 130])('is a name of %i characters, however it is cut', (length) => {
    const name = 'n'.repeat(length)
    const text = `<tool_call>{"name": "${name}", "arguments": {}}</tool_call>`
    for (const size of [1, 3, 7, 40]) {
      const parser = createParser({ format: 'hermes' })
      const events = chunksOf(text, size).flatMap((chunk) => parser.push(chunk))
      expect(collect([...events, ...parser.end()]).toolCalls.map((call) => call.name)).toEqual([name])
    }
  })

  it('is more of a close marker, or of a name before its arguments', () => {
    const hermes = createParser({ format: 'hermes' })
    hermes.push('<tool_call>{"name": "f", "arguments": {}}\n</to')
    expect(scansOf(MarkerWait, () => ['ol', '_cal'].map((chunk) => hermes.push(chunk)))).toBe(0)
    expect(scansOf(MarkerWait, () => hermes.push('l'))).toBe(0)
    expect(scansOf(MarkerWait, () => hermes.push('>'))).toBe(1)
    const mistral = createParser({ format: 'mistral' })
    mistral.push('[TOOL_CALLS]sea')
    expect(scansOf(CallFinder, () => ['rch', '_files'].map((chunk) => mistral.push(chunk)))).toBe(0)
    expect(mistral.push('[ARGS]{')[0]).toMatchObject({ type: 'call-start', name: 'search_files' })
  })

  it('is a line of a value that began in the line of its tag', () => {
    const chunks = ['<tool_call>\n<function=f>\n<parameter=text>ab', 'c\nd', 'ef</function>']
    const parser = createParser({ format: 'qwen3-coder', tools })
    const events = chunks.flatMap((chunk) => parser.push(chunk))
    const whole = parse(chunks.join(''), { format: 'qwen3-coder', tools })
    expect(collect([...events, ...parser.end()])).toEqual(whole)
    // Not in a line of its own, the marker may be data that goes on.
    expect(whole.status).toBe('truncated')
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

/** Reads the text with every chunk put to the readers. */
function readSlowly<T>(read: () => T): T {
  const prototype = Session.prototype as unknown as { findFastPath(): void }
  const { findFastPath } = prototype
  prototype.findFastPath = () => {}
  try {
    return read()
  } finally {
    prototype.findFastPath = findFastPath
  }
}

describe('the fast path', () => {
  const calls = [
    { name: 'f', arguments: { text: 'a <b> "c"\n</d> \\ e', note: 'größer' } },
    { name: 'f', arguments: { text: 'x' } },
  ]
  const tools = { f: { type: 'object', properties: { text: { type: 'string' }, note: { type: 'string' } } } }

  for (const { id } of formats()) {
    it(`${id}: gives each chunk the events that its readers give`, () => {
      const whole = render(calls, { format: id, tools })
      const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 })
      const separators = fc.constantFrom('keep' as const, 'drop' as const)
      // What is left out: nothing, or a piece of the text, which damages it.
      const gap = fc.tuple(fc.nat(whole.length), fc.integer({ min: -12, max: 6 }))
      fc.assert(
        fc.property(cuts, separators, gap, (sizes, separators, [from, length]) => {
          const text = `Some words. ${whole.slice(0, from)}${whole.slice(from + Math.max(0, length))}`
          const chunks: string[] = []
          for (let at = 0, i = 0; at < text.length; i++) {
            const size = sizes[i % sizes.length] as number
            chunks.push(text.slice(at, at + size))
            at += size
          }
          const read = () => {
            const parser = createParser({ format: id, tools, separators })
            return [...chunks.map((chunk) => parser.push(chunk)), parser.end()]
          }
          expect(read()).toEqual(readSlowly(read))
        }),
        { numRuns: 25 },
      )
    })
  }
})

describe('TagReader.holdBack', () => {
  const token = { word: 'DSML', pipes: '｜|' }
  const syntaxes = [
    { names: 'equals', blocks: ['tool_call'], call: 'function', parameter: 'parameter', looseEnds: true },
    { names: 'attribute', blocks: ['tool', 'tool_calls'], call: 'invoke', parameter: 'parameter', quotes: 'optional' },
    { names: 'attribute', blocks: ['calls'], call: 'invoke', parameter: 'parameter', token, textAttribute: 'string' },
  ] as const
  const pieces = [
    '<',
    '</',
    '｜DSML｜',
    '|DSML|',
    'tool',
    '_call',
    's',
    'function',
    'invoke',
    'para',
    'meter',
    '=',
    'a"b',
  ]
  const piece = fc.constantFrom(
    ...pieces,
    ' name="',
    "name='",
    'f',
    '"',
    "'",
    ' string="',
    'true',
    '>',
    '/',
    '\n',
    ' ',
    'x'.repeat(90),
  )

  it.each(syntaxes)('$call of $blocks: takes in only what leaves the tag cut', (syntax) => {
    let taken = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.array(piece, { minLength: 1, maxLength: 4 }), (start, more) => {
        const tags = new TagReader(syntax, true)
        let text = `<${start.join('')}`
        const isCut = tags.at(text, 0) === WAIT
        if (!isCut) expect(tags.holdBack).toBeUndefined()
        for (const chunk of more) {
          if (tags.holdBack?.absorbs(chunk) !== true) return
          taken++
          text += chunk
          expect(new TagReader(syntax, true).at(text, 0)).toBe(WAIT)
        }
      }),
      { numRuns: 20_000 },
    )
    expect(taken).toBeGreaterThan(20)
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
        expect(matcher.holdBack !== undefined).toBe(waits)
        if (!waits) return
        const whole = text + chunk
        const mayGrow = markers.some((marker) => marker.length > whole.length && marker.startsWith(whole))
        const isWhole = markers.some((marker) => marker.length > text.length && whole.startsWith(marker))
        const takes = matcher.absorbs(chunk)
        expect(takes).toBe(mayGrow && !isWhole && !markers.includes(text))
        if (!takes) return
        taken++
        // From there on it stands where it would if all had come at once.
        const other = new Matcher(markers.map((marker) => [marker, marker] as const))
        other.at(whole, 0, false)
        for (const next of ['a', 'b', '<', 'ab']) expect(clone(matcher).absorbs(next)).toBe(clone(other).absorbs(next))
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
