import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createModelLabels } from '../../src/proxy/metrics/model-labels.js'
import { bothForEachTest, chatRequest, TOOLS } from './both.js'
import { json, says } from './upstream.js'

const { start } = bothForEachTest()
const CHAT = '/v1/chat/completions'

describe('the numbers of calls', () => {
  it('are told by model and format: complete, malformed, cut, repaired, and what was refused', async () => {
    const both = await start()
    const ask = async (model: string, text: string, finish?: string) => {
      both.upstream.answer(says(text, finish))
      await (await both.post(CHAT, chatRequest({ model }))).text()
    }
    await ask('a', '<tool_call>{"name": "get_tide", "arguments": {"port": "Brest"}}</tool_call>')
    await ask('a', "<tool_call>{'name': 'get_tide', 'arguments': {'port': 'Brest'}}</tool_call>")
    await ask('b', '<tool_call>{"name": "get_tide", "arguments": 7}</tool_call>')
    await ask('b', '<tool_call>{"name": "get_tide", "arguments": {"port": "Br', 'length')
    await (await both.post('/v1/responses', { model: 'b', input: 'Hi', tools: [{ type: 'web_search' }] })).text()
    await (await both.post(CHAT, '[]')).text()
    const text = await (await fetch(`${both.proxy.url}/metrics`)).text()
    for (const line of [
      'callsift_calls_total{model="a",format="hermes",status="complete"} 2',
      'callsift_calls_repaired_total{model="a",format="hermes"} 1',
      'callsift_calls_total{model="b",format="hermes",status="malformed"} 1',
      'callsift_calls_total{model="b",format="hermes",status="truncated"} 1',
      'callsift_errors_total{reason="invalid_request"} 1',
      'callsift_tools_left_out_total{wire="responses"} 1',
    ])
      expect(text.split('\n')).toContain(line)
  })

  it('have no model that the upstream does not know', async () => {
    const both = await start()
    both.upstream.answer(json({ error: { message: 'no such model' } }, 404))
    await (await both.post(CHAT, chatRequest({ model: 'made-up' }))).text()
    expect(await (await fetch(`${both.proxy.url}/metrics`)).text()).not.toContain('made-up')
  })

  it('do not grow with the names that a client makes up', async () => {
    const both = await start()
    both.upstream.answer(says('<tool_call>{"name": "get_tide", "arguments": {}}</tool_call>'))
    for (let i = 0; i < 120; i++) await (await both.post(CHAT, { model: `m${i}`, messages: [], tools: TOOLS })).text()
    const text = await (await fetch(`${both.proxy.url}/metrics`)).text()
    expect(text.match(/^callsift_calls_total\{/gm)?.length).toBe(101)
    expect(text).toContain('callsift_calls_total{model="other",format="hermes",status="complete"} 20')
  })
})

describe('labels of models', () => {
  it('are one line that Prometheus reads, and bounded in number, whatever the names', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 40 }), (names) => {
        const label = createModelLabels(5)
        const labels = new Set(names.map(label))
        expect(labels.size).toBeLessThanOrEqual(6)
        for (const one of labels) expect(one).toMatch(/^[^\\"\n\r\0\u2028\u2029]{0,200}$/)
      }),
    )
    expect(createModelLabels()('Qwen/Qwen3-8B:latest é')).toBe('Qwen/Qwen3-8B:latest é')
  })
})
