import { createOpenAICompatible as compatible6 } from '@ai-sdk/openai-compatible'
import { createOpenAICompatible as compatible7 } from '@ai-sdk/openai-compatible-7'
import * as ai6 from 'ai'
import * as ai7 from 'ai-7'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createToolMiddleware, type ToolMiddlewareOptions } from '../../src/adapters/ai-sdk/ai-sdk.js'
import { writeServerSentEvent } from '../../src/adapters/sse/sse.js'
import { type Loopback, type Reply, startLoopback } from './loopback.js'

// The AI SDK's provider for OpenAI-compatible servers, on servers that act as vLLM and llama.cpp do without a parser of their own:
// what the middleware sends by default is what they need.

const CALL = '<tool_call>\n{"name": "get_tide", "arguments": {"harbour": "Moss"}}\n</tool_call>'
const SCHEMA = { type: 'object', properties: { harbour: { type: 'string' } }, required: ['harbour'] } as const
const REFUSAL = {
  error: { message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set' },
}

interface Body {
  messages: { role: string; content: string }[]
  tools?: unknown[]
  tool_choice?: unknown
  stream?: boolean
  skip_special_tokens?: boolean
  response_format?: { type: string; json_schema: { schema: unknown } }
}

/** A reply with this text, in chunks of three characters if the request wants a stream. */
function say(text: string, { stream }: Body): Reply {
  const head = { id: 'c', created: 0, model: 'm' }
  if (stream !== true) {
    const message = { role: 'assistant', content: text }
    return { json: { ...head, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }] } }
  }
  const chunk = (delta: object, finish_reason: string | null) =>
    writeServerSentEvent({
      data: JSON.stringify({
        ...head,
        object: 'chat.completion.chunk',
        choices: [{ index: 0, delta, finish_reason }],
      }),
    })
  const pieces = (text.match(/[\s\S]{1,3}/g) ?? []).map((content) => chunk({ content }, null))
  return { pieces: [...pieces, chunk({}, 'stop'), writeServerSentEvent({ data: '[DONE]' })] }
}

/** What the model writes, behind the results of tools something else. Special tokens are left out unless the request wants them. */
function answer(body: Body, text = CALL): Reply {
  const last = body.messages.at(-1)
  if (last?.role === 'tool' || last?.content.includes('high water')) return say('It is high.', body)
  return say(body.skip_special_tokens === false ? text : text.replace(/<\/?tool_call>/g, ''), body)
}

const vllm = (body: Body): Reply =>
  body.tools !== undefined && body.tool_choice !== 'none' ? { json: REFUSAL, status: 400 } : answer(body)

