import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { isObject } from '../../src/proxy/wire/json.js'
import { bothForEachTest, TOOLS, until } from './both.js'
import { says } from './upstream.js'

const { start } = bothForEachTest()
const FUNCTION = { type: 'function' as const, name: 'get_tide', parameters: { type: 'object' }, strict: false }
const CALL = '<tool_call>\n{"name": "get_tide", "arguments": {"port": "Brest"}}\n</tool_call>'

describe('tools that the vendor runs', () => {
  const KINDS = [{ type: 'web_search' }, { type: 'local_shell' }, { type: 'mcp', server_label: 'x', server_url: 'y' }]

  it('are left out of a Responses request, and named in a header and in the log', async () => {
    const both = await start()
    both.upstream.answer(says(CALL))
    for (const stream of [false, true]) {
      const response = await both.post('/v1/responses', {
        model: 'm',
        input: 'Hi',
        tools: [...KINDS, FUNCTION],
        stream,
      })
      expect(response.status).toBe(200)
      expect(response.headers.get('x-callsift-left-out-tools')).toBe('web_search, local_shell, mcp')
      expect(await response.text()).toContain('get_tide')
      expect(both.upstream.seen.at(-1)?.body.tools).toEqual([
        { type: 'function', function: { name: 'get_tide', parameters: { type: 'object' }, strict: false } },
      ])
    }
    await until(() => both.log.length >= 2)
    expect(both.log[0]).toMatchObject({ toolsLeftOut: ['web_search', 'local_shell', 'mcp'] })
    expect(await (await fetch(`${both.proxy.url}/metrics`)).text()).toContain('callsift_tools_left_out_total')
  })

  it('are left out of an Anthropic request as well', async () => {
    const both = await start()
    both.upstream.answer(says('Fine.'))
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }]
    const messages = [{ role: 'user', content: 'Hi' }]
    const response = await both.post('/v1/messages', { model: 'm', max_tokens: 9, messages, tools })
    expect(response.headers.get('x-callsift-left-out-tools')).toBe('web_search_20250305')
    expect(both.upstream.seen.at(-1)?.body.tools).toBeUndefined()
  })

  it('put nothing into a header that a client may not say', async () => {
    const both = await start()
    both.upstream.answer(says('Fine.'))
    const response = await both.post('/v1/responses', {
      model: 'm',
      input: 'Hi',
      tools: [{ type: 'a\r\nset-cookie: b' }],
    })
    expect(response.headers.get('x-callsift-left-out-tools')).toBe('a__set-cookie__b')
  })
})

describe('a tool choice that cannot be met', () => {
  const functions = TOOLS
  const anthropicTools = TOOLS.map(({ function: { name, parameters } }) => ({ name, input_schema: parameters }))
  const messages = [{ role: 'user', content: 'Hi' }]
  it.each([
    [
      '/v1/chat/completions',
      { messages, tools: functions, tool_choice: { type: 'function', function: { name: 'nope' } } },
    ],
    ['/v1/chat/completions', { messages, tool_choice: { type: 'function', function: { name: 'nope' } } }],
    ['/v1/responses', { input: 'Hi', tools: [FUNCTION], tool_choice: { type: 'function', name: 'nope' } }],
    ['/v1/responses', { input: 'Hi', tool_choice: { type: 'custom', name: 'nope' } }],
    ['/v1/messages', { max_tokens: 9, messages, tools: anthropicTools, tool_choice: { type: 'tool', name: 'nope' } }],
    ['/v1/messages', { max_tokens: 9, messages, tool_choice: { type: 'tool', name: 'nope' } }],
  ])('on %s is a 400 that names the tool and those that there are: %j', async (path, body) => {
    const both = await start()
    const response = await both.post(path, { model: 'm', ...body })
    expect(response.status).toBe(400)
    const text = await response.text()
    expect(text).toContain('no tool is named \\"nope\\"')
    expect(text).toContain('tools' in body ? 'get_tide' : 'no supported tools')
    expect(text).toContain('invalid_request_error')
    expect(both.upstream.seen).toEqual([])
  })

  it.each([
    [
      '/v1/responses',
      { input: 'Hi', tools: [{ type: 'web_search' }], tool_choice: { type: 'web_search' } },
      'web_search',
    ],
    ['/v1/responses', { input: 'Hi', tools: [{ type: 'web_search' }], tool_choice: 'required' }, 'web_search'],
    [
      '/v1/messages',
      { max_tokens: 9, messages, tools: [{ type: 'bash_20250124', name: 'bash' }], tool_choice: { type: 'any' } },
      'bash_20250124',
    ],
  ])('on %s is a 400 where only a tool that is left out could meet it', async (path, body, named) => {
    const both = await start()
    const response = await both.post(path, { model: 'm', ...body })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(named)
  })
})

