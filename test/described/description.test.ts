import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatSchema } from '../../scripts/format-schema.js'
import { DescriptionError, type FormatDescription, formatFromDescription } from '../../src/derive/derive.js'
import schema from '../../src/described/format.schema.json'
import { createRegistry, formats, parse, RenderError, render } from '../../src/index.js'
import { descriptions } from './described-formats.js'

const json = (file: string) => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'))
const harbour: FormatDescription = json('examples/my-format.json')

describe('the schema of files that describe formats', () => {
  it('is what the types say: npm run docs:schema writes it', () => {
    expect(schema).toEqual(formatSchema())
  })
})

describe('formatFromDescription', () => {
  it('reads and renders what the example says', () => {
    const format = formatFromDescription(harbour)
    const calls = [{ name: 'get_tide', arguments: { port: 'Moss' } }]
    const text = render(calls, { format, content: 'So: ', reasoning: 'Hm.' })
    expect(text).toBe('<think>Hm.</think>So: <call>{"tool": "get_tide", "input": {"port": "Moss"}}</call>')
    expect(parse(`${text}<eos>`, { format })).toMatchObject({
      format: 'harbour',
      content: 'So:',
      reasoning: 'Hm.',
      toolCalls: calls,
      status: 'complete',
    })
    expect(() => render(calls, { format, content: 'A <call> is' })).toThrow(RenderError)
    expect(format.wire).toBe('<call>{"tool": "NAME", "input": {"KEY": "VALUE"}}</call>')
  })

  it('gives formats that a registry takes beside others, with the models and names that they have', () => {
    const registry = createRegistry([formatFromDescription({ ...harbour, aliases: ['hb'] }), ...formats()])
    expect(registry.getFormat('hb').id).toBe('harbour')
    expect(registry.formatForModel('acme/Harbour-1-8B')[0]).toMatchObject({ format: 'harbour' })
    expect(registry.parse('<call>{"tool": "f", "input": {}}</call>', { format: 'auto' }).format).toBe('harbour')
  })

  it('says whether the prompt opens the reasoning, as far as that is known', () => {
    const begins = (promptOpensReasoning?: boolean) => {
      const format = formatFromDescription({
        ...harbour,
        ...(promptOpensReasoning === undefined ? {} : { promptOpensReasoning }),
      })
      return createRegistry([format]).formatForModel('harbour-1')[0]?.startInReasoning
    }
    expect([begins(), begins(true), begins(false)]).toEqual([undefined, true, false])
  })

  const tags = { open: '<invoke name="{name}">', close: '</invoke>' }
  const parameter = { open: '<parameter name="{key}">', close: '</parameter>' }
  it.each<[string, object, RegExp]>([
    ['another version', { version: 2 }, /^version: expected 1, .* received 2$/],
    ['no calls', { calls: [] }, /^calls: expected at least 1/],
    ['an id in capitals', { id: 'Mine' }, /^id: expected lower-case letters/],
    [
      'a pattern that is none',
      { modelPatterns: ['a('] },
      /^modelPatterns\[0\]: expected a regular expression, received "a\("$/,
    ],
    ['an unknown field', { stop: ['x'] }, /^stop: expected no such property/],
    ['an unknown family', { calls: [{ family: 'xml' }] }, /^calls\[0\]\.family: expected one of "json-calls", /],
    [
      'an empty opener and a closer that is no text',
      { calls: [{ family: 'json-calls', call: { open: '', close: 3 } }] },
      /^calls\[0\]\.call\.open: expected .*; calls\[0\]\.call\.close: expected string, received 3$/,
    ],
    ['no markers', { calls: [{ family: 'json-calls' }] }, /^calls\[0\]: expected a block or a call$/],
    [
      'a list without a block',
      { calls: [{ family: 'json-calls', call: { open: '<a>', close: '</a>' }, list: true }] },
      /^calls\[0\]\.list: /,
    ],
    [
      'a tag without a name',
      { calls: [{ family: 'tagged', call: { open: '<invoke>', close: '</invoke>' } }] },
      /^calls\[0\]\.call\.open: expected a tag with \{name\}, such as <function=\{name\}> .* received "<invoke>"$/,
    ],
    [
      'a tag that another closes',
      { calls: [{ family: 'tagged', call: { ...tags, close: '</call>' } }] },
      /^calls\[0\]\.call\.close: expected <\/invoke>, received "<\/call>"$/,
    ],
    [
      'types by attribute, and none',
      { calls: [{ family: 'tagged', call: tags, parameter, typing: 'attribute' }] },
      /^calls\[0\]\.parameter\.open: expected a tag with \{isText\} or \{type\}/,
    ],
    [
      'a head without a name',
      { calls: [{ family: 'name-json', call: { open: '<a>', close: '' }, head: [{ is: 'id' }], argumentsAfter: '>' }] },
      /^calls\[0\]\.head: /,
    ],
    [
      'a key that is no tag',
      {
        calls: [
          {
            family: 'pairs',
            call: { open: '<c>', close: '</c>' },
            key: { open: 'key', close: '</k>' },
            value: { open: '<v>', close: '</v>' },
          },
        ],
      },
      /^calls\[0\]\.key\.open: expected a marker between < and >, received "key"$/,
    ],
    [
      'a tree named after its keys, without a token',
      {
        calls: [
          {
            family: 'tree',
            block: { open: '<b>', close: '</b>' },
            call: { open: '<c name="{name}">', close: '</c>' },
            value: { open: '<{key}>', close: '</{key}>' },
          },
        ],
      },
      /^calls\[0\]\.token: /,
    ],
    [
      'an id without a number',
      { ids: { form: 'call' } },
      /^ids\.form: expected a text with \{index\}, received "call"$/,
    ],
  ])('names the field of %s', (_, wrong, message) => {
    const made = () => formatFromDescription({ ...harbour, ...wrong } as FormatDescription)
    expect(made).toThrow(DescriptionError)
    expect(made).toThrow(message)
  })

  it.each([null, [], 'hermes', 3])('refuses %j', (value) => {
    expect(() => formatFromDescription(value as never)).toThrow(/^the description of a format: expected an object/)
  })

  it('writes ids as a description has them, and others where they are needed', () => {
    const calls = [
      { name: 'f', arguments: {}, id: 'abc123XYZ' },
      { name: 'g', arguments: {}, id: 'call_toolong' },
    ]
    const written = (ids: FormatDescription['ids']) =>
      [
        ...render(calls, {
          format: formatFromDescription({ ...harbour, ...(ids === undefined ? {} : { ids }) }),
        }).matchAll(/"id": "([^"]*)"/g),
      ].map(([, id]) => id)
    expect(written(undefined)).toEqual([])
    expect(written({ form: 'call{index}', length: 9 })).toEqual(['abc123XYZ'])
    expect(written({ form: 'call{index}', length: 9, missing: 'made' })).toEqual(['abc123XYZ', 'call00001'])
    expect(written({ form: 'functions.{name}:{index}', missing: 'made' })).toEqual(['functions.f:0', 'functions.g:1'])
  })

  it('reads a block around calls that have markers of their own, with any keys', () => {
    const format = formatFromDescription({
      ...harbour,
      calls: [
        {
          family: 'json-calls',
          block: { open: '<calls>', close: '</calls>' },
          call: { open: '<call>', close: '</call>' },
          keys: { name: ['tool'], arguments: ['input'] },
        },
      ],
    })
    const calls = ['a', 'b'].map((name) => ({ name, arguments: { n: 1 } }))
    const text = render(calls, { format })
    expect(text.startsWith('<calls><call>{"tool": "a", "input": {"n": 1}}</call><call>{')).toBe(true)
    expect(parse(text, { format })).toMatchObject({ toolCalls: calls, content: '', status: 'complete', notes: [] })
  })

  it('renders one call of each description in a line, for people', () => {
    for (const description of descriptions())
      expect(formatFromDescription(description).wire).toMatch(/^[^\n]*NAME[^\n]*$/)
  })
})
