import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/proxy/wire/json.js'
import { type Both, CALLS, startBoth, TEXT, TOOLS } from './both.js'
import { chunk, says, stream } from './upstream.js'

let both: Both
beforeAll(async () => {
  both = await startBoth()
})
afterAll(() => both.close())

const NATIVE_CALL = { id: 'up-1', type: 'function', function: { name: 'get_tide', arguments: '{"port":"Brest"}' } }
const nativeChunks = () => [
  chunk({ role: 'assistant', content: 'So. ' }),
  chunk({ tool_calls: [{ index: 0, ...NATIVE_CALL, function: { name: 'get_tide', arguments: '' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '{"port":' } }] }),
  chunk({ tool_calls: [{ index: 0, function: { arguments: '"Brest"}' } }] }),
  chunk({ tool_calls: [{ index: 1, id: 'up-2', type: 'function', function: { name: 'ring_bell', arguments: '{}' } }] }),
  chunk({}, { finish_reason: 'tool_calls' }),
]

describe('the Responses wire', () => {
  const client = () => new OpenAI({ baseURL: `${both.proxy.url}/v1`, apiKey: 'k', maxRetries: 0 })
  const tools = TOOLS.map(({ function: { name, parameters } }) => ({
    type: 'function' as const,
    name,
    parameters,
    strict: false,
  }))
  const request = { model: 'm', input: 'Hi', tools, temperature: 0.5, metadata: { a: 'b' } }
  const plain = (response: OpenAI.Responses.Response) =>
    response.output.map((item) => {
      if (item.type === 'function_call') return { name: item.name, arguments: item.arguments, status: item.status }
      if (item.type === 'message') return item.content.map((part) => (part.type === 'output_text' ? part.text : part))
      return item.type
    })
  // A line break between two calls is no message of its own.
  const OUTPUT = ['reasoning', ['Let me see.'], ...CALLS.map((call) => ({ ...call, status: 'completed' }))]

  it('answers whole and streamed alike', async () => {
    both.upstream.answer(says(TEXT))
    const whole = await client().responses.create(request)
    const streamed = await client().responses.stream(request).finalResponse()
    expect(plain(whole)).toEqual(OUTPUT)
    expect(plain(streamed as OpenAI.Responses.Response)).toEqual(plain(whole))
    for (const response of [whole, streamed]) {
      expect(response).toMatchObject({ status: 'completed', temperature: 0.5, metadata: { a: 'b' } })
      expect(response.usage).toMatchObject({ input_tokens: 3, output_tokens: 4, total_tokens: 7 })
    }
  })

  it('asks the upstream for chat completions', async () => {
    both.upstream.answer(says('Fine.'))
    const image = 'data:image/png;base64,AAAA'
    await client().responses.create({
      model: 'm',
      instructions: 'Be brief.',
      input: [
        { role: 'developer', content: 'And kind.' },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'What is it?' },
            { type: 'input_image', image_url: image, detail: 'low' },
          ],
        },
        { type: 'reasoning', id: 'r', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] },
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'completed',
          content: [{ type: 'output_text', text: 'Wait.', annotations: [] }],
        },
        { type: 'function_call', call_id: 'c1', name: 'get_tide', arguments: '{"port":"Brest"}' },
        { type: 'function_call', call_id: 'c2', name: 'ring_bell', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c1', output: 'high' },
        { type: 'function_call_output', call_id: 'c2', output: [{ type: 'input_text', text: 'rung' }] },
      ],
      tools: [...tools, { type: 'web_search' }],
      tool_choice: { type: 'function', name: 'get_tide' },
      max_output_tokens: 50,
      reasoning: { effort: 'low' },
      text: { format: { type: 'json_schema', name: 's', schema: { type: 'object' } } },
      ...({ top_k: 20 } as object),
    })
    const call = (id: string, name: string, text: string) => ({
      id,
      type: 'function',
      function: { name, arguments: text },
    })
    expect(both.upstream.seen.at(-1)).toMatchObject({ path: '/v1/chat/completions' })
    expect(both.upstream.seen.at(-1)?.body).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be brief.\n\nAnd kind.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image_url', image_url: { url: image, detail: 'low' } },
          ],
        },
        {
          role: 'assistant',
          content: 'Wait.',
          reasoning_content: 'Hm.',
          tool_calls: [call('c1', 'get_tide', '{"port":"Brest"}'), call('c2', 'ring_bell', '{}')],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'high' },
        { role: 'tool', tool_call_id: 'c2', content: 'rung' },
      ],
      tools: TOOLS.map((tool) => ({ ...tool, function: { ...tool.function, strict: false } })),
      tool_choice: { type: 'function', function: { name: 'get_tide' } },
      max_tokens: 50,
      reasoning_effort: 'low',
      response_format: { type: 'json_schema', json_schema: { name: 's', schema: { type: 'object' } } },
      top_k: 20,
      skip_special_tokens: false,
      spaces_between_special_tokens: false,
    })
  })

  it('tells the words of a developer behind the beginning as a part of what the user says', async () => {
    both.upstream.answer(says('Fine.'))
    const told = async (input: OpenAI.Responses.ResponseInputItem[], instructions?: string) => {
      await client().responses.create({ model: 'm', input, ...(instructions === undefined ? {} : { instructions }) })
      return both.upstream.seen.at(-1)?.body.messages
    }
    const REMINDER = '<system-reminder>\nNo network.\n</system-reminder>'
    const developer = { role: 'developer', content: 'No network.' } as const
    const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }
    expect(await told([developer, { role: 'system', content: 'Yet.' }])).toEqual([
      { role: 'system', content: 'No network.\n\nYet.' },
    ])
    expect(await told([{ role: 'user', content: 'Hi' }, developer], 'Be brief.')).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: `Hi\n\n${REMINDER}` },
    ])
    const seen = { type: 'input_image', image_url: image.image_url.url, detail: 'auto' } as const
    expect(await told([{ role: 'user', content: [seen] }, developer])).toMatchObject([
      { role: 'user', content: [image, { type: 'text', text: REMINDER }] },
    ])
    const call = { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' } as const
    expect(await told([call, { type: 'function_call_output', call_id: 'c', output: 'done' }, developer])).toMatchObject(
      [{ role: 'assistant' }, { role: 'tool', content: 'done' }, { role: 'user', content: REMINDER }],
    )
  })

  it('keeps calls that the upstream has parsed, with their ids', async () => {
    both.upstream.answer(stream(nativeChunks()))
    const response = await client().responses.stream(request).finalResponse()
    expect(response.output.filter(({ type }) => type === 'function_call')).toMatchObject([
      { call_id: 'up-1', name: 'get_tide', arguments: '{"port":"Brest"}', status: 'completed' },
      { call_id: 'up-2', name: 'ring_bell', arguments: '{}', status: 'completed' },
    ])
  })

  it.each([
    [{ previous_response_id: 'r' }, 'previous_response_id'],
    [{ background: true }, 'background'],
    [{ input: [{ type: 'item_reference', id: 'x' }] }, 'input[0]'],
    [{ input: 3 }, 'input'],
  ])('says what it cannot do: %j', async (more, place) => {
    const response = await both.post('/v1/responses', { ...request, ...more })
    expect(response.status).toBe(400)
    const { error } = (await response.json()) as { error: JsonObject }
    expect(error).toMatchObject({ type: 'invalid_request_error', message: expect.stringContaining(place) })
  })

  it('is incomplete where the text was cut off, and holds no part of the call', async () => {
    both.upstream.answer(says(TEXT.slice(0, 100), 'length'))
    const response = await client().responses.create(request)
    expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
    expect(response.output.map(({ type }) => type)).toEqual(['reasoning', 'message'])
  })
})

