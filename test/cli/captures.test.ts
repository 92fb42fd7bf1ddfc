import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { compare } from '../../src/cli/input/compare.js'
import { exchangesOf } from '../../src/cli/input/exchanges.js'
import { readFormats } from '../../src/cli/input/format-files.js'
import { answerIn, completionIn, eventsOf, readingOf } from '../../src/cli/input/read-completion.js'
import { diffView } from '../../src/cli/output/diff-view.js'
import { screenOf } from '../../src/cli/output/screen.js'
import { UsageError } from '../../src/cli/verb.js'
import { collect } from '../../src/event/collect.js'
import { eventText, inPieces, textChunks } from '../proxy/upstream.js'
import { hermesCall, useCommand } from './command.js'

const command = useCommand()
const CALL = hermesCall('f', { n: 1 })
const TOOLS = [{ type: 'function', function: { name: 'f' } }, { type: 'web_search' }]
const stream = (text: string) => eventText(textChunks(inPieces(text)))

/** A HAR file, as browsers and mitmproxy write it. */
function har(...entries: { request?: unknown; answer?: string; encoding?: string; mimeType?: string }[]): string {
  return JSON.stringify({
    log: {
      version: '1.2',
      creator: { name: 'test', version: '1' },
      entries: entries.map(({ request, answer, encoding, mimeType = 'x' }) => ({
        request: {
          method: 'POST',
          url: 'http://h/v1',
          ...(request === undefined ? {} : { postData: { text: JSON.stringify(request) } }),
        },
        response: {
          status: 200,
          content: { size: 1, mimeType, ...(answer === undefined ? {} : { text: answer, encoding }) },
        },
      })),
    },
  })
}

/** A capture, as the proxy hands it on. */
function capture(text: string, more: object = {}): string {
  return JSON.stringify({
    type: 'callsift-capture',
    version: 1,
    time: '2026-01-01T00:00:00.000Z',
    request: { wire: 'chat', path: '/v1/chat/completions', headers: {}, body: { messages: [], tools: TOOLS } },
    reading: { format: 'hermes', options: { toolChoice: 'auto' } },
    upstream: [
      {
        path: '/v1/chat/completions',
        body: { model: 'm', messages: [] },
        status: 200,
        type: 'text/event-stream',
        text,
        chunks: [],
      },
    ],
    reply: { status: 200, type: '', text: '', chunks: [] },
    log: { ending: 'complete' },
    ...more,
  })
}

/** What `parse` makes of a file with this text, and what it says on standard error. */
async function parsed(text: string, flags: { entry?: string; format?: string; 'tool-choice'?: string } = {}) {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  try {
    const values = { raw: false, entry: undefined, tools: undefined, format: undefined, model: undefined, ...flags }
    const found = completionIn('the file', text, values)
    const result = collect(eventsOf(found, await readingOf(found, values, await readFormats([]))))
    return { ...result, chunks: found.chunks, said: write.mock.calls.join('') }
  } finally {
    write.mockRestore()
  }
}

/** Whether a terminal would take something of it for a command, or turn the direction of writing. */
const isObeyed = (text: string) => [...'\u001b\u009b\u202e\r'].some((character) => text.includes(character))

const question = { model: 'm', messages: [], tools: TOOLS }

