import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useCommand } from '../cli/command.js'
import { chatRequest, gate, joinStream, plainCalls, until } from './both.js'
import { likeEngine, pagesOf } from './engines.js'
import { useProxyCommand } from './proxy-command.js'
import { chunk, eventText, type FakeUpstream, json, says, startUpstream } from './upstream.js'

const command = useCommand()
const CALL = '<tool_call>{"name": "get_tide", "arguments": {}}</tool_call>'

let upstream: FakeUpstream
beforeAll(async () => {
  upstream = await startUpstream()
})
afterAll(() => upstream.close())

const startCommand = useProxyCommand(command, () => upstream.url)

describe('callsift proxy', () => {
  it('says where it listens, answers, and logs lines of JSON to standard error', async () => {
    upstream.answer(says(CALL))
    const { out, post, log } = await startCommand(['--format', 'hermes'])
    expect(out).toContain(`in front of ${upstream.url}`)
    const joined = await joinStream(await post(chatRequest({ stream: true })))
    expect(plainCalls(joined.choices[0])).toEqual([{ name: 'get_tide', arguments: '{}' }])
    expect(await log(1)).toMatchObject([{ event: 'request', status: 200, calls: { 'hermes complete': 1 } }])
  })

  it('logs nothing that a terminal takes for a command, whatever a client sends', async () => {
    upstream.answer(says(CALL))
    const { post, log, said } = await startCommand(['--format', 'hermes'])
    const model = 'm\u009b31m\u001b[2J\r\n\u202e\u2028\u007f\u{e0041}'
    await (await post(chatRequest({ model }))).text()
    expect(await log(1)).toMatchObject([{ event: 'request', model }])
    expect(said()).toMatch(/^[ -~]+\n$/)
  })

  it('reads rules from a file and the key from the environment', async () => {
    upstream.answer(says(CALL))
    command.write('map.json', '{"m*": {"format": "hermes", "model": "served"}}')
    const map = `${command.folder}/map.json`
    const { post, log } = await startCommand(
      ['--model-map', map, '--api-key-env', 'TEST_KEY', '--upstream-fields', '{"top_k": 1}'],
      { TEST_KEY: 'k1' },
    )
    await (await post(chatRequest())).text()
    // The proxy asks the engine about itself meanwhile.
    expect(upstream.seen.filter(({ method }) => method === 'POST').at(-1)).toMatchObject({
      headers: { authorization: 'Bearer k1' },
      body: { model: 'served', top_k: 1 },
    })
    expect(await log(1)).toMatchObject([{ why: 'a rule in models' }])
  })

  it('says nothing of requests with --quiet, but warns', async () => {
    upstream.answer(json({ error: 'no' }, 401))
    const { post, log } = await startCommand(['--quiet'])
    await (await post(chatRequest({ model: 'qwen3-8b' }))).text()
    expect(await log(2)).toMatchObject([
      { level: 'warn', event: 'upstream' },
      { level: 'error', event: 'request', status: 401 },
    ])
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('lets running streams end at %s, and exits with 0', async (signal) => {
    const begun = gate()
    const going = gate()
    upstream.answer(async (response, { path }) => {
      if (!path.endsWith('/completions')) return void response.writeHead(404).end() // what it serves
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(chunk({ content: 'Hello' }))}\n\n`)
      begun.open()
      await going.passed
      response.end(eventText([chunk({ content: ' world' }), chunk({}, { finish_reason: 'stop' })]))
    })
    const { child, url, post, exited } = await startCommand(['--format', 'hermes'])
    const joining = post(chatRequest({ stream: true })).then(joinStream)
    await begun.passed
    child.kill(signal)
    await new Promise((resolve) => setTimeout(resolve, 200))
    await expect(fetch(`${url}/health`)).rejects.toThrow()
    expect(child.exitCode).toBeNull()
    going.open()
    expect((await joining).choices[0]).toMatchObject({ content: 'Hello world', finish: ['stop'] })
    expect(await exited).toBe(0)
  })

  it('prints what the engine serves, and what is wrong with its settings', async () => {
    const info = { ...pagesOf('sglang')['/get_server_info'], tool_call_parser: 'mistral' }
    upstream.answer(likeEngine({ ...pagesOf('sglang'), '/get_server_info': info }, says('Hi')))
    const { child, out, exited } = await startCommand([])
    let told = out
    child.stdout?.on('data', (text: string) => {
      told += text
    })
    await until(() => told.includes('mend'))
    expect(told).toMatch(/engine +SGLang 0\.5\.3\n/)
    expect(told).toMatch(/model +my-model \(Qwen\/Qwen3-4B-Thinking-2507\): hermes, since/)
    expect(told).toContain('its prompt opens the')
    expect(told).toMatch(/wrong +SGLang reads calls as mistral/)
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
  })

  it('ends streams in an error that says so when the grace is over', async () => {
    const begun = gate()
    upstream.answer((response, { path }) => {
      if (!path.endsWith('/completions')) return void response.writeHead(404).end() // what it serves
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${JSON.stringify(chunk({ content: 'Hello' }))}\n\n`)
      begun.open()
    })
    const { child, post, exited } = await startCommand(['--format', 'hermes', '--grace', '1'])
    const joining = post(chatRequest({ stream: true })).then(joinStream)
    await begun.passed
    child.kill('SIGTERM')
    const joined = await joining
    expect(joined).toMatchObject({ done: true, errors: [{ code: 'stopping', message: 'the proxy was stopped' }] })
    expect(joined.choices[0]).toMatchObject({ content: 'Hello', finish: [] })
    expect(await exited).toBe(0)
  })

  it.each([
    [[], '--upstream is missing'],
    [
      ['--upstream', 'localhost:8000'],
      '--upstream: "localhost:8000" is neither http: nor https:; did you mean http://localhost:8000?',
    ],
    [['--upstream', 'http://localhost:8787/v1'], 'is this proxy itself'],
    [['--upstream', 'http://x/v1', '--format', 'hermez'], '--format: unknown format "hermez". Near names: hermes'],
    [['--upstream', 'http://x/v1', '--port', '70000'], '--port takes a number from 0 to 65535'],
    [
      ['--upstream', 'http://x/v1', '--api-key-env', 'NOT_SET_ANYWHERE'],
      '--api-key-env: the environment variable NOT_SET_ANYWHERE is not set',
    ],
    [['--upstream', 'http://x/v1', '--model-map', 'missing.json'], '--model-map: cannot read missing.json'],
    [['--upstream', 'http://x/v1', '--model-map', 'broken.json'], 'broken.json:1:7'],
    [['--upstream', 'http://x/v1', '--model-map', 'wrong.json'], '--model-map["a"].format: unknown format "hermez"'],
    [['--upstream', 'http://x/v1', '--upstream-fields', '{'], '--upstream-fields'],
    [['--upstream', 'http://x/v1', '--upstream-api', 'completions'], '--prompt: expected'],
    [['--upstream', 'http://x/v1', '--host', '203.0.113.7'], '--host: 203.0.113.7 is not an address of this machine'],
    [['--upstream', 'http://x/v1', '--timeout', 'soon'], '--timeout takes a positive whole number'],
    [['--upstream', 'http://x/v1', '--fromat', 'x'], 'did you mean --format'],
    [['http://x/v1'], 'the server is named with --upstream URL'],
  ])('names the setting that is wrong: %j', (args, message) => {
    command.write('broken.json', '{"a": x}')
    command.write('wrong.json', '{"a": "hermez"}')
    const { code, err } = command.run(['proxy', ...args])
    expect(err).toContain(message)
    expect(code).toBe(2)
  })

  it('says which port is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { code, err } = command.run(['proxy', '--upstream', 'http://x/v1', '--port', String(port)])
    expect(err).toContain(`--port: 127.0.0.1:${port} is already in use`)
    expect(code).toBe(2)
    server.close()
  })

  it('has help with examples', () => {
    const { code, out } = command.run(['proxy', '--help'])
    expect(code).toBe(0)
    expect(out).toContain('callsift proxy --upstream http://localhost:8000/v1')
  })
})