describe.each([
  { sdk: 'ai 6', ai: ai6, compatible: compatible6 },
  { sdk: 'ai 7', ai: ai7 as unknown as typeof ai6, compatible: compatible7 as unknown as typeof compatible6 },
])('$sdk', ({ ai, compatible }) => {
  let server: Loopback
  beforeAll(async () => {
    server = await startLoopback()
  })
  afterAll(() => server.close())

  /** Both functions of the SDK, one behind the other with the same middleware; `bodies` are the requests of each. */
  async function both(
    reply: (body: Body) => Reply,
    options: Partial<ToolMiddlewareOptions> = {},
    extra: object = {},
    settings: object = {},
  ) {
    const middleware = createToolMiddleware({ format: 'auto', ...options })
    const provider = compatible({ name: 'my-server', baseURL: server.url, ...settings })
    const seen: unknown[] = []
    const get_tide = ai.tool({
      description: 'The tide at a harbour',
      inputSchema: ai.jsonSchema<{ harbour: string }>(SCHEMA),
      execute: (input) => {
        seen.push(input)
        return 'high water'
      },
    })
    const request = {
      model: ai.wrapLanguageModel({ model: provider('qwen3-8b'), middleware }),
      tools: { get_tide },
      prompt: 'Hi',
      stopWhen: ai.stepCountIs(3),
      maxRetries: 0,
      ...extra,
    }
    server.answer((body) => reply(body as unknown as Body))
    const bodies = () => server.requests.splice(0) as unknown as Body[]
    bodies()
    const stream = ai.streamText({ ...request, onError: () => {} })
    const parts: { type: string }[] = []
    for await (const part of stream.fullStream) parts.push(part)
    const streamed = { text: await stream.text, seen: seen.splice(0), bodies: bodies(), parts }
    const { text } = await ai.generateText(request)
    return [streamed, { text, seen: seen.splice(0), bodies: bodies(), parts: [] }] as const
  }

  it('a server that refuses tool choices is asked with none, from the first refusal on', async () => {
    const [streamed, generated] = await both(vllm)
    for (const run of [streamed, generated]) {
      expect(run.seen).toEqual([{ harbour: 'Moss' }])
      expect(run.text).toBe('It is high.')
    }
    expect(streamed.bodies.map((body) => body.tool_choice)).toEqual(['auto', 'none', 'none'])
    expect(generated.bodies.map((body) => body.tool_choice)).toEqual(['none', 'none'])
    expect(generated.bodies[0]?.tools).toMatchObject([{ function: { name: 'get_tide' } }])
  })

  it('a server that takes them hears what the request says, and other errors are told', async () => {
    for (const run of await both(answer)) {
      expect(run.seen).toEqual([{ harbour: 'Moss' }])
      expect(run.bodies.map((body) => body.tool_choice)).toEqual(['auto', 'auto'])
    }
    await expect(both(() => ({ json: { error: { message: 'no such model' } }, status: 404 }))).rejects.toThrow()
    expect(server.requests.map((body) => body.tool_choice)).toEqual(['auto'])
    await expect(both(vllm, { requestToolChoice: 'keep' })).rejects.toThrow()
  })

  it('special tokens are kept in the text, unless the request or the options say otherwise', async () => {
    const [kept] = await both(answer)
    expect(kept.bodies[0]).toMatchObject({ skip_special_tokens: false, spaces_between_special_tokens: false })
    const own = { providerOptions: { 'my-server': { skip_special_tokens: true, top_k: 3 } } }
    const [asked] = await both(answer, {}, own)
    expect(asked.bodies[0]).toMatchObject({ skip_special_tokens: true, top_k: 3 })
    const [none] = await both(answer, { requestFields: {} })
    expect(none.bodies[0]).not.toHaveProperty('skip_special_tokens')
  })

  it('tools in the prompt ask no server for anything', async () => {
    for (const run of await both(vllm, { toolsIn: 'prompt' })) {
      expect(run.seen).toEqual([{ harbour: 'Moss' }])
      expect(run.text).toBe('It is high.')
      expect(run.bodies).toHaveLength(2)
      expect(run.bodies[0]?.messages[0]?.content).toContain('"name":"get_tide","description":"The tide at a harbour"')
      expect(run.bodies[1]?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user'])
      expect(run.bodies[1]?.messages[2]?.content).toBe(CALL)
    }
  })

  it('a demanded call is the JSON of one, where the provider takes schemas', async () => {
    const forced = { toolChoice: { type: 'tool', toolName: 'get_tide' }, stopWhen: ai.stepCountIs(1) }
    const json = (body: Body) => {
      if (body.response_format === undefined) return answer(body)
      return say('{"name": "get_tide", "arguments": {"harbour": "Bodø"}}', body)
    }
    const takesSchemas = { supportsStructuredOutputs: true }
    const asks = { type: 'json_schema', json_schema: { schema: { properties: { arguments: SCHEMA } } } }
    const hears = (body: Body): Reply =>
      body.tools !== undefined && body.tool_choice !== 'none' ? { json: REFUSAL, status: 400 } : json(body)
    for (const options of [{ toolsIn: 'prompt' }, { requestToolChoice: 'none' }, {}] as const) {
      for (const run of await both(hears, { startInReasoning: true, ...options }, forced, takesSchemas)) {
        expect(run.bodies.at(-1)?.response_format).toMatchObject(asks)
        expect(run.seen).toEqual([{ harbour: 'Bodø' }])
      }
    }
    // Where it does not, or a policy takes no call without a marker, the demand stands in words.
    for (const [options, settings] of [
      [{}, {}],
      [{ policy: 'cautious' }, takesSchemas],
    ] as const) {
      for (const run of await both(json, { toolsIn: 'prompt', ...options }, forced, settings)) {
        expect(run.bodies[0]).not.toHaveProperty('response_format')
        expect(run.bodies[0]?.messages[0]?.content).toContain('You must call the function get_tide.')
        expect(run.seen).toEqual([{ harbour: 'Moss' }])
      }
    }
  })
})
