import { describe, expect, it } from 'vitest'
import { CallMarks, endsOf, type Mark, type MarkGrammar, markSetsOf, marksOf } from '../../src/engine/call-marks.js'
import { nameJson } from '../../src/families/name-json/name-json.js'
import { dsmlGrammar } from '../../src/families/tagged/dsml.js'
import { QWEN_TAGS } from '../../src/families/tagged/qwen-tags.js'
import { callStem, taggedInnerMarkers, taggedOpeners } from '../../src/families/tagged/tagged-openers.js'
import { defineFormat, getFormat } from '../../src/index.js'
import type { Matcher } from '../../src/text/matcher.js'

describe('the marks of a grammar', () => {
  const inSection: MarkGrammar = {
    section: { open: ['<s>'], close: ['</s>'], alike: ['<z>'] },
    call: { open: ['<c>'], close: ['</c>'], alike: ['<s>', '<k>'] },
    spellings: (marker) => [marker, marker.toUpperCase()],
  }

  it.each<[grammar: MarkGrammar, marks: [string, Mark][]]>([
    [
      { call: { open: ['<c>', '<d>'], close: ['</c>'] } },
      [
        ['<c>', 'call'],
        ['<d>', 'call'],
        ['</c>', 'call-end'],
      ],
    ],
    [
      inSection,
      [
        ['<s>', 'section'],
        ['<S>', 'section'],
        ['</s>', 'section-end'],
        ['</S>', 'section-end'],
        ['<c>', 'call'],
        ['<C>', 'call'],
        ['</c>', 'call-end'],
        ['</C>', 'call-end'],
        ['<z>', 'section'],
        ['<Z>', 'section'],
        ['<k>', 'call'],
        ['<K>', 'call'],
      ],
    ],
    [{ call: { open: [], close: [] } }, []],
  ])('of %j', (grammar, marks) => {
    expect([...marksOf(grammar)]).toEqual(marks)
  })

  const { families } = getFormat('hermes')
  const blocks = [{ open: '<think>', close: '</think>' }]
  const format = defineFormat({ id: 'marked', families, stops: ['<stop>'], reasoning: { blocks } })

  it('end where the model stops, or its reasoning does', () => {
    expect(endsOf(format)).toEqual(['<stop>', '</think>'])
    expect(endsOf(defineFormat({ id: 'plain', families }))).toEqual(['</think>'])
  })

  const marksFor = (grammar: MarkGrammar) => {
    const kinds = marksOf(grammar)
    return new CallMarks(kinds, markSetsOf(grammar, kinds, format))
  }
  const foundIn = (matcher: Matcher<string>, text: string) => {
    const found: (string | undefined)[] = []
    for (let at = matcher.find(text, 0, true); at < text.length; at = matcher.find(text, matcher.end, true))
      found.push(matcher.hit)
    return found
  }

  it('are looked for with all that ends a call, in fences with backticks too', () => {
    const marks = marksFor(inSection)
    const text = '<s><S><z><c><k></C></s><stop></think><think>``````Stryker was here!'
    const markers = ['<s>', '<S>', '<z>', '<c>', '<k>', '</C>', '</s>', '<stop>', '</think>']
    expect(foundIn(marks.matcher, text)).toEqual(markers)
    expect(foundIn(marks.fencedMatcher, text)).toEqual([...markers, '```', '```'])
    expect(marks.markers).toEqual([...marksOf(inSection).keys(), '<stop>', '</think>'])
  })

  it('know their own spelling from others', () => {
    const marks = marksFor(inSection)
    const marked = ['<s>', '<S>', '<z>', '</s>', '<c>', '</C>', '<k>', '<stop>', '']
    expect(marked.map((marker) => marks.of(marker))).toEqual([
      'section',
      'section',
      'section',
      'section-end',
      'call',
      'call-end',
      'call',
      undefined,
      undefined,
    ])
    expect(marked.filter((marker) => marks.isNative(marker))).toEqual(['<s>', '</s>', '<c>'])
    expect(marks.of(undefined)).toBeUndefined()
    const all: Mark[] = ['section', 'section-end', 'call', 'call-end']
    expect(all.map((mark) => marks.written(mark))).toEqual(['<s>', '</s>', '<c>', '</c>'])
    expect(marks.written(undefined)).toBe('')
    const bare = marksFor({ call: { open: ['<c>'], close: [] } })
    expect(all.map((mark) => bare.written(mark))).toEqual(['', '', '<c>', ''])
  })
})

describe('calls whose name stands outside their arguments', () => {
  const head = () => 'text' as const
  const call = { open: ['<c>'], close: ['</c>'], alike: ['<k>'] }

  it('are opened by the markers of calls and sections, and at the start of a text', () => {
    const plain = nameJson({ call, head })
    expect(plain.openers).toEqual([{ marker: '<c>' }, { marker: '<k>' }])
    expect(plain.strays).toEqual(['</c>'])
    const section = { open: ['<s>'], close: ['</s>'] }
    const framed = nameJson({ section, call, head, unmarkedStart: true })
    expect(framed.openers).toEqual([
      { marker: '<s>' },
      { marker: '<c>' },
      { marker: '<k>' },
      {
        marker: '',
        where: 'text-start',
        bare: true,
        mayOpen: expect.any(Function),
        mayBegin: expect.any(Function),
      },
    ])
    expect(framed.strays).toEqual(['</s>', '</c>'])
  })
})

describe('the markers of a grammar of tags', () => {
  const dsml = dsmlGrammar('calls', 'D')

  it('that may open a call: blocks, the beginning of a call, and of a parameter whose call is damaged', () => {
    expect(taggedOpeners(QWEN_TAGS)).toEqual([
      { marker: '<tool_call>' },
      { marker: '<function=', stem: true },
      { marker: '<parameter=', stem: true, prefix: true },
    ])
    const spaced = { ...QWEN_TAGS, syntax: { ...QWEN_TAGS.syntax, names: 'attribute' as const } }
    expect(taggedOpeners(spaced).map(({ marker }) => marker)).toEqual(['<tool_call>', '<function', '<parameter '])
    expect(callStem(QWEN_TAGS.syntax)).toBe('<function=')
    expect(callStem(spaced.syntax)).toBe('<function')
  })

  it('that have a token: its spellings, its own first, and behind a separator', () => {
    const stems = ['<｜D', '<|D', '<‖D', '<｜｜D', '< ｜ D', '<||D', '< | D', '<‖‖D', '< ‖ D']
    const stem = (marker: string) => ({ marker, stem: true })
    expect(taggedOpeners({ ...dsml, separator: '' })).toEqual(stems.map(stem))
    const { separator, ...unseparated } = dsml
    expect(separator).toBe('\n\n')
    expect(taggedOpeners(unseparated)).toEqual(stems.map(stem))
    expect(taggedOpeners(dsml)).toEqual([...stems, ...stems.map((marker) => `\n\n${marker}`)].map(stem))
    expect(taggedInnerMarkers(dsml)).toEqual(stems.map((marker) => marker.replace('<', '</')))
  })

  it('that are text where they stand alone', () => {
    expect(taggedInnerMarkers(QWEN_TAGS)).toEqual(['</tool_call>', '</function>', '</parameter>'])
  })
})
