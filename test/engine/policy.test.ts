import { describe, expect, it } from 'vitest'
import { type ParserOptions, readSettings } from '../../src/engine/options.js'
import { Policy } from '../../src/engine/policy.js'
import { collect, type ParseEvent } from '../../src/index.js'
import { readTools } from '../../src/tools/schema.js'

function policy(options: Omit<ParserOptions, 'format'> = {}): Policy {
  return new Policy(readSettings({ ...options, format: 'test' }), readTools(options.tools), { id: 'test' })
}

/** One whole call, as a reader makes it. */
function call(out: Policy, name: string, json: string, from = 0): void {
  out.open({ name, nameFrom: from + 1, nameTo: from + 1 + name.length, from, evidence: 'marker' })
  out.json(json, from + 10, from + 10 + json.length)
  out.close('complete', from + 20, '')
}

const codes = (events: readonly ParseEvent[]) => events.flatMap((event) => (event.type === 'note' ? [event.code] : []))
const ended = (out: Policy): ParseEvent[] => {
  out.end(100, 'stop')
  return out.drain()
}

describe('calls', () => {
  it('get ordinals, ids and their arguments', () => {
    const out = policy()
    call(out, 'f', '{"a":1}')
    call(out, 'g', '{}')
    const { toolCalls } = collect(out.drain())
    expect(toolCalls.map(({ index, id, name, arguments: args }) => [index, id, name, args])).toEqual([
      [0, 'call_0', 'f', { a: 1 }],
      [1, 'call_1', 'g', {}],
    ])
    expect(out.wholeCalls).toBe(2)
    expect(out.calling).toBe(false)
  })

  it('get the ids of the format, or of the options', () => {
    const format = { id: 'mine', makeId: (index: number) => `abc${index}` }
    const own = new Policy(readSettings({ format: 'x' }), readTools(undefined), format)
    call(own, 'f', '{}')
    expect(collect(own.drain()).toolCalls[0]?.id).toBe('abc0')
    const out = policy({ generateId: ({ index, name, format }) => `${format}/${name}/${index}` })
    call(out, 'f', '{}')
    expect(collect(out.drain()).toolCalls[0]?.id).toBe('test/f/0')
  })

  it('know whether their tool was given', () => {
    const out = policy({ tools: { f: true } })
    call(out, 'f', '{}')
    call(out, 'g', '{}')
    const events = out.drain()
    expect(collect(events).toolCalls.map(({ known }) => known)).toEqual([true, false])
    expect(codes(events)).toEqual(['unknown-tool'])
  })

  it.each(['[1]', '7', '"x"', '', '{"a":', 'null'])('with the arguments %j are never complete', (json) => {
    const out = policy()
    call(out, 'f', json)
    const { toolCalls, incomplete, status } = collect(ended(out))
    expect(toolCalls).toEqual([])
    expect(incomplete.map((call) => [call.status, call.argumentsText, call.arguments])).toEqual([
      ['malformed', json, {}],
    ])
    expect(status).toBe('malformed')
  })

  it('own the keys of the prototype', () => {
    const out = policy()
    call(out, '__proto__', '{"__proto__":{"polluted":true},"constructor":1}')
    const [got] = collect(out.drain()).toolCalls
    expect(Object.keys(got?.arguments ?? {})).toEqual(['__proto__', 'constructor'])
    expect('polluted' in {}).toBe(false)
  })
})

describe('muted', () => {
  it('nothing comes out, but whole calls are counted', () => {
    const out = policy()
    out.mute()
    call(out, 'f', '{}')
    out.content('text', 0)
    out.note('damaged-block', '', 0, 1)
    out.fail('malformed')
    out.unmute()
    expect(out.drain()).toEqual([])
    expect(out.wholeCalls).toBe(1)
    call(out, 'g', '{}')
    const { toolCalls, status } = collect(ended(out))
    expect(toolCalls.map(({ index, id }) => [index, id])).toEqual([[0, 'call_0']])
    expect(status).toBe('complete')
  })
})

describe('released text', () => {
  it('is content and a note, or a note alone', () => {
    const kept = policy()
    kept.release('damaged-block', 'no call', 'text', 5)
    expect(kept.drain().map(({ type, from, to }) => [type, from, to])).toEqual([
      ['content', 5, 9],
      ['note', 5, 9],
    ])
    const dropped = policy({ damaged: 'drop' })
    dropped.release('damaged-block', 'no call', 'text', 5)
    expect(dropped.drain()).toEqual([
      { type: 'note', code: 'damaged-block', message: 'no call (left out)', from: 5, to: 9 },
    ])
  })
})

describe('limits', () => {
  it('cut arguments, and the call with them', () => {
    const out = policy({ limits: { argumentChars: 4 } })
    call(out, 'f', '{"a":1}')
    const events = ended(out)
    const { toolCalls, incomplete, status } = collect(events)
    expect(toolCalls).toEqual([])
    expect(incomplete.map((call) => [call.status, call.argumentsText])).toEqual([['truncated', '{"a"']])
    expect(codes(events)).toEqual(['limit'])
    expect(status).toBe('truncated')
  })

  it('leave out calls, each with a note', () => {
    const out = policy({ limits: { calls: 1 } })
    for (const name of ['f', 'g', 'h']) call(out, name, '{}')
    const events = out.drain()
    expect(collect(events).toolCalls.map(({ name }) => name)).toEqual(['f'])
    expect(codes(events)).toEqual(['limit', 'limit'])
  })

  it('keep a list of repairs short', () => {
    const out = policy()
    out.open({ name: 'f', nameFrom: 0, nameTo: 1, from: 0, evidence: 'marker' })
    for (let i = 0; i < 1000; i++) out.repair('python-quotes', i, i + 1, "'", '"')
    out.json('{}', 0, 2)
    out.close('complete', 1000, '')
    const repairs = collect(out.drain()).toolCalls[0]?.repairs ?? []
    expect(repairs).toHaveLength(257)
    expect(repairs[256]).toMatchObject({ kind: 'further-repairs', to: 1000 })
  })
})

describe('the tool choice', () => {
  it.each([
    [{ toolChoice: 'none' as const }, true],
    [{ tools: {} }, true],
    [{ tools: [] }, true],
    [{ tools: { f: true } }, false],
    [{}, false],
  ])('%j refuses calls: %j', (options, refuses) => {
    expect(policy(options).refusesCalls).toBe(refuses)
  })

  it('notes a call of another tool, and none at all', () => {
    const out = policy({ toolChoice: { name: 'f' } })
    call(out, 'g', '{}')
    expect(codes(out.drain())).toEqual(['tool-choice'])
    expect(codes(ended(policy({ toolChoice: 'required' })))).toEqual(['tool-choice'])
    expect(codes(ended(policy({ toolChoice: 'auto' })))).toEqual([])
  })
})

describe('the status', () => {
  it.each([
    [[], 'stop', 'complete'],
    [['malformed'], 'stop', 'malformed'],
    [['malformed', 'truncated'], 'stop', 'truncated'],
    [[], 'length', 'truncated'],
    [[], 'abort', 'truncated'],
  ] as const)('after %j, ended by %s, is %s', (fails, reason, status) => {
    const out = policy()
    for (const fail of fails) out.fail(fail)
    out.end(7, reason)
    expect(out.drain()).toEqual([{ type: 'end', status, format: 'test', from: 7, to: 7 }])
  })
})