describe('the Anthropic wire', () => {
  const client = () => new Anthropic({ baseURL: both.proxy.url, apiKey: 'k', maxRetries: 0 })
  const tools = TOOLS.map(({ function: { name, parameters } }) => ({
    name,
    input_schema: parameters as { type: 'object' },
  }))
  const request = { model: 'm', max_tokens: 50, messages: [{ role: 'user' as const, content: 'Hi' }], tools }
  const plain = (message: Anthropic.Message) =>
    message.content.map((block) => {
      if (block.type === 'tool_use') return { name: block.name, input: block.input }
      return block.type === 'text' ? block.text : block.type === 'thinking' ? { thinking: block.thinking } : block.type
    })
  const BLOCKS = [
    { thinking: 'The tide, then the bell.' },
    'Let me see.',
    ...CALLS.map(({ name, arguments: text }) => ({ name, input: JSON.parse(text) })),
  ]

  it('answers whole and streamed alike', async () => {
    both.upstream.answer(says(TEXT))
    const whole = await client().messages.create(request)
    const streamed = await client().messages.stream(request).finalMessage()
    for (const message of [whole, streamed]) {
      expect(plain(message)).toEqual(BLOCKS)
      expect(message).toMatchObject({
        stop_reason: 'tool_use',
        model: 'm',
        usage: { input_tokens: 3, output_tokens: 4 },
      })
    }
    expect(both.upstream.seen.at(-1)?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } })
  })

  it('asks the upstream for chat completions', async () => {
    both.upstream.answer(says('Fine.'))
    await client().messages.create({
      ...request,
      system: [
        { type: 'text', text: 'Be brief.' },
        { type: 'text', text: 'And kind.' },
      ],
      messages: [
        {
          role: 'user',
          content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }],
        },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature: '' },
            { type: 'text', text: 'Wait.' },
            { type: 'tool_use', id: 'c1', name: 'get_tide', input: { port: 'Brest' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'high' }] },
            { type: 'text', text: 'And now?' },
          ],
        },
      ],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      stop_sequences: ['END'],
      metadata: { user_id: 'u' },
      thinking: { type: 'enabled', budget_tokens: 1024 },
    })
    expect(both.upstream.seen.at(-1)?.body).toEqual({
      model: 'm',
      max_tokens: 50,
      messages: [
        { role: 'system', content: 'Be brief.\n\nAnd kind.' },
        { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] },
        {
          role: 'assistant',
          content: 'Wait.',
          reasoning_content: 'Hm.',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'get_tide', arguments: '{"port":"Brest"}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'high' },
        { role: 'user', content: 'And now?' },
      ],
      tools: TOOLS,
      tool_choice: 'required',
      parallel_tool_calls: false,
      stop: ['END'],
      user: 'u',
      skip_special_tokens: false,
      spaces_between_special_tokens: false,
    })
  })

  it('loses nothing that a client says: system words anywhere, found tools, search results, documents of parts, a schema', async () => {
    both.upstream.answer(says('Fine.'))
    const schema = { type: 'object', properties: { port: { type: 'string' } } }
    const text = (text: string) => ({ type: 'text', text })
    const body = {
      ...request,
      system: 'Be brief.',
      messages: [
        { role: 'user', content: 'Which tools?' },
        { role: 'system', content: [text('# Environment'), text('Today is Sunday.')] },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'c1', name: 'get_tide', input: {} }] },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'c1',
              content: [
                { type: 'tool_reference', tool_name: 'get_tide' },
                { type: 'search_result', source: 'tides.txt', title: 'Tides', content: [text('high at 3')] },
                { type: 'document', source: { type: 'content', content: [text('low at 9')] } },
                { type: 'document', source: { type: 'content', content: 'and 21' } },
              ],
            },
          ],
        },
        { role: 'system', content: 'Two tokens left.' },
      ],
      output_config: { format: { type: 'json_schema', schema } },
    }
    await client().messages.create(body as unknown as Anthropic.MessageCreateParamsNonStreaming)
    expect(both.upstream.seen.at(-1)?.body).toMatchObject({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: 'Which tools?\n\n<system-reminder>\n# Environment\n\nToday is Sunday.\n</system-reminder>',
        },
        { role: 'assistant' },
        { role: 'tool', content: 'get_tide\nTides\ntides.txt\nhigh at 3\nlow at 9\nand 21' },
        { role: 'user', content: '<system-reminder>\nTwo tokens left.\n</system-reminder>' },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
    })
  })

  it('keeps calls that the upstream has parsed, with their ids', async () => {
    both.upstream.answer(stream(nativeChunks()))
    const message = await client().messages.stream(request).finalMessage()
    expect(message.content).toMatchObject([
      { type: 'text', text: 'So. ' },
      { type: 'tool_use', id: 'up-1', input: { port: 'Brest' } },
      { type: 'tool_use', id: 'up-2', input: {} },
    ])
    expect(message.stop_reason).toBe('tool_use')
  })

  it('says which stop sequence ended the message', async () => {
    both.upstream.answer(stream([chunk({ content: 'One ' }), chunk({}, { finish_reason: 'stop', stop_reason: 'END' })]))
    const message = await client()
      .messages.stream({ ...request, stop_sequences: ['END'] })
      .finalMessage()
    expect(message).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'END' })
  })

  it('never has a call that was cut off', async () => {
    both.upstream.answer(says(TEXT.slice(0, 100), 'length'))
    const whole = await client().messages.create(request)
    expect(whole.stop_reason).toBe('max_tokens')
    expect(whole.content.map(({ type }) => type)).toEqual(['thinking', 'text'])
    const streamed = await client().messages.stream(request).finalMessage()
    expect(streamed.stop_reason).toBe('max_tokens')
    expect(streamed.content.map(({ type }) => type)).toEqual(['thinking', 'text'])
  })

  it('writes the numbers of a whole message as the model wrote them, as a stream does', async () => {
    const input = '{"times": 9007199254740993, "port": [-0, 1e21, "\\u00e9"]}'
    both.upstream.answer(says(`<tool_call>{"name": "ring_bell", "arguments": ${input}}</tool_call>`))
    const response = await both.post('/v1/messages', request)
    expect(await response.text()).toContain(`"name":"ring_bell","input":${input}`)
  })

  it('has errors in its own shape', async () => {
    const response = await both.post('/v1/messages', '{"model":')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } })
  })
})
