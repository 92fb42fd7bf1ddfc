import { createOpenAI } from '@ai-sdk/openai'
import Anthropic from '@anthropic-ai/sdk'
import { jsonSchema, streamText, tool } from 'ai'
import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { type Both, bothForEachTest, TEXT, TOOLS, until } from './both.js'
import { bytes, chunk, eventText, inPieces, type Script, textChunks } from './upstream.js'

const WHOLE = TEXT.indexOf('</tool_call>') + '</tool_call>'.length
/** The first call, and half of the second. */
const CUT = TEXT.slice(0, WHOLE + 60)

const sends = (pieces: readonly string[], then: 'reset' | 'close' | 'hang'): Script => {
  return async (response, _, gone) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    for (const content of pieces) response.write(`data: ${JSON.stringify(chunk({ content }))}\n\n`)
    await new Promise((resolve) => setTimeout(resolve, 20))
    if (then === 'reset') response.socket?.resetAndDestroy()
    else if (then === 'close') response.end()
    else await gone
  }
}

/** Every way to die, and what the error says of it. */
const DEATHS: [string, Script, RegExp][] = [
  ['resets the connection', sends(inPieces(CUT), 'reset'), /the connection to the upstream broke after \d+ bytes/],
  ['closes it before the end', sends(inPieces(CUT), 'close'), /closed the connection after \d+ bytes, before the end/],
  ['is silent too long', sends(inPieces(CUT), 'hang'), /silent for 0.2 s/],
  [
    'sends a page as a stream',
    bytes(['<html>\n<body>Bad gateway</body>\n</html>\n\n']),
    /none of its \d+ bytes were a/,
  ],
  ['sends JSON lines as a stream', bytes(['data: 7\n\ndata: [1]\n\n', 'data: nonsense\n\n']), /none of its/],
  ['ends a stream in which nothing was', bytes(['data: [DONE]\n\n']), /none of its 14 bytes/],
]

const { start } = bothForEachTest()
async function dying(script: Script): Promise<Both> {
  const both = await start({ timeout: 200, keepAlive: false })
  both.upstream.answer(script)
  return both
}
/** No library may ask again by itself: the error is what is looked at. */
const openaiOf = ({ proxy }: Both) => new OpenAI({ baseURL: `${proxy.url}/v1`, apiKey: 'k', maxRetries: 0 })
const anthropicOf = ({ proxy }: Both) => new Anthropic({ baseURL: proxy.url, apiKey: 'k', maxRetries: 0 })
const messages = [{ role: 'user' as const, content: 'Hi' }]
const logged = async ({ log }: Both) => {
  await until(() => log.some(({ event }) => event === 'request'))
  return log.at(-1)
}