describe('tools that take free text', () => {
  const PATCH = '*** Begin Patch\n*** Update File: a.txt\n+"line" \\ 🌊\n*** End Patch'
  const custom = {
    type: 'custom' as const,
    name: 'apply_patch',
    description: 'Edits files.',
    format: { type: 'grammar' as const, syntax: 'lark' as const, definition: 'start: "*** Begin Patch"' },
  }
  const written = `<tool_call>\n${JSON.stringify({ name: 'apply_patch', arguments: { input: PATCH } })}\n</tool_call>`

  it.each(['omit', 'mark'] as const)(
    'are offered as functions, and called as custom tools, whole and streamed (%s)',
    async (incompleteCalls) => {
      const both = await start({ incompleteCalls })
      const openai = new OpenAI({ baseURL: `${both.proxy.url}/v1`, apiKey: 'k', maxRetries: 0 })
      both.upstream.answer(says(`Now.\n${written}\n${CALL}`))
      const request = {
        model: 'm',
        input: 'Hi',
        tools: [custom, FUNCTION],
        tool_choice: { type: 'custom' as const, name: 'apply_patch' },
      }
      const whole = await openai.responses.create({ ...request, tool_choice: 'auto' })
      const calls = whole.output.filter(({ type }) => type !== 'message')
      expect(calls).toMatchObject([
        { type: 'custom_tool_call', name: 'apply_patch', input: PATCH, call_id: expect.stringMatching(/^call_/) },
        { type: 'function_call', name: 'get_tide', arguments: '{"port": "Brest"}' },
      ])
      const [tool] = (both.upstream.seen.at(-1)?.body.tools ?? []) as { function: object }[]
      expect(tool?.function).toMatchObject({
        name: 'apply_patch',
        description: 'Edits files.',
        parameters: {
          required: ['input'],
          properties: { input: { description: expect.stringContaining('Begin Patch') } },
        },
      })
      await openai.responses.create(request)
      expect(both.upstream.seen.at(-1)?.body.tool_choice).toEqual({
        type: 'function',
        function: { name: 'apply_patch' },
      })

      let input = ''
      let done = ''
      const items: unknown[] = []
      for await (const event of await openai.responses.create({ ...request, tool_choice: 'auto', stream: true })) {
        if (event.type === 'response.custom_tool_call_input.delta') input += event.delta
        if (event.type === 'response.custom_tool_call_input.done') done = event.input
        if (event.type === 'response.output_item.done' && event.item.type !== 'message') items.push(event.item)
      }
      expect([input, done]).toEqual([PATCH, PATCH])
      const plain = (list: unknown[]) => list.map((item) => (isObject(item) ? { ...item, id: '', call_id: '' } : item))
      expect(plain(items)).toEqual(plain(calls))
    },
  )

  it.each(['omit', 'mark'] as const)('show nothing of a call that was cut off (%s)', async (incompleteCalls) => {
    const both = await start({ incompleteCalls })
    both.upstream.answer(says(written.slice(0, 80), 'length'))
    for (const stream of [false, true]) {
      const response = await both.post('/v1/responses', { model: 'm', input: 'Hi', tools: [custom], stream })
      expect(await response.text()).not.toContain('custom_tool_call')
    }
  })

  it('tell the model of earlier calls and their results', async () => {
    const both = await start()
    both.upstream.answer(says('Done.'))
    const input = [
      { role: 'user', content: 'Hi' },
      { type: 'custom_tool_call', call_id: 'c1', name: 'apply_patch', input: PATCH },
      { type: 'custom_tool_call_output', call_id: 'c1', output: 'ok' },
    ]
    await both.post('/v1/responses', { model: 'm', input, tools: [custom] })
    expect(both.upstream.seen.at(-1)?.body.messages).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        tool_calls: [{ id: 'c1', function: { name: 'apply_patch', arguments: JSON.stringify({ input: PATCH }) } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'ok' },
    ])
  })
})

