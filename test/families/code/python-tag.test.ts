import { describe, expect, it } from 'vitest'
import { createParser, parse } from '../../../src/index.js'
import { expectRow, type Row } from '../../support/reading.js'
import { characters, chunkDifference, everyCut } from '../../support/run.js'

const TAG = '<|python_tag|>'
const code = (text: string) => `code_interpreter{"code": ${JSON.stringify(text)}}`

const rows: readonly Row[] = [
  ['a call', `Hm. ${TAG}{"name": "f", "parameters": {"a": 1}}<|eom_id|>`, { content: 'Hm. ', calls: ['f{"a": 1}'] }],
  ['a list of calls', `${TAG}[{"name": "f", "parameters": {}}, {"name": "g"}]`, { calls: ['f{}', 'g{}'] }],
  ['calls with a semicolon', `${TAG}{"name": "f"}; {"name": "g", "parameters": {}};`, { calls: ['f{}', 'g{}'] }],
  ['the tag again', `${TAG}{"name": "f"}; ${TAG}{"name": "g"}`, { calls: ['f{}', 'g{}'] }],
  ['words behind a call', `${TAG}{"name": "f"}; and {"a": 1}`, { content: '; and {"a": 1}', calls: ['f{}'] }],
  ['data behind a call', `${TAG}{"name": "f"}\n{"a": 1}`, { content: '\n{"a": 1}', calls: ['f{}'] }],
  ['one brace too many', `${TAG}{"name": "f", "parameters": {}}}<|eot_id|>`, { calls: ['f{}'] }],
  ['an object without a name', `${TAG}{"a": 1}`, { status: 'malformed', content: `${TAG}{"a": 1}` }],
  ['a call that is cut', `${TAG}{"name": "f", "parameters": {"a`, { status: 'truncated', incomplete: ['f{"a'] }],
  ['nothing', `Hm. ${TAG}`, { status: 'truncated', content: 'Hm. ' }],
  ['a beginning of the tag', 'Hm. <|python', { content: 'Hm. <|python' }],
  ['a Python list', `${TAG}[f(a=1), g()]<|eot_id|>`, { calls: ['f{"a": 1}', 'g{}'] }],
  [
    'a Python list that is cut',
    `${TAG}[f(a=1), g(b='x`,
    { status: 'truncated', calls: ['f{"a": 1}'], incomplete: ['g{"b": "x'] },
  ],
  ['a comprehension', `${TAG}[f(x) for x in y]`, { calls: [code('[f(x) for x in y]')] }],
  ['a comprehension with keywords', `${TAG}[f(x=1) for x in y]`, { calls: [code('[f(x=1) for x in y]')] }],
  ['a list of numbers', `${TAG}[1, 2]`, { calls: [code('[1, 2]')] }],
  ['the beginning of a list', `${TAG}[ti`, { status: 'truncated', incomplete: ['code_interpreter{"code": "[ti'] }],
  [
    'a builtin call',
    `${TAG}brave_search.call(query="cod", n=3)<|eom_id|>`,
    { calls: ['brave_search{"query": "cod", "n": 3}'] },
  ],
  ['one with spaces', `${TAG}wolfram_alpha . call( query = 'it\\'s' )`, { calls: ['wolfram_alpha{"query": "it\'s"}'] }],
  ['one with quotes inside', `${TAG}a.call(query="say "hi" now")`, { calls: ['a{"query": "say \\"hi\\" now"}'] }],
  ['two of them', `${TAG}a.call(q="1")${TAG}b.call(q="2")`, { calls: ['a{"q": "1"}', 'b{"q": "2"}'] }],
  ['words behind it', `${TAG}a.call(q="1") so`, { content: ' so', calls: ['a{"q": "1"}'] }],
  ['one that is cut', `${TAG}a.call(q="late`, { status: 'truncated', incomplete: ['a'] }],
  [
    'one that is cut behind an escaped quote',
    `${TAG}a.call(q="x (\\"y\\")`,
    { status: 'truncated', incomplete: ['a'] },
  ],
  ['one that is stopped', `${TAG}a.call(q=1<|eot_id|>`, { status: 'malformed', incomplete: ['a'] }],
  ['a method without a keyword', `${TAG}a.call(x)`, { calls: [code('a.call(x)')] }],
  ['a comparison', `${TAG}a.call(x==1)`, { calls: [code('a.call(x==1)')] }],
  ['a keyword that is not a literal', `${TAG}a.call(x=f(1))`, { calls: [code('a.call(x=f(1))')] }],
  ['a function tag', `${TAG}<function=f>{"a": 1}</function>`, { calls: ['f{"a": 1}'] }],
  ['another tag', `${TAG}<b>x</b>`, { calls: [code('<b>x</b>')] }],
  ['code', `${TAG}\nx = {"a": "\\n"}\nprint(x)\n<|eom_id|>`, { calls: [code('\nx = {"a": "\\n"}\nprint(x)\n')] }],
  ['code with a beginning of a stop token', `${TAG}x = 1 <|eom`, { calls: [code('x = 1 <|eom')] }],
]

describe('behind the python tag', () => {
  it.each(rows)('%s', (...row) => expectRow({ format: 'llama3' }, row))

  it('names the tool that runs code', () => {
    const schema = { type: 'object', properties: { script: { type: 'string' }, limit: { type: 'integer' } } }
    const names = (tools: Record<string, object>) =>
      parse(`${TAG}x = 1`, { format: 'llama3', tools }).toolCalls.map((call) => call.name + call.argumentsText)
    expect(names({ f: schema, ipython: schema })).toEqual(['ipython{"script": "x = 1"}'])
    expect(names({ python: schema, code_interpreter: schema })).toEqual(['code_interpreter{"code": "x = 1"}'])
    expect(names({ f: schema })).toEqual(['code_interpreter{"code": "x = 1"}'])
  })

  it('streams code', () => {
    const parser = createParser({ format: 'llama3' })
    parser.push(`${TAG}print(`)
    expect(parser.push('"a"')).toMatchObject([{ type: 'arguments', delta: '\\"a\\"' }])
  })

  it('takes code that a limit cut as cut', () => {
    const parser = createParser({ format: 'llama3' })
    parser.push(`${TAG}print(1`)
    expect(parser.end('length').map((event) => event.type === 'call-end' && event.call.status)).toContain('truncated')
  })

  it('takes no code out of reasoning', () => {
    const { reasoning, content, toolCalls } = parse(`<think>${TAG}print(1)</think>Done.`, { format: 'llama3' })
    expect({ reasoning, content, toolCalls }).toEqual({ reasoning: `${TAG}print(1)`, content: 'Done.', toolCalls: [] })
  })

  it('lists quotes that were not escaped as a repair, and does without when repairs are off', () => {
    const text = `${TAG}a.call(query="say "hi"")`
    expect(parse(text, { format: 'llama3' }).toolCalls[0]?.repairs).toMatchObject([{ kind: 'unescaped-quotes' }])
    expect(parse(text, { format: 'llama3', repair: false }).toolCalls[0]?.name).toBe('code_interpreter')
  })
})

describe('code near limits.argumentChars', () => {
  it.each([10, 11, 12, 13, 14, 15, 16, 17])('is cut alike in any chunks, at %i', (argumentChars) => {
    const text = `${TAG}"\n"😀\\`
    const options = { format: 'llama3', limits: { argumentChars } }
    expect(chunkDifference(createParser, options, text, [characters(text), ...everyCut(text)])).toBeUndefined()
  })
})
