import { describe, expect, it } from 'vitest'
import { createProxyHandler, type ProxyOptions } from '../../src/proxy/server/handler.js'
import { type NodeProxyOptions, startProxy } from '../../src/proxy/server/node.js'
import { type Both, bothForEachTest, chatRequest, joinStream, plainCalls } from './both.js'
import { inPieces, json, type Script, says, stream, textChunks, USAGE } from './upstream.js'

const CHAT = '/v1/chat/completions'
const CALL = '<tool_call>{"name": "get_tide", "arguments": {}}</tool_call>'
const PLAIN_CALL = [{ name: 'get_tide', arguments: '{}' }]

const { start } = bothForEachTest()

describe('wrong options', () => {
  const upstream = 'http://localhost:8000/v1'
  it.each([
    [{}, 'upstream: missing; expected the base URL'],
    [{ upstream: 'localhost:8000' }, 'did you mean http://localhost:8000?'],
    [{ upstream: 'nonsense' }, 'upstream: "nonsense" is not a URL'],
    [{ upstream: 'http://u:p@localhost/v1' }, 'give the key as apiKey'],
    [{ upstream: 'http://localhost/v1?a=1' }, 'leave out what follows ?'],
    [{ upstream, modles: {} }, 'modles: no such option; did you mean models'],
    [{ upstream, format: 'hermez' }, 'format: unknown format "hermez". Near names: hermes'],
    [{ upstream, models: { 'a*': 'hermez' } }, 'models["a*"].format: unknown format "hermez"'],
    [{ upstream, models: { a: { fromat: 'hermes' } } }, 'models["a"].fromat: no such field; did you mean format?'],
    [{ upstream, models: { a: { startInReasoning: 'yes' } } }, 'models["a"].startInReasoning: expected true or false'],
    [{ upstream, models: { a: 7 } }, 'models["a"]: expected a format or an object'],
    [{ upstream, models: [] }, 'models: expected an object'],
    [{ upstream, parser: { format: 'x' } }, 'parser.format: not supported here'],
    [{ upstream, parser: { damaged: 'x' } }, "parser.damaged: expected 'keep' or 'drop'"],
    [{ upstream, incompleteCalls: 'x' }, "incompleteCalls: expected 'omit' or 'mark', got \"x\""],
    [{ upstream, failedCalls: 'x' }, "failedCalls: expected 'omit' or 'report' or 'text', got \"x\""],
    [{ upstream, policy: 'strict' }, "policy: expected 'cautious' or an object of rules"],
    [{ upstream, policy: { isues: 'none' } }, 'policy.isues: no such rule'],
    [{ upstream, facts: 'all' }, "facts: expected 'add' or 'none', got \"all\""],
    [{ upstream, parser: { trust: 'much' } }, "parser.trust: expected 'usual' or 'cautious'"],
    [{ upstream, upstreamApi: 'completions' }, "prompt: expected 'vllm', 'llamacpp' or a function"],
    [{ upstream, prompt: 'vllm' }, "prompt: only with upstreamApi 'completions'"],
    [{ upstream, apiKey: 'a b' }, 'apiKey: expected a key without spaces'],
    [{ upstream, apiKey: 'a', forwardCredentials: true }, 'forwardCredentials: leave it out'],
    [{ upstream, bodyLimit: 0 }, 'bodyLimit: expected a positive whole number, got 0'],
    [{ upstream, keepAlive: true }, 'keepAlive: expected a positive whole number'],
    [{ upstream, timeout: -1 }, 'timeout: expected'],
    [{ upstream, log: 'stderr' }, 'log: expected a function'],
    [{ upstream, upstreamFields: [] }, 'upstreamFields: expected an object'],
    [{ upstream, stop: true }, 'stop: expected an AbortSignal'],
    [{ upstream, fetch: 1 }, 'fetch: expected a function'],
  ])('%j is told as such', (options, message) => {
    expect(() => createProxyHandler(options as unknown as ProxyOptions)).toThrow(TypeError)
    expect(() => createProxyHandler(options as unknown as ProxyOptions)).toThrow(message)
  })

  it('of the server too', async () => {
    await expect(startProxy({ upstream, port: 70000 })).rejects.toThrow('port: expected a number from 0 to 65535')
    await expect(startProxy({ upstream, host: '' })).rejects.toThrow('host: expected an address')
  })
})