describe.each(DEATHS)('an upstream that %s', (_, script, message) => {
  it('is an error that the openai package raises, on chat completions', async () => {
    const both = await dying(script)
    const runner = openaiOf(both).chat.completions.stream({ model: 'm', messages, tools: TOOLS })
    await expect(runner.finalChatCompletion()).rejects.toThrow(message)
    expect((await logged(both))?.problem).toMatch(message)
  })

  it('is an error that the openai package raises, on Responses', async () => {
    const both = await dying(script)
    const tools = TOOLS.map(({ function: { name, parameters } }) => ({
      type: 'function' as const,
      name,
      parameters,
      strict: false,
    }))
    const runner = openaiOf(both).responses.stream({ model: 'm', input: 'Hi', tools })
    await expect(runner.finalResponse()).rejects.toThrow(message)
  })

  it('fails a response for clients that wait for one, with what it has', async () => {
    const both = await dying(script)
    const tools = TOOLS.map(({ function: { name, parameters } }) => ({ type: 'function', name, parameters }))
    const text = await (await both.post('/v1/responses', { model: 'm', input: 'Hi', tools, stream: true })).text()
    const last = JSON.parse(text.trim().split('\n').at(-1)?.replace('data: ', '') ?? '')
    expect(last).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'server_error', message: expect.stringMatching(message) } },
    })
    const numbers = [...text.matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number))
    expect(numbers).toEqual(numbers.map((_, i) => i))
  })

  it('is an error that @anthropic-ai/sdk raises', async () => {
    const both = await dying(script)
    const tools = TOOLS.map(({ function: { name, parameters } }) => ({ name, input_schema: parameters as never }))
    const runner = anthropicOf(both).messages.stream({ model: 'm', max_tokens: 9, messages, tools })
    await expect(runner.finalMessage()).rejects.toThrow(message)
  })

  it.each(['chat', 'responses'] as const)(
    'is an error of the AI SDK, on %s, and the cut call does not run',
    async (api) => {
      const both = await dying(script)
      const provider = createOpenAI({ baseURL: `${both.proxy.url}/v1`, apiKey: 'k' })
      const ran: string[] = []
      const errors: unknown[] = []
      const inputSchema = jsonSchema<{ port?: string }>({ type: 'object' })
      const run = (name: string) => tool({ inputSchema, execute: () => void ran.push(name) })
      const result = streamText({
        model: provider[api]('m'),
        prompt: 'Hi',
        tools: { get_tide: run('get_tide'), ring_bell: run('ring_bell') },
        maxRetries: 0,
        onError: ({ error }) => void errors.push(error),
      })
      for await (const _ of result.fullStream);
      expect(JSON.stringify(errors)).toMatch(message)
      expect(ran).not.toContain('ring_bell')
      await expect(Promise.resolve(result.finishReason).catch(() => 'error')).resolves.toBe('error')
    },
  )
})

describe('a whole reply that breaks off', () => {
  it('is a 502 in the shape of the wire, and says that the connection broke', async () => {
    const both = await dying(async (response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
      response.write('{"id": "x", "choices": [')
      await new Promise((resolve) => setTimeout(resolve, 20))
      response.socket?.resetAndDestroy()
    })
    const openai = openaiOf(both)
    const message = /the connection to the upstream broke after 24 bytes/
    const request = { model: 'm', messages, max_tokens: 9 }
    await expect(openai.chat.completions.create(request)).rejects.toMatchObject({
      status: 502,
      code: 'upstream_died',
      message: expect.stringMatching(message),
    })
    await expect(openai.responses.create({ model: 'm', input: 'Hi' })).rejects.toMatchObject({ status: 502 })
    await expect(anthropicOf(both).messages.create(request)).rejects.toMatchObject({
      status: 502,
      error: { type: 'error', error: { type: 'api_error', message: expect.stringMatching(message) } },
    })
  })

  it.each([
    [{ error: { message: 'out of memory' } }, 'without a choice: out of memory'],
    [{ choices: [] }, 'without a choice'],
    [{ choices: 'none' }, 'without a choice'],
    [[1], 'neither a stream nor JSON'],
  ])('is a 502 where it is no answer: %j', async (body, message) => {
    const both = await dying(
      (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    )
    for (const [path, more] of [
      ['/v1/chat/completions', { messages }],
      ['/v1/responses', { input: 'Hi' }],
      ['/v1/messages', { messages, max_tokens: 9 }],
    ] as const) {
      for (const stream of [false, true]) {
        const response = await both.post(path, { model: 'm', ...more, stream })
        expect(response.status).toBe(502)
        expect(await response.text()).toContain(message)
      }
    }
  })
})

it('a stream that is whole but for its [DONE] is none', async () => {
  const both = await dying(bytes([eventText(textChunks(inPieces(TEXT))).replace('data: [DONE]\n\n', '')]))
  const completion = await openaiOf(both)
    .chat.completions.stream({ model: 'm', messages, tools: TOOLS })
    .finalChatCompletion()
  expect(completion.choices[0]?.finish_reason).toBe('tool_calls')
})