describe('a HAR file', () => {
  it('gives its last answer with a model’s text, of any shape, with the tools of its request', async () => {
    const shapes = {
      stream: stream(CALL),
      chat: JSON.stringify({ choices: [{ message: { role: 'assistant', content: CALL } }] }),
      completions: JSON.stringify({ object: 'text_completion', choices: [{ text: CALL }] }),
      anthropic: JSON.stringify({ type: 'message', role: 'assistant', content: [{ type: 'text', text: CALL }] }),
      response: JSON.stringify({
        object: 'response',
        output: [{ type: 'message', content: [{ type: 'output_text', text: CALL }] }],
      }),
    }
    for (const [name, answer] of Object.entries(shapes)) {
      const other = { answer: '{"done": true, "response": "no model"}' }
      const encoded = { request: question, answer: Buffer.from(answer).toString('base64'), encoding: 'base64' }
      const found = answerIn(har({ request: question, answer: stream('First.') }, encoded, other))
      expect(found, name).toMatchObject({ answer, request: { model: 'm' } })
      expect(found.what, name).toBe('a HAR file with 2 answers of models (1, 2; --entry picks another): from entry 2')
    }
    const text = har({ request: question, answer: stream('First.') }, { request: question, answer: stream(CALL) })
    expect(await parsed(text, { format: 'hermes' })).toMatchObject({
      toolCalls: [{ name: 'f', known: true }],
      chunks: inPieces(CALL),
      said: expect.stringContaining('is a HAR file'),
    })
    expect(await parsed(text, { format: 'hermes', entry: '1' })).toMatchObject({ content: 'First.' })
  })

  it('of Chromium has the letters of an event stream that does not say that it is UTF-8', async () => {
    // A page that asked a server, recorded by Playwright 1.65 with Chromium 156, without its headers.
    const recorded = await parsed(readFileSync(new URL('chromium.har', import.meta.url), 'utf8'), {})
    expect(recorded).toMatchObject({
      format: 'hermes',
      toolCalls: [{ name: 'get_weather', arguments: { city: 'Zürich "x" <b>\n2 🙂', days: 3 }, known: true }],
    })
    const answer = (text: string, mimeType: string) =>
      answerIn(har({ request: question, answer: text, mimeType })).answer
    const sent = stream('Zürich – “naïve” 🙂')
    const asChromiumSavesIt = new TextDecoder('windows-1252').decode(new TextEncoder().encode(sent))
    expect(asChromiumSavesIt).not.toBe(sent)
    expect(answer(asChromiumSavesIt, 'text/event-stream')).toBe(sent)
    for (const right of [sent, stream('Zürich'), stream('ASCII')])
      expect(answer(right, 'text/event-stream')).toBe(right)
    for (const type of ['text/event-stream; charset=utf-8', 'application/json'])
      expect(answer(asChromiumSavesIt, type), type).toBe(asChromiumSavesIt)
  })

  it('that holds nothing to read says why', () => {
    const of = (text: string, entry?: number) => () => answerIn(text, entry)
    expect(of(har({ request: question }))).toThrow('1 requests with JSON have no answer in it: export it with content')
    expect(of(har())).toThrow('none of its 0 entries holds one')
    expect(of(har({ request: question, answer: stream('a') }), 7)).toThrow(
      '--entry 7: no such answer in this file; the model’s answers are 1',
    )
    expect(of('plain', 1)).toThrow('this is neither')
    expect(of(har({ request: question, answer: stream('a') }).slice(0, -9))).toThrow(
      'a HAR file that is incomplete: line 1, column',
    )
    expect(of(capture('x').slice(0, 300))).toThrow('a capture that is incomplete')
    expect(of(capture('x', { version: 2 }))).toThrow('update callsift')
    expect(of(capture('', { upstream: [], log: { problem: 'no room', status: 503 } }))).toThrow(
      'the request ended with: no room, status 503',
    )
    // What a model wrote stays a text.
    for (const text of ['{"log": {"a": 1}}', '{"type": "callsift"}', '{"log": {'])
      expect(exchangesOf(text)).toBeUndefined()
  })
})

describe('a capture', () => {
  it('is read as the proxy read it, unless the flags say otherwise', async () => {
    const one = capture(stream(CALL))
    const none = capture(stream(CALL), { reading: { format: 'hermes', options: { toolChoice: 'none' } } })
    expect(await parsed(one)).toMatchObject({ format: 'hermes', toolCalls: [{ known: true }] })
    expect(await parsed(one, { format: 'mistral' })).toMatchObject({ format: 'mistral', toolCalls: [] })
    expect((await parsed(none)).toolCalls).toEqual([])
    expect((await parsed(none, { 'tool-choice': 'auto' })).toolCalls).toHaveLength(1)
    expect((await parsed(capture(stream(CALL).slice(0, -1200)))).status).toBe('truncated')
    command.write('one.json', one)
    expect(command.run(['explain', 'one.json']).out).toContain('hermes: complete, 1 call')
    const replay = command.run(['replay', 'one.json'])
    expect(replay.err).toContain(`in ${inPieces(CALL).length} chunks`)
    expect(replay.out).toContain('same hermes')
  })

  it('with hostile contents shows nothing that a terminal obeys, and breaks nothing', async () => {
    const evil = '\u001b[2J\u009b31m\u202e\r\n'
    const text = stream(evil + CALL + evil)
    for (const more of [
      { reading: { format: 'hermes', options: { toolChoice: 'auto', [evil]: 1 } } },
      { reading: { format: 'hermes', options: { generateId: 1, limits: [] } } },
      { reading: { format: evil } },
      { version: evil },
      { upstream: [], log: { problem: evil } },
    ]) {
      await expect(parsed(capture(text, more)), JSON.stringify(more)).rejects.toThrow(UsageError)
    }
    const reading = { options: 7, startInReasoning: 'x' }
    const odd = { reading, log: 5, request: [], upstream: [{ text, body: { messages: 5 } }] }
    expect((await parsed(capture(text, odd))).said).not.toSatisfy(isObeyed)
    command.write('evil.json', capture(text, { version: evil }))
    command.write('plain.json', capture(text))
    expect(command.run(['parse', 'evil.json']).err).not.toSatisfy(isObeyed)
    const shown = command.inTerminal(['explain', 'plain.json'], { env: { NO_COLOR: '1' } })
    expect((shown?.out ?? '').replaceAll('\r\n', '')).not.toSatisfy(isObeyed)
    const screen = screenOf({ isTTY: false, columns: 80 })
    expect(diffView([], [{ at: evil, a: evil, b: { [evil]: 1 } }], screen)).not.toSatisfy(isObeyed)
  })
})