describe('the format', () => {
  const formatOf = async (both: Both, model: string) => {
    both.upstream.answer(says(CALL))
    await both.post(CHAT, chatRequest({ model }))
    const record = both.log.at(-1)
    return { format: record?.format, why: record?.why }
  }

  it('is what the rule of the model says, the longest pattern first', async () => {
    const models = { 'my-*': 'mistral', 'my-*-b': { format: 'hermes', model: 'served' }, '*': 'qwen3_coder' }
    const both = await start({ models, format: 'auto' })
    expect(await formatOf(both, 'my-model-b')).toEqual({ format: 'hermes', why: 'a rule in models' })
    expect(both.upstream.seen.at(-1)?.body.model).toBe('served')
    expect((await formatOf(both, 'my-model')).format).toBe('mistral')
    expect((await formatOf(both, 'other')).format).toBe('qwen3-coder')
  })

  it('is what the option says, else what the name of the model says', async () => {
    expect(await formatOf(await start({ format: 'mistral' }), 'qwen3-8b')).toEqual({
      format: 'mistral',
      why: 'the option format',
    })
    const { format, why } = await formatOf(await start({ format: 'auto' }), 'Qwen/Qwen3-8B')
    expect(format).toBe('hermes')
    expect(why).toContain('the name says')
  })

  it('is what the upstream says of a name that says nothing; it is asked once', async () => {
    const both = await start({ format: 'auto' })
    const script: Script = (response, seen, gone) => {
      if (seen.path !== '/v1/models') return says(CALL)(response, seen, gone)
      const data = [
        { id: 'served', root: 'Qwen/Qwen3-8B' },
        { id: 'b', root: 'x' },
      ]
      return json({ data })(response, seen, gone)
    }
    both.upstream.answer(script)
    for (let i = 0; i < 3; i++) await both.post(CHAT, chatRequest({ model: 'served' }))
    expect(both.log.at(-1)).toMatchObject({ format: 'hermes' })
    expect(both.upstream.seen.filter(({ path }) => path === '/v1/models')).toHaveLength(1)
  })

  it('does not wait for an upstream that keeps its models to itself', async () => {
    const both = await start({ format: 'auto' })
    both.upstream.answer((response, seen, gone) => {
      if (seen.path !== '/v1/models') return says(CALL)(response, seen, gone)
      response.writeHead(200).flushHeaders()
    })
    const response = await both.post(CHAT, chatRequest())
    expect(response.status).toBe(200)
    expect(both.log.at(-1)).toMatchObject({ format: 'auto: hermes' })
  })

  it('is decided by the first marker where nothing else says it', async () => {
    const both = await start({ format: 'auto' })
    expect(await formatOf(both, 'who-knows')).toMatchObject({
      format: 'auto: hermes',
      why: expect.stringContaining('first marker'),
    })
  })

  it('begins in reasoning where the option or the rule says so', async () => {
    const models = { plain: { startInReasoning: false } }
    const both = await start({ startInReasoning: true, models })
    both.upstream.answer(stream(textChunks(inPieces(`Hm.</think>${CALL}`))))
    const thinking = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
    expect(thinking.choices[0]).toMatchObject({ reasoning: 'Hm.', content: null })
    const plain = await joinStream(await both.post(CHAT, chatRequest({ stream: true, model: 'plain' })))
    expect(plain.choices[0]?.content).toContain('Hm.')
    for (const { choices } of [thinking, plain]) expect(plainCalls(choices[0])).toEqual(PLAIN_CALL)
  })
})

