import { describe, expect, it } from 'vitest'
import { strippedCall } from '../../../src/families/json-calls/stripped-call.js'
import { defineFormat, parse } from '../../../src/index.js'
import { expectRow, type Row } from '../../support/reading.js'

const format = defineFormat({ id: 'stripped', stops: ['<stop>'], families: [strippedCall()] })
const tools = { find_bus: {}, find: {} }

const rows: readonly Row[] = [
  [
    'a call',
    'A\nfunctionfind_bus\n```json\n{"line": 5}\n```\nB',
    { content: 'A\n\nB', calls: ['find_bus{"line": 5}'] },
  ],
  [
    'two of them',
    'functionfind\n```json\n{}\n```\nfunctionfind_bus\n```\n{}\n```',
    { content: '\n', calls: ['find{}', 'find_bus{}'] },
  ],
  ['a fence that is not closed', 'functionfind\n```json\n{"a": "```"}', { calls: ['find{"a": "```"}'] }],
  ['an unknown name', 'functionnope\n```json\n{}\n```', { content: 'functionnope\n```json\n{}\n```' }],
  ['a word', 'function finder of things', { content: 'function finder of things' }],
  ['in a line', 'a functionfind\n```json\n{}\n```', { content: 'a functionfind\n```json\n{}\n```' }],
  ['another language', 'functionfind\n```js\n{}\n```', { content: 'functionfind\n```js\n{}\n```' }],
  ['cut in its arguments', 'functionfind\n```json\n{"a', { status: 'truncated', incomplete: ['find{"a'] }],
  ['cut before them', 'functionfind\n```js', { content: 'functionfind\n```js' }],
  [
    'damaged',
    'functionfind\n```json\n{"a": b}\n```\nB',
    { status: 'malformed', content: '\nB', incomplete: ['find{"a": '] },
  ],
]

describe('calls without their special tokens', () => {
  it.each(rows)('%s', (...row) => expectRow({ format, tools }, row))

  it('needs tools to know a name', () => {
    const text = 'functionfind\n```json\n{}\n```'
    expect(parse(text, { format })).toMatchObject({ content: text, toolCalls: [] })
  })
})
