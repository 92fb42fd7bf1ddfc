import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Format, formats } from '../src/index.js'
import { chooseDamaged, damagedText } from './readings/damaged-texts.js'
import { type OddText, oddTexts } from './readings/odd-texts.js'
import { briefReadingsOf, create, quickLines, readingsOf } from './readings/reading.js'
import { renderedBy } from './readings/rendered.js'
import { optionsOf, readCases } from './support/case.js'
import { characters, chunkDifference, everySecondCut } from './support/run.js'
import { isQuick } from './support/runs.js'

// The fixtures say what comes of a text. Here stands the rest of what is told of it: spans, notes, repairs, and the same of
// its beginnings, without repairs, without tools, and with damage dropped; and what formats write, and refuse to. `readings/`
// holds it as it was last looked at: `CALLSIFT_READINGS=write npx vitest run test/readings.test.ts` writes it anew, for the
// eyes of whoever changed it.

const fixtures = new URL('../fixtures/', import.meta.url)
const readings = new URL('readings/', import.meta.url)
const writes = process.env.CALLSIFT_READINGS === 'write'

/** The blocks of a file: a line with the id of a case, and its readings. */
function blocksOf(file: URL): Map<string, string> {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const blocks = text.split('\n\n').filter((block) => block.trim() !== '')
  return new Map(blocks.map((block) => [block.split('\n', 1)[0] as string, block.trimEnd()]))
}

/** Every text that is read, by file. */
const texts = new Map<string, readonly OddText[]>(oddTexts)
for (const name of readdirSync(fixtures).filter((name) => name.endsWith('.jsonl'))) {
  const cases = readCases(new URL(name, fixtures))
  texts.set(
    name.replace('.jsonl', ''),
    cases.map((c) => ({ id: c.id, text: c.completion, options: optionsOf(c) })),
  )
}

for (const [name, all] of texts) {
  const file = new URL(`${name}.txt`, readings)
  const blockOf = ({ id, text, options }: OddText) => [id, ...readingsOf(text, options)].join('\n  ')
  if (writes) writeFileSync(file, `${all.map(blockOf).join('\n\n')}\n`)
  const blocks = blocksOf(file)

  describe(`readings of ${name}`, () => {
    // A new text has none until somebody writes them.
    for (const [turn, odd] of all.filter(({ id }) => blocks.has(id)).entries()) {
      it(odd.id, () => {
        const block = blocks.get(odd.id) as string
        expect(blockOf(odd).split('\n')).toEqual(isQuick ? quickLines(block) : block.split('\n'))
        if (name.startsWith('odd-')) {
          const cuts = [characters(odd.text), ...everySecondCut(odd.text, turn)]
          expect(chunkDifference(create, odd.options, odd.text, cuts)).toBeUndefined()
        }
      })
    }

    it('are of texts that are there', () => {
      expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining([...blocks.keys()]))
    })
  })
}

/** What came of the damaged texts that were chosen so far. */
const seen = new Map<string, number>()

describe.each(formats().map((format) => [format.id, format] as const))('readings of damaged %s', (name, format) => {
  const file = new URL(`damaged/${name}.txt`, readings)
  const blockOf = ({ id, text, options }: OddText) => [id, ...briefReadingsOf(text, options)].join('\n  ')
  if (writes) {
    // Those that were chosen once stay: a format that has none gets its first.
    const kept = [...blocksOf(file).keys()].flatMap((id) => damagedText(name, id) ?? [])
    const all = kept.length > 0 ? kept : chooseDamaged(format, seen)
    writeFileSync(file, `${all.map(blockOf).join('\n\n')}\n`)
  }

  const known = [...blocksOf(file)]

  it('are there: CALLSIFT_READINGS=write writes them', () => {
    expect(known.length).toBeGreaterThan(0)
  })

  it.each(known)('%s', (id, block) => {
    const odd = damagedText(name, id)
    expect(odd, 'its fixture is gone').toBeDefined()
    if (odd !== undefined) expect(blockOf(odd).split('\n')).toEqual(block.split('\n'))
  })
})

describe('renderings', () => {
  const file = new URL('rendered.txt', readings)
  const blockOf = (format: Format) => [format.id, ...renderedBy(format)].join('\n  ')
  if (writes) writeFileSync(file, `${formats().map(blockOf).join('\n\n')}\n`)
  const blocks = blocksOf(file)

  it.each(formats().map((format) => [format.id, format] as const))('of %s', (id, format) => {
    expect(blockOf(format).split('\n')).toEqual(blocks.get(id)?.split('\n'))
  })
})