describe('diff', () => {
  it('tells each difference by its place', () => {
    const call = (port: unknown, more = {}) => ({ toolCalls: [{ name: 'f', arguments: { port, ...more } }] })
    expect(compare(call('Moss', { n: [1] }), call('Moss', { n: [1] }))).toEqual([])
    expect(compare({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([])
    expect(compare(call('Moss'), call('Tau', { 'a b': null }))).toEqual([
      { at: 'toolCalls[0].arguments.port', a: 'Moss', b: 'Tau' },
      { at: 'toolCalls[0].arguments["a b"]', a: undefined, b: null },
    ])
    expect(compare([1], { 0: 1 })).toHaveLength(1)
    expect(compare({}, JSON.parse('{"__proto__": 1}'))).toEqual([{ at: '__proto__', a: undefined, b: 1 }])
    expect(compare(Array(500).fill(1), Array(500).fill(2))).toHaveLength(100)
  })

  it('compares files, whoever has read their calls, and formats', () => {
    const parsed = [
      { choices: [{ index: 0, delta: { content: 'Hi' } }] },
      {
        choices: [
          { index: 0, delta: { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"n"' } }] } },
        ],
      },
      { choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: ': 1}' } }] } }] },
      { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    ]
    command.write('raw.json', capture(stream(`Hi\n${CALL}`)))
    command.write('read.sse', eventText(parsed))
    command.write('other.txt', `Ho\n${hermesCall('f', { n: 2 })}`)
    expect(command.run(['diff', 'raw.json', 'read.sse'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^same\n/),
    })
    const { code, out } = command.run(['diff', 'raw.json', 'other.txt', '-f', 'hermes'])
    expect(code).toBe(1)
    expect(out).toContain('toolCalls[0].arguments.n\n  A  1\n  B  2\n')
    expect(out).toContain('content\n  A  "Hi"\n  B  "Ho"\n')
    const formats = command.run(['diff', 'other.txt', '--format', 'hermes', '--format', 'mistral', '--json'])
    expect(formats.code).toBe(1)
    expect(JSON.parse(formats.out)).toMatchObject({
      same: false,
      sameText: true,
      a: { reader: 'hermes' },
      b: { reader: 'mistral', toolCalls: [] },
    })
  })

  describe('of engines', () => {
    const seen: { path: string | undefined; body: Record<string, unknown>; key: string | undefined }[] = []
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const piece of request) body += piece
      seen.push({ path: request.url, body: body === '' ? {} : JSON.parse(body), key: request.headers.authorization })
      if (request.url === '/v1/models') response.end('{"data": [{"id": "served"}]}')
      else
        response.end(
          JSON.stringify({ choices: [{ message: { role: 'assistant', content: CALL }, finish_reason: 'stop' }] }),
        )
    })
    let url = ''
    beforeAll(async () => {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
    })
    afterAll(() => server.close())

    async function diff(args: string[], env: Record<string, string> = {}) {
      const child = spawn(process.execPath, [command.file, 'diff', ...args], {
        cwd: command.folder,
        env: { ...process.env, ...env },
      })
      let out = ''
      child.stdout.on('data', (text) => {
        out += text
      })
      const [code] = await once(child, 'close')
      return { code, out }
    }

    it('asks the request of a capture, and gives each engine its own key only', async () => {
      command.write('asked.json', capture(stream(CALL)))
      expect(await diff(['asked.json', url, '-f', 'hermes', '--api-key-env', 'K'], { K: 'k-1' })).toMatchObject({
        code: 0,
      })
      expect(seen.splice(0)).toMatchObject([
        { path: '/v1/chat/completions', body: { model: 'm', tools: TOOLS }, key: 'Bearer k-1' },
      ])
      expect((await diff([url, url, '-f', 'hermes', '--api-key-env', ',K'], { K: 'k-2' })).code).toBe(0)
      const asked = seen.splice(0).filter(({ path }) => path !== '/v1/models')
      expect(asked).toMatchObject([{ body: { model: 'served', temperature: 0 } }, { key: 'Bearer k-2' }])
      expect(asked[0]?.key).toBeUndefined()
    })
  })
})
