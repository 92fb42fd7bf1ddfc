import { parsePartialJson as parseForLangChain } from '@langchain/core/output_parsers'
import { parsePartialJson as parseForAiSdk } from 'ai'
import fc from 'fast-check'
import { jsonrepair } from 'jsonrepair'
import { parse as parsePartial } from 'partial-json'
import { describe, expect, it } from 'vitest'
// Not exported by the package: what its message streams read input with.
import { partialParse as parseForAnthropic } from '../../node_modules/@anthropic-ai/sdk/_vendor/partial-json-parser/parser.mjs'
import { createArgumentText } from '../../src/adapters/message/argument-text.js'
import { createCallGate } from '../../src/adapters/message/call-gate.js'
import { call, eventsFrom, runs } from './events.js'

/** Readers that agents run calls with. Each gives a value, or throws. */
const READERS: Record<string, (text: string) => unknown> = {
  'JSON.parse': JSON.parse,
  'the AI SDK': async (text) => {
    const { value, state } = await parseForAiSdk(text)
    if (state !== 'successful-parse' && state !== 'repaired-parse') throw new Error(state)
    return value
  },
  LangChain: (text) => {
    const value = parseForLangChain(text)
    if (value === null || value === undefined) throw new Error('none')
    return value
  },
  '@anthropic-ai/sdk': parseForAnthropic,
  jsonrepair: (text) => JSON.parse(jsonrepair(text)),
}

/** Whether a reader makes arguments of a text. */
async function reads(reader: string, text: string): Promise<boolean> {
  try {
    const value = await READERS[reader]?.(text)
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}

/** JSON objects as models write them, with every kind of token and escape. */
const whole = fc
  .tuple(
    fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('path', 'a"b', '\\', '\u0007')),
      fc.oneof(
        fc.jsonValue({ maxDepth: 3 }),
        fc.constantFrom<unknown>('line 1\nline 2', 'C:\\new\\"x"', '\ud83d\ude00\u0001', -1.5e-9, [], {}, [
          [],
          [1, 'x'],
        ]),
      ),
      { minKeys: 1, maxKeys: 4, noNullPrototype: true },
    ),
    fc.constantFrom(undefined, 1, '\t'),
    fc.boolean(),
  )
  .map(([value, space, escaped]) => {
    const text = JSON.stringify(value, null, space)
    return escaped
      ? text.replace(/[^ -~\n\t]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
      : text
  })

/** What goes out of a text that comes in pieces. */
function sent(text: string, size: number): { out: string; spoilt: string; rest: string } {
  const argument = createArgumentText()
  let out = ''
  for (let at = 0; at < text.length; at += size) out += argument.push(text.slice(at, at + size))
  return {
    out,
    spoilt: out + argument.spoil('truncated', 'the call of "f" cannot be read: expected `,` or {"a": 1}'),
    rest: argument.rest(),
  }
}

describe('arguments on their way', () => {
  it('come out whole, and the brace that closes them only at the end', () => {
    fc.assert(
      fc.property(whole, fc.integer({ min: 1, max: 9 }), (text, size) => {
        const { out, rest } = sent(text, size)
        expect(out + rest).toBe(text)
        expect(rest).toBe('}')
      }),
      runs(300),
    )
  })

  it('hold back what is no JSON', () => {
    for (const [text, out] of [
      ['{"a": 1} x', '{"a": 1'],
      ["{'a': 1}", '{'],
      ['{"a": 1}{"b": 2}', '{"a": 1'],
      ['{"a"; 1}', '{"a"'],
      ['[1]', ''],
      ['"text"', ''],
      ['{"a": [1}}', '{"a": [1'],
      ['{"a": }', '{"a": '],
    ] as const)
      expect(sent(text, 2).out, text).toBe(out)
  })

  it.each(Object.keys(READERS))('cut anywhere cannot be completed by %s', async (reader) => {
    await fc.assert(
      fc.asyncProperty(whole, fc.nat(), fc.integer({ min: 1, max: 9 }), async (text, cut, size) => {
        const { spoilt } = sent(text.slice(0, cut % (text.length + 1)), size)
        if (await reads(reader, spoilt)) throw new Error(`${reader} reads ${spoilt}`)
      }),
      runs(1500),
    )
  })

  it('cut at every place of a text with all states cannot be completed by any of them', async () => {
    const text =
      '{"path": "/etc/\\u00e9\\\\x", "n" : [-1.5e+9, true, null, [], {"k": {}, "l\\"": "\\n"}], "last": false }'
    for (let cut = 0; cut <= text.length; cut++) {
      for (const reader of Object.keys(READERS)) {
        const { spoilt } = sent(text.slice(0, cut), 3)
        expect(await reads(reader, spoilt), `${reader}: ${spoilt}`).toBe(false)
      }
    }
  })
})

describe('readers that swallow every error', () => {
  it('still give what stands before the cut: the reason why streams hold calls back unless told otherwise', () => {
    const { spoilt } = sent('{"path": "/etc/app.conf", "content": "line 1\\nline', 4)
    expect(parsePartial(spoilt)).toEqual({ path: '/etc/app.conf' })
    const cut = eventsFrom([call('write_file', '{"path": "/etc/app.conf", "content": "line 1\\nline', 'truncated')], 4)
    const gate = createCallGate({}, 'call_', 'text')
    expect([...gate.push(cut), ...gate.close()].map(({ type }) => type)).toEqual(['end'])
  })
})
