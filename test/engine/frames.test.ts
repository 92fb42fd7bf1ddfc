import { describe, expect, it } from 'vitest'
import { jsonCalls } from '../../src/families/json-calls/json-calls.js'
import { createParser, defineFormat, parse } from '../../src/index.js'
import { characters, chunkDifference, everyCut } from '../support/run.js'

const format = defineFormat({
  id: 'framed',
  families: [jsonCalls({ open: ['<call>'], close: ['</call>'] })],
  reasoning: { blocks: [{ open: '<think>', close: '</think>' }] },
  frames: [
    { open: '<answer>', close: '</answer>' },
    { open: '<|START|>', close: '<|END|>' },
  ],
})
const CALL = '<call>{"name": "f", "arguments": {}}</call>'

describe('a frame around the answer', () => {
  it.each([
    ['behind reasoning', '<think>Hm.</think>\n\n<answer>\nHello.\n</answer>\n', 'Hello.', []],
    ['before a call', `<think>Hm.</think><answer>Hello.</answer>\n${CALL}`, 'Hello.', []],
    ['around a call', `<think>Hm.</think><answer>Hello. ${CALL}</answer>`, 'Hello.', []],
    ['that never closes', '<think>Hm.</think><answer>Hello.', 'Hello.', []],
    [
      'without reasoning, which is text',
      '<answer>Hello.</answer>',
      '<answer>Hello.</answer>',
      ['marker-in-text', 'marker-in-text'],
    ],
    [
      'with one in it, which is text',
      '<think>Hm.</think><answer>So: <answer>a</answer>\n</answer>',
      'So: <answer>a</answer>',
      ['marker-in-text', 'marker-in-text'],
    ],
    [
      'whose closer is mentioned',
      '<think>Hm.</think><answer>Write </answer> last.\n</answer>',
      'Write </answer> last.',
      ['marker-in-text'],
    ],
    ['whose opener stood in the prompt', 'Hello.\n</answer>', 'Hello.', ['stray-marker']],
    ['of special tokens, anywhere', 'Well. <|START|>Hello.<|END|>', 'Well. Hello.', []],
    ['of special tokens, quoted', 'Write `<|START|>` first.', 'Write `<|START|>` first.', ['marker-in-text']],
    ['in reasoning, which is reasoning', '<think><|START|>Hm.<|END|></think>Hello.', 'Hello.', []],
  ])('%s', (_, text, content, notes) => {
    const result = parse(text, { format })
    expect([result.content, result.notes.map(({ code }) => code)]).toEqual([content, notes])
    expect(chunkDifference(createParser, { format }, text, [characters(text), ...everyCut(text)])).toBeUndefined()
  })

  it('is special tokens only where the format is not known', () => {
    expect(parse('<|START_RESPONSE|>Hi.<|END_RESPONSE|>', { format: 'auto' })).toMatchObject({
      content: 'Hi.',
      notes: [],
    })
  })
})
