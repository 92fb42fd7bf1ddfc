import { describe, it } from 'vitest'
import { type JsonCallsGrammar, jsonCalls } from '../../../src/families/json-calls/json-calls.js'
import { defineFormat } from '../../../src/index.js'
import { junkBefore } from '../../../src/recovery/junk-before.js'
import { expectRow, type Row } from '../../support/reading.js'

const G = '{"name": "g", "arguments": {}}'

describe('blocks that no marker closes', () => {
  const grammar: JsonCallsGrammar = { open: ['<c>'], close: [] }
  const format = defineFormat({ id: 'unclosed', families: [jsonCalls(grammar)], stops: ['<stop>'] })
  it.each<Row>([
    ['a block', `<c>${G} Done.`, { content: ' Done.', calls: ['g{}'] }],
    ['two objects', `<c>${G}, ${G} Done.`, { content: ' Done.', calls: ['g{}', 'g{}'] }],
    ['two blocks', `<c>${G}<c>${G}`, { calls: ['g{}', 'g{}'] }],
    [
      'a close marker of another format is text',
      `<c>${G}</other> Done.`,
      { content: '</other> Done.', calls: ['g{}'] },
    ],
    [
      'the next block ends a damaged one, wherever it stands',
      `<c>{"a" 1} <c>${G}`,
      { status: 'malformed', content: '<c>{"a" 1} ', calls: ['g{}'] },
    ],
    [
      'and in its arguments',
      `<c>{"name": "f", "arguments": {"a": 1<c>${G}`,
      { status: 'malformed', calls: ['g{}'], incomplete: ['f{"a": 1'] },
    ],
    ['a stop token ends a damaged one', '<c>{"a" 1}<stop>', { status: 'malformed', content: '<c>{"a" 1}' }],
  ])('%s', (...row) => expectRow({ format }, row))

  const one = defineFormat({ id: 'one', families: [jsonCalls({ ...grammar, payloads: 'one' })] })
  it.each<Row>([
    ['one object', `<c>${G}, ${G}`, { content: `, ${G}`, calls: ['g{}'] }],
    ['one list', `<c>[${G}, ${G}], ${G}`, { content: `, ${G}`, calls: ['g{}', 'g{}'] }],
    ['an empty list', `<c>[] ${G}`, { content: ` ${G}` }],
  ])('%s and no more', (...row) => expectRow({ format: one }, row))

  const piped = defineFormat({ id: 'piped', families: [jsonCalls({ ...grammar, separators: '|' })] })
  it.each<Row>([
    ['separators of its own', `<c>${G}|${G}`, { calls: ['g{}', 'g{}'] }],
    ['and no others', `<c>${G},${G}`, { content: `,${G}`, calls: ['g{}'] }],
  ])('%s', (...row) => expectRow({ format: piped }, row))
})

describe('text before the object of a block', () => {
  const close = ['</c>']
  const format = defineFormat({ id: 'junk', families: [junkBefore(close, jsonCalls({ open: ['<c>'], close }))] })
  it.each<Row>([
    ['none', `<c> ${G}</c>`, { calls: ['g{}'] }],
    ['a list', `<c> [${G}]</c>`, { calls: ['g{}'] }],
    ['some', `<c>I call it: ${G}</c> Done.`, { content: ' Done.', calls: ['g{}'] }],
    ['and nothing else', '<c>I call it.</c> Done.', { status: 'malformed', content: '<c>I call it.</c> Done.' }],
    ['cut', '<c>I call', { status: 'truncated' }],
    ['not begun', '<c> ', { status: 'truncated' }],
  ])('%s', (...row) => expectRow({ format }, row))
})
