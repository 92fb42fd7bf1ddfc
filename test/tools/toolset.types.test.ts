import type { Tool as AnthropicTool, ToolUnion } from '@anthropic-ai/sdk/resources/messages'
import type { ListToolsResult } from '@modelcontextprotocol/sdk/types.js'
import { jsonSchema, type ToolSet, tool } from 'ai'
import type { ChatCompletionTool } from 'openai/resources/chat/completions'
import type { Tool as ResponsesTool } from 'openai/resources/responses/responses'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { readTools } from '../../src/tools/schema.js'
import type { ToolsInput } from '../../src/tools/tools-input.js'
import { type CallOf, toolset } from '../../src/tools/toolset.js'
import { parameterTypes } from '../../src/tools/value-types.js'

describe('the arguments of a valid call have the types of its schema', () => {
  const entries = {
    search: z.object({ query: z.string(), limit: z.number().default(10) }),
    sized: { description: 'How big.', schema: z.object({ size: z.string().transform((text) => text.length) }) },
    plain: { type: 'object', properties: { q: { type: 'string' } } },
  }
  const set = toolset(entries)

  test('by name', () => {
    const result = set.validateCall({ id: 'c1', name: 'search' as string, arguments: { query: 'x' } as unknown })
    expect(result.ok).toBe(true)
    if (!result.ok) return
    expectTypeOf(result.call.id).toEqualTypeOf<string>()
    expectTypeOf(result.call.name).toEqualTypeOf<'search' | 'sized' | 'plain'>()
    if (result.call.name === 'search') {
      expectTypeOf(result.call.arguments).toEqualTypeOf<{ query: string; limit: number }>()
      expect(result.call.arguments.limit).toBe(10)
    }
    if (result.call.name === 'sized') expectTypeOf(result.call.arguments).toEqualTypeOf<{ size: number }>()
    if (result.call.name === 'plain') expectTypeOf(result.call.arguments).toEqualTypeOf<Record<string, unknown>>()
    // @ts-expect-error a tool that is not there
    expect(result.call.name === 'other').toBe(false)
  })

  test('issues exist only where the call does not', async () => {
    const result = await set.validateCallAsync({ name: 'search', arguments: {} })
    expect(result.ok).toBe(false)
    if (result.ok) return
    expectTypeOf(result.issues[0]?.path).toEqualTypeOf<string | undefined>()
    // @ts-expect-error an invalid call has no call
    expect(result.call).toBeUndefined()
  })

  test('a call as a type', () => {
    type Call = CallOf<typeof entries>
    const call: Call = { name: 'sized', arguments: { size: 3 } }
    expectTypeOf<Extract<Call, { name: 'search' }>['arguments']['query']>().toEqualTypeOf<string>()
    expect(call.name).toBe('sized')
  })
})

describe('the tools of every client are tools', () => {
  const parameters = { type: 'object' as const, properties: { q: { type: 'string' } } }

  test('OpenAI, Anthropic, MCP, AI SDK', () => {
    const chat: ChatCompletionTool[] = [{ type: 'function', function: { name: 'a', parameters } }]
    const responses: ResponsesTool[] = [{ type: 'function', name: 'a', parameters, strict: null }]
    const anthropic: AnthropicTool[] = [{ name: 'a', input_schema: parameters }]
    const union: ToolUnion[] = anthropic
    const mcp: ListToolsResult = { tools: [{ name: 'a', inputSchema: parameters }] }
    const aiSdk: ToolSet = {
      a: tool({ inputSchema: z.object({ q: z.string() }) }),
      b: tool({ inputSchema: jsonSchema({ type: 'object', properties: { q: { type: 'string' } } }) }),
    }
    for (const input of [
      chat,
      responses,
      anthropic,
      union,
      mcp,
      aiSdk,
      toolset({ a: parameters }),
    ] satisfies ToolsInput[]) {
      for (const name of readTools(input).names)
        expect([...parameterTypes(readTools(input).get)(name, 'q')]).toEqual(['string'])
      expect(readTools(input).names[0]).toBe('a')
    }
  })

  test('text and numbers are not', () => {
    // @ts-expect-error no tools
    expect(() => readTools('[]')).toThrow(TypeError)
    // @ts-expect-error no schema
    expect(() => readTools({ a: 7 })).toThrow(TypeError)
  })
})
