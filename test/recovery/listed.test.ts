import { describe, expect, it } from 'vitest'
import { parse } from '../../src/index.js'

// What `repair: false` refuses is a listed repair otherwise, and what means nothing is told of by a note.

const tools = { f: { type: 'object', properties: { a: { type: 'string' } } } }

const DSML = [
  '<｜DSML｜tool_calls>',
  '<｜DSML｜invoke name="f">',
  '<｜DSML｜parameter name="a" string="true">x</｜DSML｜parameter>',
  '</｜DSML｜invoke>',
  '</｜DSML｜tool_calls>',
].join('\n')
const V3 = '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{"a": "x"}\n```'
const V31 = '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{"a": "x"}'
const ENDS = '<｜tool▁call▁end｜><｜tool▁calls▁end｜>'

describe('what nothing but a repair takes', () => {
  it.each([
    ['DSML with ASCII bars', 'deepseek-v4', DSML.replaceAll('｜', '|'), ['marker-spelling']],
    ['one opener of DSML with ASCII bars', 'deepseek-v4', DSML.replace('<｜DSML｜p', '<|DSML|p'), ['marker-spelling']],
    [
      'one closer of DSML with ASCII bars',
      'deepseek-v4',
      DSML.replace('</｜DSML｜p', '</|DSML|p'),
      ['marker-spelling'],
    ],
    ['DeepSeek V3 without its end markers', 'deepseek-v3', V3, ['missing-closer']],
    ['DeepSeek V3.1 without its end markers', 'deepseek-v3.1', V31, ['missing-closer']],
    [
      'DeepSeek V3.1 without the end marker of its call',
      'deepseek-v3.1',
      `${V31}<｜tool▁calls▁end｜>`,
      ['missing-closer'],
    ],
    [
      'an opener that came twice',
      'hermes',
      '<tool_call>\n<tool_call>\n{"name": "f", "arguments": {"a": "x"}}\n</tool_call>',
      ['surplus-opener'],
    ],
    [
      'a tag of Llama that came twice',
      'llama3',
      '<|python_tag|><|python_tag|>{"name": "f", "parameters": {"a": "x"}}',
      ['surplus-opener'],
    ],
    [
      'an opener of Mistral that came twice',
      'mistral',
      '[TOOL_CALLS][TOOL_CALLS]f[ARGS]{"a": "x"}',
      ['surplus-opener'],
    ],
    [
      'a section of DeepSeek that came twice',
      'deepseek-v3',
      V3.replace('<', '<｜tool▁calls▁begin｜><') + ENDS,
      ['surplus-opener'],
    ],
    ['a comment', 'pythonic', "[f(a='x' # so\n)]", ['comment']],
    [
      'a name that its key took along',
      'hermes',
      '<tool_call>\n{"name="f", "arguments": {"a": "x"}}\n</tool_call>',
      ['misspelt-header'],
    ],
    [
      'an opener that was lost',
      'hermes',
      'So:\n{"name": "f", "arguments": {"a": "x"}}\n</tool_call>',
      ['missing-opener'],
    ],
  ])('%s', (_, format, text, kinds) => {
    const { toolCalls, status } = parse(text, { format, tools })
    expect(toolCalls.map((call) => call.arguments)).toEqual([{ a: 'x' }])
    expect(status).toBe('complete')
    const repairs = toolCalls.flatMap((call) => call.repairs)
    expect([...new Set(repairs.map(({ kind }) => kind))]).toEqual(kinds)
    for (const { from, to, before } of repairs) expect(text.slice(from, to)).toBe(before)
    const strict = parse(text, { format, tools, repair: false })
    expect(strict.status === 'complete' && strict.toolCalls.length > 0).toBe(false)
  })
})

describe('what means nothing', () => {
  it.each([
    ['an attribute of a call', 'deepseek-v4', DSML.replace('"f">', '"f" id="7">'), 'id="7"'],
    ['an attribute of a parameter', 'deepseek-v4', DSML.replace('string="true"', 'string="true" kind="k"'), 'kind="k"'],
    ['the type of a call', 'deepseek-v3', V3.replace('function', 'funktion') + ENDS, 'funktion'],
    ['the word behind a fence of arguments', 'deepseek-v3', V3.replace('json', 'jsn') + ENDS, 'jsn'],
    [
      'the word behind a fence of calls',
      'hermes',
      '```xml\n<tool_call>\n{"name": "f", "arguments": {"a": "x"}}\n</tool_call>\n```',
      'xml',
    ],
  ])('%s has a note', (_, format, text, word) => {
    const { toolCalls, notes, status } = parse(text, { format, tools })
    expect(toolCalls.map((call) => call.arguments)).toEqual([{ a: 'x' }])
    expect(status).toBe('complete')
    const told = notes.filter(({ code }) => code === 'unknown-member').map(({ from, to }) => text.slice(from, to))
    expect(told).toEqual([word])
  })
})

describe('keys that JSON arguments give twice', () => {
  it.each([
    ['hermes', '<tool_call>{"name": "f", "arguments": {"a": "w", "a": "x"}}</tool_call>'],
    ['llama3', '<function=f>{"a": "w", "a": "x"}</function>'],
    ['qwen', '✿FUNCTION✿: f\n✿ARGS✿: {"a": "w", "a": "x"}'],
    ['qwen3-coder', '<tool_call>\n<function=f>\n{"a": "w", "a": "x"}\n</function>\n</tool_call>'],
    ['deepseek-v3.1', V31.replace('{', '{"a": "w", ') + ENDS],
  ])('%s', (format, text) => {
    const { toolCalls, notes } = parse(text, { format, tools })
    expect(toolCalls.map((call) => call.arguments)).toEqual([{ a: 'x' }])
    expect(notes.map(({ code }) => code)).toContain('duplicate-argument')
  })
})