describe('what the upstream is asked', () => {
  const REFUSAL = {
    error: { message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set' },
  }
  const likeVllm: Script = (response, seen, gone) => {
    const refuses = seen.body.tools !== undefined && seen.body.tool_choice !== 'none'
    return refuses ? json(REFUSAL, 400)(response, seen, gone) : says(CALL)(response, seen, gone)
  }
  const choices = (both: Both) => both.upstream.seen.map(({ body }) => body.tool_choice)

  it('tool_choice none, once it has refused another for lack of a parser', async () => {
    const both = await start()
    both.upstream.answer(likeVllm)
    for (let i = 0; i < 2; i++) {
      const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true })))
      expect(plainCalls(joined.choices[0])).toEqual(PLAIN_CALL)
    }
    expect(choices(both)).toEqual([undefined, 'none', 'none'])
    expect(both.log[0]).toMatchObject({ level: 'warn', event: 'upstream' })
  })

  it('tool_choice none from the start, or never, as the option says', async () => {
    const never = await start({ upstreamToolChoice: 'pass' })
    never.upstream.answer(likeVllm)
    const response = await never.post(CHAT, chatRequest())
    expect([response.status, await response.json()]).toEqual([400, REFUSAL])
    const always = await start({ upstreamToolChoice: 'none' })
    always.upstream.answer(likeVllm)
    await always.post(CHAT, chatRequest({ tool_choice: 'required' }))
    expect(choices(always)).toEqual(['none'])
  })

  it('passes other refusals on', async () => {
    const both = await start()
    both.upstream.answer(json({ error: { message: 'too long' } }, 400))
    const response = await both.post(CHAT, chatRequest())
    expect([response.status, await response.json()]).toEqual([400, { error: { message: 'too long' } }])
    expect(both.upstream.seen).toHaveLength(1)
  })

  it('fields of the options, without those that are null', async () => {
    const both = await start({ upstreamFields: { top_k: 20, spaces_between_special_tokens: null } })
    both.upstream.answer(says('Hi'))
    await both.post(CHAT, chatRequest())
    expect(both.upstream.seen[0]?.body).toEqual({ ...chatRequest(), skip_special_tokens: false, top_k: 20 })
  })
})

describe('an upstream that only completes text', () => {
  const completes =
    (prompts: Record<string, unknown>): Script =>
    (response, seen, gone) => {
      const prompt = prompts[seen.path]
      if (prompt !== undefined) return json(prompt)(response, seen, gone)
      if (seen.path !== '/v1/completions') return json({ error: 'no such path' }, 404)(response, seen, gone)
      const choice = (text: string, finish: string | null, logprobs: unknown = null) => ({
        index: 0,
        text,
        finish_reason: finish,
        logprobs,
      })
      const envelope = { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'm' }
      if (seen.body.stream !== true) return json({ ...envelope, choices: [choice(CALL, 'stop')] })(response, seen, gone)
      const logprobs = { tokens: ['<'], token_logprobs: [-0.5], top_logprobs: [{ '<': -0.5 }], text_offset: [0] }
      const chunks = inPieces(CALL).map((text, i) => ({
        ...envelope,
        choices: [choice(text, null, i === 0 ? logprobs : null)],
      }))
      const usage = { ...envelope, choices: [], usage: USAGE }
      return stream([...chunks, { ...envelope, choices: [choice('', 'stop')] }, usage])(response, seen, gone)
    }

  it.each([
    ['vllm' as const, '/tokenize', { tokens: [1, 2, 3] }, [1, 2, 3]],
    ['llamacpp' as const, '/apply-template', { prompt: '<|im_start|>' }, '<|im_start|>'],
  ])('gets the prompt that %s renders', async (prompt, path, answer, made) => {
    const both = await start({ upstreamApi: 'completions', prompt })
    both.upstream.answer(completes({ [path]: answer }))
    const more = { max_completion_tokens: 9, logprobs: true, top_logprobs: 1, temperature: 0 }
    const joined = await joinStream(await both.post(CHAT, chatRequest({ stream: true, ...more })))
    expect(plainCalls(joined.choices[0])).toEqual(PLAIN_CALL)
    expect(joined.choices[0]).toMatchObject({ finish: ['tool_calls'] })
    expect(joined.usage).toEqual([USAGE])
    expect(joined.choices[0]?.logprobs[0]).toEqual({
      token: '<',
      logprob: -0.5,
      bytes: null,
      top_logprobs: [{ token: '<', logprob: -0.5, bytes: null }],
    })
    expect(joined.chunks.every(({ object }) => object === 'chat.completion.chunk')).toBe(true)
    const [first, second] = both.upstream.seen
    expect(first).toMatchObject({
      path,
      body: { model: 'm', messages: [{ role: 'user', content: 'Hi' }], add_generation_prompt: true },
    })
    expect(first?.body.tools).toHaveLength(2)
    expect(second?.body).toEqual({
      model: 'm',
      stream: true,
      prompt: made,
      max_tokens: 9,
      logprobs: 1,
      temperature: 0,
      skip_special_tokens: false,
      spaces_between_special_tokens: false,
    })
  })

  it('gets the prompt of a function, for the other wires too', async () => {
    const both = await start({ upstreamApi: 'completions', prompt: ({ messages }) => JSON.stringify(messages) })
    both.upstream.answer(completes({}))
    const tools = [{ name: 'get_tide', input_schema: { type: 'object' } }]
    const response = await both.post('/v1/messages', {
      model: 'm',
      max_tokens: 5,
      messages: [{ role: 'user', content: 'Hi' }],
      tools,
    })
    expect(await response.json()).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', name: 'get_tide', input: {} }],
    })
    expect(both.upstream.seen[0]?.body.prompt).toBe('[{"role":"user","content":"Hi"}]')
  })

  it('passes on what the engine says against a prompt, and names the option where it is another engine', async () => {
    const both = await start({ upstreamApi: 'completions', prompt: 'vllm' })
    both.upstream.answer(json({ error: 'bad template' }, 422))
    const refused = await both.post(CHAT, chatRequest())
    expect([refused.status, await refused.json()]).toEqual([422, { error: 'bad template' }])
    both.upstream.answer(json({ prompt: 'x' }))
    const other = await both.post(CHAT, chatRequest())
    expect(other.status).toBe(502)
    expect(await other.text()).toContain('is the upstream vllm? (option prompt)')
  })
})

