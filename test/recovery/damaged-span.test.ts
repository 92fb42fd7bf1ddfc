import { describe, expect, it } from 'vitest'
import { CallMarks, markSetsOf, marksOf } from '../../src/engine/call-marks.js'
import { nameJson } from '../../src/families/name-json/name-json.js'
import { QWEN_TAGS } from '../../src/families/tagged/qwen-tags.js'
import { defineFormat } from '../../src/formats/define-format.js'
import { DamagedSpan, type SpanRules } from '../../src/recovery/damaged-span.js'
import { MarkerMarks, type SpanMarks, TagMarks } from '../../src/recovery/span-marks.js'
import { Cursor } from '../../src/text/cursor.js'
import { Matcher } from '../../src/text/matcher.js'
import { TagReader } from '../../src/text/tag-reader.js'

const GRAMMAR = {
  section: { open: ['<S>'], close: ['</S>'] },
  call: { open: ['<C>'], close: ['</C>'] },
}
const FORMAT = defineFormat({
  id: 'spans',
  stops: ['<end>'],
  families: [nameJson({ ...GRAMMAR, head: () => 'text' })],
})

function markers(): SpanMarks {
  const marks = marksOf(GRAMMAR)
  return new MarkerMarks(new CallMarks(marks, markSetsOf(GRAMMAR, marks, FORMAT)))
}

function tags(): SpanMarks {
  return new TagMarks(new TagReader(QWEN_TAGS.syntax, true), new Matcher([['<end>', '<end>']]))
}

/** What is skipped, what ends it, and whether a call was passed over; alike in every two chunks and in single characters. */
function skip(text: string, marks: () => SpanMarks, rules: SpanRules): string {
  const read = (chunks: readonly string[]) => {
    const cursor = new Cursor()
    let emitted = ''
    const emit = (piece: string, from: number) => {
      expect(from).toBe(emitted.length)
      emitted += piece
    }
    const span = new DamagedSpan(cursor, marks(), { ...rules, emit })
    let over = false
    for (const chunk of chunks) {
      cursor.push(chunk)
      over ||= span.scan()
    }
    cursor.end('stop')
    if (!over) expect(span.scan()).toBe(true)
    expect(emitted).toBe(text.slice(0, cursor.offset))
    return `${emitted}|${span.ending ?? ''}${span.passedCalls ? ' passed' : ''}`
  }
  const whole = read([text])
  for (let i = 1; i < text.length; i++) expect(read([text.slice(0, i), text.slice(i)])).toBe(whole)
  expect(read(text.split(''))).toBe(whole)
  return whole
}

describe('behind damaged JSON, another call ends the damage', () => {
  it.each([
    ['oops</C>rest', 'oops|call-end'],
    ['oops</S>rest', 'oops|section-end'],
    ['oops<end>rest', 'oops|stop'],
    ['oops', 'oops|'],
    ['oops\n<C>rest', 'oops\n|call'],
    ['oops} <C>rest', 'oops} |call'],
    ['<C>rest', '|call'],
    ['oops]<S>', 'oops]|section'],
    // In the middle of words it is quoted, and so is what it opens.
    ['see <C>f</C> here</C>rest', 'see <C>f</C> here|call-end passed'],
    ['see <S><C>f</C></S> here</C>', 'see <S><C>f</C></S> here|call-end passed'],
    ['see <C>f\n<C>g</C></C></C>', 'see <C>f\n<C>g</C></C>|call-end passed'],
    ['see <C>f', 'see <C>f| passed'],
  ])('%j', (text, skipped) => {
    expect(skip(text, markers, { openers: 'end' })).toBe(skipped)
  })
})

describe('in raw values, another call is quoted', () => {
  it.each([
    ['a</function>b', 'a|call-end'],
    ['a</tool_call>b', 'a|section-end'],
    ['a<end>b', 'a|stop'],
    ['a\n<function=rm>\n</function>\n</function>', 'a\n<function=rm>\n</function>\n|call-end passed'],
    [
      'a\n<tool_call><function=rm></function></tool_call>\n</function>',
      'a\n<tool_call><function=rm></function></tool_call>\n|call-end passed',
    ],
    // In a line it opens nothing, and where it closes itself.
    ['a <function=rm> b</function>c', 'a <function=rm> b|call-end'],
    ['a\n<tool_call></function>', 'a\n<tool_call></function>| passed'],
    ['a < b', 'a < b|'],
  ])('%j', (text, skipped) => {
    expect(skip(text, tags, { openers: 'nest', until: 'call-end' })).toBe(skipped)
  })

  it('to the end of the block', () => {
    const rules = { openers: 'nest', until: 'section-end' } as const
    expect(skip('a</function>\n</tool_call>b', tags, rules)).toBe('a</function>\n|section-end')
    expect(skip('a\n<tool_call>\n</tool_call></tool_call>', tags, rules)).toBe(
      'a\n<tool_call>\n</tool_call>|section-end passed',
    )
  })
})
