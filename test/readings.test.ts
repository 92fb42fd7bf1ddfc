import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createParser, type EndReason, type ParseEvent, type ParserOptions, type ToolCall } from '../src/index.js'
import { type OddText, oddTexts } from './readings/odd-texts.js'
import { askingOnce } from './support/ask-once.js'
import { optionsOf, readCases } from './support/case.js'
import { norm } from './support/norm.js'
import { characters, chunkDifference, everySecondCut } from './support/run.js'
import { isQuick } from './support/runs.js'

// The fixtures say what comes of a text. Here stands the rest of what is told of it: spans, notes, repairs, and the same of
// its beginnings, without repairs, without tools, and with damage dropped. `readings/` holds it as it was last looked at:
// `CALLSIFT_READINGS=write npx vitest run test/readings.test.ts` writes it anew, for the eyes of whoever changed it.

const fixtures = new URL('../fixtures/', import.meta.url)
const readings = new URL('readings/', import.meta.url)
const writes = process.env.CALLSIFT_READINGS === 'write'

/** The beginnings of a text that are read, in eighths of it; and those of them that are read in a hurry. */
const BEGINNINGS = [1, 3, 5, 7]
const QUICK_BEGINNINGS = [3, 7]

/** A line for each way to read a text; those that change nothing are left out. */
function readingsOf(completion: string, options: ParserOptions): string[] {
  const whole = reading(completion, options)
  const lines = [...notesOf(completion, options), `whole: ${whole}`]
  const others: [string, ParserOptions][] = [
    ['repair: false', { ...options, repair: false }],
    ['without tools', { ...options, tools: undefined }],
    ['damaged: drop', { ...options, damaged: 'drop' }],
  ]
  for (const [name, other] of others) {
    const line = reading(completion, other)
    if (line !== whole) lines.push(`${name}: ${line}`)
  }
  for (const part of isQuick ? QUICK_BEGINNINGS : BEGINNINGS) {
    const to = Math.floor((completion.length * part) / 8)
    lines.push(`to ${to}: ${reading(completion.slice(0, to), options, part === 5 ? 'length' : 'stop')}`)
  }
  return lines
}

/** The cuts of a text ask the same of other formats as its reading did. */
const create = askingOnce(createParser)

function eventsOf(text: string, options: ParserOptions, reason: EndReason = 'stop'): ParseEvent[] {
  const parser = create(options)
  return norm([...parser.push(text), ...parser.end(reason)])
}

/** All events but `arguments`, in short: `text 0-12, call f 12-60 {"a": 1}, stray-marker 60-71, complete`. */
function reading(text: string, options: ParserOptions, reason?: EndReason): string {
  return eventsOf(text, options, reason)
    .flatMap((event) => {
      const span = `${event.from}-${event.to}`
      if (event.type === 'content') return `text ${span}`
      if (event.type === 'reasoning') return `reasoning ${span}`
      if (event.type === 'call-start') return `begins ${span} ${event.evidence}${event.known ? '' : ' unknown'}`
      if (event.type === 'call-end') return callOf(event.call)
      if (event.type === 'note') return `${event.code} ${span}`
      return event.type === 'end' ? event.status : []
    })
    .join(', ')
}

function callOf(call: ToolCall): string {
  const repairs = call.repairs.map(({ kind, from, to, before, after }) => {
    const change = before === '' && after === '' ? '' : ` ${JSON.stringify(before)} to ${JSON.stringify(after)}`
    return `, ${kind} ${from}-${to}${change}`
  })
  const status = call.status === 'complete' ? '' : `${call.status} `
  const id = call.nativeId === undefined ? '' : ` #${call.nativeId}`
  const name = call.name.replaceAll('\n', '\\n')
  return `${status}call ${name}${id} ${call.from}-${call.to} ${short(call.argumentsText)}${repairs.join('')}`
}

function short(text: string): string {
  return text.length <= 60 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 40))} and ${text.length - 40} more`
}

/** The notes in their words. */
function notesOf(text: string, options: ParserOptions): string[] {
  return eventsOf(text, options).flatMap((event) =>
    event.type === 'note' ? [`${event.code}: ${JSON.stringify(event.message)}`] : [],
  )
}

/** The blocks of a file: a line with the id of a case, and its readings. */
function blocksOf(file: URL): Map<string, string> {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const blocks = text.split('\n\n').filter((block) => block.trim() !== '')
  return new Map(blocks.map((block) => [block.split('\n', 1)[0] as string, block.trimEnd()]))
}

/** The lines of a block that are read again in a hurry. */
function quickLines(block: string): string[] {
  let beginning = 0
  return block
    .split('\n')
    .filter((line) => !line.startsWith('  to ') || QUICK_BEGINNINGS.includes(BEGINNINGS[beginning++] as number))
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