describe('credentials', () => {
  const SENT = {
    authorization: 'Bearer client',
    'x-api-key': 'client',
    cookie: 'a=client',
    'openai-organization': 'client',
    'x-trace': 'kept',
  }
  const received = async (options: Partial<NodeProxyOptions>, path = CHAT) => {
    const both = await start(options)
    both.upstream.answer(says('Hi'))
    await both.post(path, chatRequest(), { headers: SENT })
    return both.upstream.seen.at(-1)?.headers ?? {}
  }

  it.each([CHAT, '/v1/embeddings'])('of a client stay here: %s', async (path) => {
    const headers = await received({}, path)
    expect(JSON.stringify(headers)).not.toContain('client')
    expect(headers).toMatchObject({ 'x-trace': 'kept' })
  })

  it('of the options go to the upstream in their place', async () => {
    const headers = await received({ apiKey: 'ours' })
    expect(headers.authorization).toBe('Bearer ours')
    expect(JSON.stringify(headers)).not.toContain('client')
  })

  it('of a client go on where that was asked for, an Anthropic key as a bearer token', async () => {
    expect((await received({ forwardCredentials: true })).authorization).toBe('Bearer client')
    const both = await start({ forwardCredentials: true })
    both.upstream.answer(says('Hi'))
    await both.post('/v1/messages', { model: 'm', max_tokens: 1, messages: [] }, { headers: { 'x-api-key': 'k' } })
    expect(both.upstream.seen.at(-1)?.headers.authorization).toBe('Bearer k')
  })

  it('never follow a redirect', async () => {
    const both = await start({ apiKey: 'ours' })
    const other = await start()
    both.upstream.answer(
      (response) => void response.writeHead(307, { location: `${other.upstream.url}/chat/completions` }).end(),
    )
    const response = await both.post(CHAT, chatRequest(), { redirect: 'manual' })
    expect(response.status).toBe(502)
    expect(response.headers.get('location')).toBe(null)
    expect(other.upstream.seen).toEqual([])
  })

  it('that the upstream misses are told in the log', async () => {
    const both = await start()
    both.upstream.answer(json({ error: 'no key' }, 401))
    expect((await both.post(CHAT, chatRequest())).status).toBe(401)
    expect(both.log[0]).toMatchObject({ level: 'warn', message: expect.stringContaining('--api-key-env') })
  })
})
