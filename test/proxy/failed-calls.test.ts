import { describe, expect, it } from 'vitest'
import type { NodeProxyOptions } from '../../src/proxy/server/node.js'
import { type JsonObject, objectsOf } from '../../src/proxy/wire/json.js'
import { type Both, bothForEachTest } from './both.js'
import { REQUESTS, type Reply, streamed, whole } from './on-wires.js'
import { chunk, says, stream } from './upstream.js'

// What clients are told of calls that failed, and of those that a policy keeps back: on each wire, whole and streamed.

const { start } = bothForEachTest()
const call = (inner: string) => `<tool_call>${inner}</tool_call>`
const GOOD = call('{"name": "get_tide", "arguments": {"port": "Brest"}}')
const BAD = call('{"name": "get_tide", "arguments": {"port": "Brest" now}}')
const UNFIT = call('{"name": "ring_bell", "arguments": {"times": "often"}}')
const MENDED = call(`{'name': 'get_tide', 'arguments': {'port': 'Brest'}}`)

/** Both ways of asking on a wire. Calls without the spacing of their arguments. */
async function ask(both: Both, wire: string): Promise<Reply[]> {
  const [path, body] = REQUESTS[wire] ?? expect.fail('no such wire')
  const first = whole(wire, (await (await both.post(path, body)).json()) as JsonObject)
  const second = await streamed(wire, await both.post(path, { ...body, stream: true }))
  return [first, second].map(({ text, calls, facts }) => ({
    text,
    calls: calls.map(({ name, input }) => ({ name, input: JSON.stringify(JSON.parse(input)) })),
    facts,
  }))
}
async function both(text: string, options: Partial<NodeProxyOptions>): Promise<Both> {
  const started = await start(options)
  started.upstream.answer(says(text))
  return started
}

describe.each(Object.keys(REQUESTS))('on %s, whole and streamed', (wire) => {
  it('a failed call is told as the option says', async () => {
    for (const failedCalls of ['omit', 'report', 'text'] as const) {
      for (const reply of await ask(await both(`Well. ${BAD}${GOOD}`, { failedCalls }), wire)) {
        const isText = failedCalls === 'text' || (failedCalls === 'report' && wire !== 'responses')
        expect(reply.text.includes('[callsift: the call of "get_tide" cannot be read')).toBe(isText)
        expect(reply.calls).toEqual([{ name: 'get_tide', input: '{"port":"Brest"}' }])
        expect(reply.facts).toMatchObject({
          status: 'malformed',
          calls: [{ name: 'get_tide', evidence: 'marker', known: true, repairs: [] }],
          failedCalls: [
            {
              name: 'get_tide',
              status: 'malformed',
              why: expect.stringContaining('cannot be read'),
              feedback: expect.stringContaining('Write it again, whole, in this form'),
            },
          ],
        })
      }
    }
  })

  it('a failed call of a tool that was not given is told as text: agents break on a name that they do not know', async () => {
    const unknown = call('{"name": "no_such_tool", "arguments": {}}')
    const failed = call('{"name": "no_such_tool", "arguments": {"port": "Brest" now}}')
    for (const text of [unknown, failed]) {
      const proxy = await both(text, { failedCalls: 'report', policy: { known: 'given' } })
      for (const reply of await ask(proxy, wire)) {
        expect(reply.text).toContain('[callsift: the call of "no_such_tool" ')
        expect(reply.calls).toEqual([])
      }
    }
  })

  it('a policy keeps back what it refuses, and the log counts it', async () => {
    for (const incompleteCalls of ['omit', 'mark'] as const) {
      const proxy = await both(UNFIT + GOOD + MENDED, { policy: 'cautious', failedCalls: 'text', incompleteCalls })
      for (const reply of await ask(proxy, wire)) {
        expect(reply.calls).toEqual([{ name: 'get_tide', input: '{"port":"Brest"}' }])
        expect(reply.text).toContain('the call of "ring_bell" is withheld: times: ')
        expect(reply.text).toContain('the call of "get_tide" is withheld: it was repaired (python-quotes)')
        expect(objectsOf(reply.facts?.failedCalls).map(({ name }) => name)).toEqual(['ring_bell', 'get_tide'])
      }
      expect(proxy.log.at(-1)?.notes).toMatchObject({ 'refused-call': 2 })
    }
  })

  it('calls that the upstream has parsed are judged by nobody, and nothing is told of them', async () => {
    const proxy = await start({ policy: { issues: 'none', repairs: 'none' } })
    const native = {
      index: 0,
      id: 'call_up',
      type: 'function',
      function: { name: 'get_tide', arguments: '{"port": 1}' },
    }
    proxy.upstream.answer(
      stream([chunk({ role: 'assistant', tool_calls: [native] }), chunk({}, { finish_reason: 'tool_calls' })]),
    )
    const [path, body] = REQUESTS[wire] ?? expect.fail('no such wire')
    const reply = await streamed(wire, await proxy.post(path, { ...body, stream: true }))
    expect(reply).toEqual({ text: '', calls: [{ name: 'get_tide', input: '{"port": 1}' }], facts: undefined })
  })

  it('one call at a time is kept to where the client wants that, or the option says so', async () => {
    const one =
      wire === 'messages'
        ? { tool_choice: { type: 'auto', disable_parallel_tool_use: true } }
        : { parallel_tool_calls: false }
    const two = wire === 'messages' ? {} : { parallel_tool_calls: true }
    const [path, body] = REQUESTS[wire] ?? expect.fail('no such wire')
    const asked = async (options: Partial<NodeProxyOptions>, more: JsonObject) => {
      const proxy = await both(`${GOOD}\n${GOOD}`, options)
      const first = whole(wire, (await (await proxy.post(path, { ...body, ...more })).json()) as JsonObject)
      const second = await streamed(wire, await proxy.post(path, { ...body, ...more, stream: true }))
      return [first.calls.length, second.calls.length]
    }
    expect(await asked({}, one)).toEqual([1, 1])
    expect(await asked({}, two)).toEqual([2, 2])
    expect(await asked({ parser: { parallelCalls: false } }, two)).toEqual([1, 1])
    expect(await asked({ parser: { parallelCalls: true } }, one)).toEqual([1, 1])
  })

  it('replies can do without the member', async () => {
    for (const { facts, calls } of await ask(await both(GOOD, { facts: 'none' }), wire))
      expect([facts, calls.length]).toEqual([undefined, 1])
    for (const { facts, text } of await ask(await both('Hello.', {}), wire))
      expect([facts, text]).toEqual([undefined, 'Hello.'])
  })
})
