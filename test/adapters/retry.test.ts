import { generateText, stepCountIs, streamText, tool } from 'ai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createToolMiddleware, type ToolMiddlewareOptions } from '../../src/adapters/ai-sdk/ai-sdk.js'
import { createRetry } from '../../src/adapters/message/retry.js'
import type { ParseEvent } from '../../src/event/event.js'
import { createParser, feedback, formats, RenderError, render } from '../../src/index.js'
import { type Loopback, startLoopback } from './loopback.js'
import { loopbackModel, writePieces } from './loopback-model.js'

// A model that is asked again: what a wire is given in every format, and what the AI SDK makes of it.

const TOOLS = [
  {
    name: 'get_tide',
    parameters: {
      type: 'object',
      properties: { port: { type: 'string' } },
      required: ['port'],
      additionalProperties: false,
    },
  },
]
const CALL = { name: 'get_tide', arguments: { port: 'Brest' } }

/** What each format writes for a call, where it can. */
const TEXTS = formats().flatMap(({ id }): [string, string][] => {
  try {
    return [[id, render([CALL], { format: id, tools: TOOLS })]]
  } catch (error) {
    if (error instanceof RenderError) return []
    throw error
  }
})

describe.each(TEXTS)('in %s', (format, good) => {
  const retryOf = () =>
    createRetry({ limit: 1, longest: 1e6, feedback: (failed) => feedback(failed, { tools: TOOLS, format }) })

  /** Reads a text in pieces, as one answer of the model. */
  function answer(retry: ReturnType<typeof retryOf>, text: string, size: number): ParseEvent[] {
    const parser = createParser({ format, tools: TOOLS, validate: true })
    const events: ParseEvent[] = []
    for (let at = 0; at < text.length; at += size) {
      const piece = text.slice(at, at + size)
      retry.wrote(piece)
      events.push(...retry.push(parser.push(piece)))
    }
    return [...events, ...retry.end(parser.end('stop'), true)]
  }
  const callsOf = (events: ParseEvent[]) =>
    events.flatMap((event) => (event.type === 'call-end' ? [[event.call.name, event.call.arguments]] : []))

  it('nothing goes out of a call that is broken off or does not fit, and the next answer has it', () => {
    for (const bad of [good.slice(0, good.lastIndexOf('Brest') + 2), good.replaceAll('port', 'harbour')]) {
      for (const size of [1, 3, bad.length]) {
        const retry = retryOf()
        const before = answer(retry, bad, size)
        if (retry.correction === undefined) {
          // Some read no call in what is left, or mend it: then nothing failed.
          expect(callsOf(before).every(([name]) => name === CALL.name)).toBe(true)
          expect(before.at(-1)?.type).toBe('end')
          continue
        }
        expect(before.filter(({ type }) => type !== 'content' && type !== 'note')).toEqual([])
        expect(retry.correction.text).toBe(bad)
        retry.again()
        const after = answer(retry, good, size)
        expect(callsOf(after)).toEqual([[CALL.name, CALL.arguments]])
        expect(after.at(-1)).toMatchObject({ type: 'end', status: 'complete' })
        expect(retry.mended).toBe(true)
      }
    }
  })
})

it('most formats ask again about a call that is broken off', () => {
  const asked = TEXTS.filter(([format, good]) => {
    const retry = createRetry({
      limit: 1,
      longest: 1e6,
      feedback: (failed) => feedback(failed, { tools: TOOLS, format }),
    })
    const parser = createParser({ format, tools: TOOLS, validate: true })
    const bad = good.slice(0, good.lastIndexOf('Brest') + 2)
    retry.wrote(bad)
    retry.push(parser.push(bad))
    retry.end(parser.end('stop'), true)
    return retry.correction !== undefined
  })
  expect(asked.length).toBeGreaterThan(TEXTS.length * 0.9)
})

describe('in the AI SDK', () => {
  let server: Loopback
  beforeAll(async () => {
    server = await startLoopback()
  })
  afterAll(() => server.close())

  const BAD = '<tool_call>{"name": "get_tide", "arguments": {"port": "Oops" now}}</tool_call>'
  const GOOD = '<tool_call>{"name": "get_tide", "arguments": {"port": "Brest"}}</tool_call>'

  async function run(stream: boolean, answers: string[], options: Partial<ToolMiddlewareOptions> = {}) {
    const texts = [...answers]
    const before = server.requests.length
    server.answer(() => ({ pieces: writePieces([...(texts.shift() ?? '')]) }))
    const ran: unknown[] = []
    const get_tide = tool({
      inputSchema: z.object({ port: z.string() }),
      execute: async (input) => {
        ran.push(input)
        return 'high'
      },
    })
    const model = loopbackModel(server, createToolMiddleware({ format: 'hermes', retry: 1, ...options }))
    const request = { model, tools: { get_tide }, prompt: 'Hi', stopWhen: stepCountIs(1), maxRetries: 0 }
    const result = stream ? streamText({ ...request, onError() {} }) : await generateText(request)
    const [text, reason, usage] = await Promise.all([result.text, result.finishReason, result.totalUsage])
    return { text, reason, ran, asked: server.requests.length - before, tokens: usage.outputTokens }
  }

  it.each([false, true])('a failed call is corrected in the same step (streamed: %s)', async (stream) => {
    const done = { text: stream ? 'Well.\n\nNow.' : 'Now.', reason: 'tool-calls', ran: [{ port: 'Brest' }] }
    expect(await run(stream, [`Well. ${BAD}`, `Now. ${GOOD}`])).toEqual({ ...done, asked: 2, tokens: 2 })
    expect(server.requests.at(-1)?.prompt).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ type: 'text', text: `Well. ${BAD}` }] },
      { role: 'user', content: [{ type: 'text', text: expect.stringContaining('was not run') }] },
    ])
  })

  it.each([false, true])(
    'without it, and where nothing better comes, the failure is told (streamed: %s)',
    async (stream) => {
      const plain = await run(stream, [`Well. ${BAD}`], { retry: 0 })
      expect(plain).toMatchObject({ text: 'Well.', ran: [], asked: 1, tokens: 1 })
      expect(await run(stream, [BAD, `Well. ${BAD}`])).toEqual({ ...plain, asked: 2, tokens: 2 })
      expect(await run(stream, [`Well. ${BAD}`, ''])).toEqual({ ...plain, asked: 2, tokens: 2 })
    },
  )

  it('a number that is none is refused at once', () => {
    for (const retry of [-1, 1.5, Number.NaN])
      expect(() => createToolMiddleware({ format: 'hermes', retry })).toThrow(
        /^retry: expected a whole number, 0 or more/,
      )
  })
})
