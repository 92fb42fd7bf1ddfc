import { describe, expect, it } from 'vitest'
import { closeTagLength, NearMarkerReader, standsFor } from '../../src/recovery/near-marker.js'
import { Cursor, WAIT } from '../../src/text/cursor.js'

const CALL = '<tool_call>'
const END = '</tool_call>'
const TOKEN = '<｜tool▁calls▁begin｜>'

describe('what stands in the place of a marker', () => {
  const reader = new NearMarkerReader([CALL, END, TOKEN])

  it.each([
    // One bracket, bar, letter or blank is wrong, or the case.
    ['<TOOL_CALL>{', '<TOOL_CALL>', CALL],
    ['<tool_call\n{', '<tool_call', CALL],
    ['<tool_call {"a": 1}', '<tool_call', CALL],
    ['< tool_call >{', '< tool_call >', CALL],
    ['<tool_call/>{', '<tool_call/>', CALL],
    ['<tool_cal>{', '<tool_cal>', CALL],
    ['<toool_call>{', '<toool_call>', CALL],
    ['tool_call>{', 'tool_call>', CALL],
    ['Tool_Call>{', 'Tool_Call>', CALL],
    ['/tool_call>', '/tool_call>', END],
    ['<tool▁calls▁begin><', '<tool▁calls▁begin>', TOKEN],
    ['<|tool_calls_begin|><', '<|tool_calls_begin|>', TOKEN],
    ['｜tool▁calls▁begin｜><', '｜tool▁calls▁begin｜>', TOKEN],
    // Other words, and letters that are missing beside the bracket.
    ['<tools>{', '<tools>', undefined],
    ['<tool_cal\n{', '<tool_cal', undefined],
    ['<|entry|>{', '<|entry|>', undefined],
    ['<p>', '<p>', undefined],
    ['<', '<', undefined],
  ])('%j', (text, stands, means) => {
    const near = reader.at(text, 0, true)
    expect(near).toMatchObject({ length: stands.length, means })
  })

  it.each(['tool_call', 'a tool_call>', '/', 'Tools are', '', `<${'a'.repeat(90)}>`])('nothing: %j', (text) => {
    expect(reader.at(text, 0, true)).toBeUndefined()
  })

  it.each(['', '<', '<tool_call', 'tool_', '/tool', '｜tool▁c', '<some words'])('%j may go on', (text) => {
    expect(reader.at(text, 0, false)).toBe(WAIT)
  })

  it.each([
    ['<|entry|>', 'token', false],
    ['</|entry|>', 'token', true],
    ['<entry>', 'tag', false],
    ['</entry>', 'tag', true],
    ['<entry/>', 'tag', false],
    ['<|entry', 'part', false],
    ['<a b>', 'part', false],
  ])('%s looks like a %s', (text, shape, isEnd) => {
    expect(reader.at(text, 0, true)).toMatchObject({ shape, isEnd })
  })
})

describe('a close tag of any name', () => {
  it.each<[text: string, ended: boolean, length: number]>([
    ['</a>', false, 4],
    ['</a>x', false, 4],
    ['</tool_call-x>', false, 14],
    ['</A>', false, 4],
    ['< /a >', false, 6],
    ['<', false, WAIT],
    ['</', false, WAIT],
    ['</a', false, WAIT],
    ['', false, WAIT],
    ['', true, 0],
    ['<', true, 0],
    ['</a', true, 0],
    ['</>', false, 0],
    ['<a>', false, 0],
    ['<a', false, 0],
    ['</a b>', false, 0],
    ['</1>', false, 0],
    ['x', false, 0],
    [`</${'a'.repeat(41)}>`, false, 44],
    [`</${'a'.repeat(42)}>`, false, 0],
    [`</${'a'.repeat(80)}`, false, 0],
  ])('%j, ended %s', (text, ended, length) => {
    const cursor = new Cursor()
    cursor.push(`..${text}`)
    cursor.at = 2
    if (ended) cursor.end('stop')
    expect(closeTagLength(cursor)).toBe(length)
  })
})

describe('all that stands in the place of a close marker', () => {
  it.each([
    ['<|tool call end', true],
    ['<anything>', true],
    ['tool▁call▁end', true],
    ['tool_calls_end', false],
    ['words', false],
    ['<a><b>', false],
    [`<${'a'.repeat(80)}>`, false],
  ])('%j: %s', (text, stands) => {
    expect(standsFor(text, '<｜tool▁call▁end｜>')).toBe(stands)
  })
})
