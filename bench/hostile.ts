import { createParser, getFormat } from '../src/index.js'
import { Concatenation } from './ceilings.js'
import { sink } from './subject.js'
import { flat } from './workloads.js'

/** Texts that make a careless parser slow, by what they repeat. `plain` is the measure for the rest. */
export const HOSTILE: Record<string, (length: number, format: string) => string> = {
  plain: (length, format) => inString(format, length, 'just words, and no more '),
  quotes: (length, format) => inString(format, length, '\\"'),
  backslashes: (length, format) => inString(format, length, '\\\\'),
  'braces in a string': (length, format) => inString(format, length, '{[}]'),
  'open brackets': (length, format) => `${headOf(format)}${'['.repeat(length)}`,
  'marker prefixes': (length, format) => repeated(openerOf(format).slice(0, -1), length),
  openers: (length, format) => repeated(openerOf(format), length),
  'openers with spaces': (length, format) => repeated(`${openerOf(format)}   `, length),
  'openers of calls': (length, format) => repeated(`${openerOf(format)}{"name"`, length),
  'close markers in a string': (length, format) => inString(format, length, '</tool_call>'),
  spaces: (length, format) => `${openerOf(format)}${' '.repeat(length)}`,
  'spaces in arguments': (length, format) => `${headOf(format)}${' '.repeat(length)}`,
  braces: (length) => '{'.repeat(length),
  'unclosed reasoning': (length) =>
    `<think>${repeated('<tool_call>{"name": "f", "arguments": {}}</tool_call>', length)}`,
  fences: (length) => repeated('```\n', length),
  '20,000 calls': (length) => repeated('<tool_call>{"name": "f", "arguments": {"a": 1}}</tool_call>', length),
}

function repeated(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length)
}

function openerOf(format: string): string {
  const opener = getFormat(format).families[0]?.openers.find(({ marker }) => marker.length > 1)
  return opener?.marker ?? '<tool_call>'
}

function headOf(format: string): string {
  return `${openerOf(format)}{"name": "f", "arguments": {"a": `
}

function inString(format: string, length: number, piece: string): string {
  return `${headOf(format)}"${repeated(piece, length)}"}}`
}

/** A short reading is taken again for so many milliseconds: one hiccup of the machine is as long as it is. */
const LEAST = 60

/** Who reads a hostile text: the library, in tokens or whole, or what only puts the tokens together. */
export type HostileReader = 'tokens' | 'whole' | 'concatenate'

/** Milliseconds to read a text of this kind; the least of a few, since others use the machine too. */
export function hostileTime(format: string, kind: string, length: number, reader: HostileReader = 'tokens'): number {
  const make = HOSTILE[kind]
  if (make === undefined) return Number.NaN
  const text = flat(make(length, format))
  const step = reader === 'whole' ? text.length : 5
  const samples: number[] = []
  for (let spent = 0; samples.length < 3 || spent < LEAST; ) {
    const options = { format, limits: { calls: 1_000_000 } }
    const parser = reader === 'concatenate' ? new Concatenation([], undefined) : createParser(options)
    const start = performance.now()
    for (let at = 0; at < text.length; at += step)
      for (const event of parser.push(text.slice(at, at + step))) sink.last = event
    for (const event of parser.end()) sink.last = event
    const time = performance.now() - start
    samples.push(time)
    spent += time
  }
  return Math.min(...samples)
}