describe('what Claude Code asks beside messages', () => {
  it('HEAD / is answered, and is no line in the log', async () => {
    const both = await start()
    const response = await fetch(`${both.proxy.url}/`, { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(both.log.filter(({ event }) => event === 'request')).toEqual([])
    expect(both.upstream.seen).toEqual([])
  })
})

describe('counting tokens', () => {
  const request = {
    model: 'm',
    system: 'Be brief.',
    messages: [{ role: 'user' as const, content: 'How high is the tide in Brest?' }],
    tools: [{ name: 'get_tide', description: 'The tide.', input_schema: { type: 'object' as const } }],
  }
  const count = async (both: Awaited<ReturnType<typeof start>>) => {
    const client = new Anthropic({ baseURL: both.proxy.url, apiKey: 'k', maxRetries: 0 })
    const { data, response } = await client.messages.countTokens(request).withResponse()
    return { ...data, by: response.headers.get('x-callsift-counted-by') }
  }

  it.each([
    ['upstream', { '/v1/messages/count_tokens': () => ({ input_tokens: 41 }) }],
    [
      'vllm',
      { '/tokenize': (body: object) => ('messages' in body && 'tools' in body ? { count: 42, tokens: [] } : {}) },
    ],
    [
      'llamacpp',
      {
        '/apply-template': (body: object) => ('messages' in body && 'tools' in body ? { prompt: 'PROMPT' } : {}),
        '/tokenize': (body: object) => ('content' in body && body.content === 'PROMPT' ? { tokens: Array(43) } : {}),
      },
    ],
    ['sglang', { '/tokenize': (body: object) => ('prompt' in body ? { count: 44, tokens: [] } : {}) }],
  ] as [string, Record<string, (body: object) => object>][])(
    'is done by the engine where it can: %s',
    async (by, paths) => {
      const both = await start({ models: { m: { model: 'served' } } })
      both.upstream.answer((response, { path, body }) => {
        const answer = paths[path]?.(body)
        response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
        response.end(JSON.stringify(answer ?? { error: { message: 'not found' } }))
      })
      const expected = { upstream: 41, vllm: 42, llamacpp: 43, sglang: 44 }[by]
      expect(await count(both)).toEqual({ input_tokens: expected, by })
      const asked = both.upstream.seen.length
      expect(await count(both)).toEqual({ input_tokens: expected, by })
      // What was learnt holds: the second time nobody is asked in vain.
      expect(both.upstream.seen.length - asked).toBe(by === 'llamacpp' ? 2 : 1)
      if (by !== 'llamacpp') expect(both.upstream.seen.at(-1)?.body.model).toBe('served')
    },
  )

  it('is an estimate that says so elsewhere', async () => {
    const both = await start()
    both.upstream.answer((response) => void response.writeHead(404).end('{}'))
    const { input_tokens: tokens, by } = await count(both)
    expect(by).toBe('estimate')
    expect(tokens).toBeGreaterThan(20)
    expect(tokens).toBeLessThan(120)
    expect(both.log.some(({ message }) => String(message).includes('answers estimates'))).toBe(true)
    const wrong = await both.post('/v1/messages/count_tokens', { model: 'm' })
    expect(wrong.status).toBe(400)
    expect(await wrong.json()).toMatchObject({ type: 'error', error: { message: 'messages: expected a list' } })
  })
})

describe('an engine that a setting of its own keeps from answering', () => {
  it.each([
    ['The model produced output that does not match the expected peg-native format', '--skip-chat-parsing'],
    [
      '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
      '--upstream-tool-choice',
    ],
  ])('is told in the log with the flag to set: %s', async (message, flag) => {
    const error = { error: { code: 500, message, type: 'server_error' } }
    for (const [headers, body] of [
      [{ 'content-type': 'application/json' }, JSON.stringify(error)],
      [{ 'content-type': 'text/event-stream' }, `data: ${JSON.stringify(error)}\n\n`],
    ] as const) {
      const both = await start({ upstreamToolChoice: 'pass' })
      both.upstream.answer((response) => {
        response.writeHead(headers['content-type'] === 'application/json' ? 500 : 200, headers).end(body)
      })
      const response = await both.post('/v1/chat/completions', { model: 'm', messages: [], tools: TOOLS, stream: true })
      expect(await response.text()).toContain(message.slice(-20))
      await until(() => both.log.some(({ event }) => event === 'request'))
      // Errors of engines quote what the model wrote: they are for the client, not for the log.
      expect(both.log.at(-1)).toMatchObject({ ending: 'upstream-error' })
      expect(JSON.stringify(both.log)).not.toContain(message.slice(-20))
      expect(both.log.some(({ level, message: hint }) => level === 'warn' && String(hint).includes(flag))).toBe(true)
    }
  })
})
