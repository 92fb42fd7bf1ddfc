import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fromMcpTools, toCallRequests, toCallToolParams, toToolText } from '../../src/adapters/mcp/mcp.js'
import type { ToolCall } from '../../src/event/event.js'
import { call, eventsFrom, resultFrom } from './events.js'

const callsOf = (...segments: Parameters<typeof eventsFrom>[0]) => resultFrom(eventsFrom(segments))
const only = (calls: ToolCall[]): ToolCall => {
  const [one] = calls
  if (one === undefined) throw new Error('expected a call')
  return one
}

describe('tools', () => {
  it('become chat tools', () => {
    const inputSchema = { type: 'object', properties: { a: { type: 'number' } } }
    expect(
      fromMcpTools({
        tools: [
          { name: 'f', description: 'F', inputSchema },
          { name: 'g', inputSchema: {} },
        ],
      }),
    ).toEqual([
      { type: 'function', function: { name: 'f', description: 'F', parameters: inputSchema } },
      { type: 'function', function: { name: 'g', parameters: {} } },
    ])
  })
})

describe('calls', () => {
  it('become parameters, complete ones only', () => {
    const result = callsOf(call('f', '{"a": 1}'), call('g', '{"a"', 'truncated'))
    expect(toCallRequests(result)).toEqual([
      {
        id: 'call_0',
        params: { name: 'f', arguments: { a: 1 } },
        callsift: { evidence: 'marker', known: true, repairs: [] },
      },
    ])
    expect(() => toCallToolParams(only(result.incomplete))).toThrow(/Call 1 of g is truncated and must not be run/)
  })
})

describe('answers', () => {
  it('become text', () => {
    expect(
      toToolText({
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      }),
    ).toBe('a\nb')
    expect(toToolText({ content: [{ type: 'image', data: '' }] })).toBe('[image]')
    expect(toToolText({ content: [{ type: 'resource', resource: { uri: 'x:', text: 'c' } }] })).toBe('c')
    expect(toToolText({ content: [], structuredContent: { a: 1 } })).toBe('{"a":1}')
    expect(toToolText({})).toBe('')
  })
})

describe('a real server in memory', () => {
  const server = new McpServer({ name: 'tides', version: '1.0.0' })
  const client = new Client({ name: 'test', version: '1.0.0' })
  beforeAll(async () => {
    server.registerTool(
      'get_tide',
      { description: 'The tide at a harbour', inputSchema: { harbour: z.string(), days: z.number() } },
      ({ harbour, days }) => ({ content: [{ type: 'text', text: `${harbour}: high for ${days} days` }] }),
    )
    const [near, far] = InMemoryTransport.createLinkedPair()
    await Promise.all([server.connect(far), client.connect(near)])
  })
  afterAll(() => client.close())

  it('gets a call and answers it', async () => {
    const [tool] = fromMcpTools(await client.listTools())
    expect(tool?.function).toMatchObject({
      name: 'get_tide',
      description: 'The tide at a harbour',
      parameters: { type: 'object', required: ['harbour', 'days'] },
    })
    const result = callsOf(call('get_tide', '{"harbour": "Stavanger", "days": 3}'))
    const answers = await Promise.all(toCallRequests(result).map(({ params }) => client.callTool(params)))
    expect(answers.map(toToolText)).toEqual(['Stavanger: high for 3 days'])
  })
})
