import { describe, it } from 'vitest'
import { CALL_SHAPE } from '../../../src/engine/call-shape.js'
import { codeCall } from '../../../src/families/code/code-call.js'
import { jsonCalls } from '../../../src/families/json-calls/json-calls.js'
import { wrappedJson } from '../../../src/families/json-calls/wrapped-json.js'
import { defineFormat } from '../../../src/index.js'
import { expectRow, type Row } from '../../support/reading.js'

const tools = { tide: {}, code_interpreter: {} }

describe('JSON in a wrapper that may be text', () => {
  const shape = { ...CALL_SHAPE, nested: false }
  const family = wrappedJson({ open: '<tools>', close: '</tools>', shape })
  const format = defineFormat({ id: 'wrapped', stops: ['<stop>'], families: [family] })
  const definition = '{"type": "function", "function": {"name": "tide", "parameters": {}}}'

  const rows: readonly Row[] = [
    [
      'an object',
      'A <tools>{"name": "tide", "arguments": {"a": 1}}</tools> B',
      { content: 'A  B', calls: ['tide{"a": 1}'] },
    ],
    ['several', '<tools>\n{"name": "tide"}, {"name": "x"}\n{"name": "y"}</tools>', { calls: ['tide{}', 'x{}', 'y{}'] }],
    ['a list', '<tools>[{"name": "tide"}]</tools>', { calls: ['tide{}'] }],
    ['no close marker', '<tools>{"name": "tide"}', { calls: ['tide{}'] }],
    ['words instead of a close marker', '<tools>{"name": "tide"} B', { content: ' B', calls: ['tide{}'] }],
    ['a brace missing', '<tools>{"name": "tide", "arguments": {"a": 1}</tools>', { calls: ['tide{"a": 1}'] }],
    ['a definition', `<tools>${definition}</tools>`, { content: `<tools>${definition}</tools>` }],
    [
      'a flat definition',
      '<tools>{"name": "tide", "description": ""}</tools>',
      { content: '<tools>{"name": "tide", "description": ""}</tools>' },
    ],
    ['prose', 'the <tools> tag', { content: 'the <tools> tag' }],
    ['cut before a name', '<tools>{"na', { status: 'truncated' }],
    [
      'cut in its arguments',
      '<tools>{"name": "tide", "arguments": {"a',
      { status: 'truncated', incomplete: ['tide{"a'] },
    ],
    [
      'stopped in its arguments',
      '<tools>{"name": "tide", "arguments": {<stop>',
      { status: 'malformed', incomplete: ['tide{'] },
    ],
    [
      'damaged',
      '<tools>{"name": "tide", "arguments": {"a": b}}</tools> B',
      { status: 'malformed', content: ' B', incomplete: ['tide{"a": '] },
    ],
    [
      'an unknown name in a fence',
      '```\n<tools>{"name": "x"}</tools>\n```',
      { content: '```\n<tools>{"name": "x"}</tools>\n```' },
    ],
  ]
  it.each(rows)('%s', (...row) => expectRow({ format, tools }, row))
})

describe('code behind a call', () => {
  const families = [
    codeCall({ open: '<call>', close: '</call>', name: 'code_interpreter' }),
    jsonCalls({ open: ['<call>'], close: ['</call>'] }),
  ]
  const format = defineFormat({ id: 'code', stops: ['<stop>'], families })
  const head = '<call>\n{"name": "code_interpreter", "arguments": {"code": ""}}\n'
  const call = (code: string) => [`code_interpreter{"code": ${JSON.stringify(code)}}`]

  const rows: readonly Row[] = [
    ['a block', `${head}<code>\nx = 1\n</code>\n</call> B`, { content: ' B', calls: call('x = 1') }],
    ['one newline on each side belongs to the block', `${head}<code>\n\nx\n\n</code></call>`, { calls: call('\nx\n') }],
    ['no newlines', `${head}<code>x</code></call>`, { calls: call('x') }],
    ['nothing', `${head}<code></code></call>`, { calls: call('') }],
    ['a backslash and an n at the end', `${head}<code>x\\n</code></call>`, { calls: call('x\\n') }],
    ['its close marker inside', `${head}<code>"</code> x"</code></call>`, { calls: call('"</code> x"') }],
    ['no close marker of the call', `${head}<code>x</code>\n`, { calls: call('x') }],
    ['the next call', `${head}<code>x</code><call>{"name": "tide"}</call>`, { calls: [...call('x'), 'tide{}'] }],
    ['cut in the code', `${head}<code>\nx = `, { status: 'truncated', incomplete: ['code_interpreter{"code": "x = '] }],
    ['cut before the code', `${head}<co`, { status: 'truncated', incomplete: ['code_interpreter'] }],
    [
      'stopped in the code',
      `${head}<code>x<stop>`,
      { status: 'malformed', incomplete: ['code_interpreter{"code": "x'] },
    ],
    ['no code block', `${head}</call>`, { calls: call('') }],
    [
      'code in its place',
      '<call>{"name": "code_interpreter", "arguments": {"code": "x"}}</call>',
      { calls: call('x') },
    ],
    ['another tool', '<call>{"name": "tide", "arguments": {"code": ""}}\n</call>', { calls: ['tide{"code": ""}'] }],
  ]
  it.each(rows)('%s', (...row) => expectRow({ format, tools }, row))
})
