import { describe, expect, it } from 'vitest'
import { collect, createParser, type ParserOptions } from '../../src/index.js'
import { characters, chunkDifference, everyCut, run } from '../support/run.js'

const CALL = '<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>'
const options: ParserOptions = { format: 'hermes' }

/** Content and reasoning to the last character, alike in every cut. */
function textOf(text: string, more: Partial<ParserOptions> = {}): [content: string, reasoning: string] {
  const all = { ...options, ...more }
  expect(chunkDifference(createParser, all, text, [characters(text), ...everyCut(text)])).toBeUndefined()
  const { content, reasoning } = collect(run(createParser, all, [text]))
  return [content, reasoning]
}

describe('white space next to a marker is left out', () => {
  it.each([
    ['around a thought', '<think>\n a \n</think>\n\nb', 'b', 'a'],
    ['but for the indentation behind it', '<think>a</think>\n\n  b\n', '  b\n', 'a'],
    ['and blanks without a line break', '<think>a</think> b', ' b', 'a'],
    ['before a call', `a \n\n${CALL}`, 'a', ''],
    ['at the start, before a call', `\n\n${CALL}`, '', ''],
    ['between calls and behind the last', `${CALL}\n${CALL}\n\n`, '', ''],
    ['before a stop token behind a call', `${CALL}\n<|im_end|>`, '', ''],
    ['not before text behind a call', `${CALL}\n\nb`, '\n\nb', ''],
    ['not before a stop token behind text', 'a\n<|im_end|>', 'a\n', ''],
    ['not around what is only mentioned', 'a <tool_call> b', 'a <tool_call> b', ''],
    ['not around a damaged block', 'a\n<tool_call>{oops}</tool_call>\nb', 'a\n<tool_call>{oops}</tool_call>\nb', ''],
    ['between a call and a thought', `${CALL}\n<think>\na\n</think>\n\nb`, 'b', 'a'],
    ['but one line break between two thoughts', '<think>\na\n</think>\n\n<think>\nb\n</think>c', 'c', 'a\nb'],
    ['before a closer that is left out', 'a\n</tool_call>', 'a', ''],
    ['not before a closer of reasoning without its opener', 'a\n</think>\n\nb', 'a\nb', ''],
    ['not without any marker', ' a\n\n', ' a\n\n', ''],
  ])('%s', (_, text, content, reasoning) => {
    expect(textOf(text)).toEqual([content, reasoning])
  })

  it('unless it is longer than 1,024 characters', () => {
    const held = ' '.repeat(1024)
    expect(textOf(`a${held}${CALL}`)).toEqual(['a', ''])
    expect(textOf(`a${held} ${CALL}`)).toEqual([`a${held} `, ''])
    expect(textOf(`<think>a</think>\n${held}b`)).toEqual([`\n${held}b`, 'a'])
  })

  it('on both sides of a closer that is left out at the beginning of a thought', () => {
    const text = '<think>\n<｜tool▁calls▁end｜>\na</think>b'
    expect(textOf(text, { format: 'deepseek-v3' })).toEqual(['b', 'a'])
  })

  it('and kept where that is asked for', () => {
    expect(textOf(`<think>\na\n</think>\n\nb\n${CALL}\n`, { separators: 'keep' })).toEqual(['\n\nb\n\n', '\na\n'])
  })
})
