import { generateText, type LanguageModelMiddleware, stepCountIs, streamText, tool } from 'ai'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  createStreamParts,
  createToolMiddleware,
  finishReason,
  type StreamPart,
  streamParts,
  type ToolMiddlewareOptions,
  toContent,
} from '../../src/adapters/ai-sdk/ai-sdk.js'
import type { ParseEvent } from '../../src/event/event.js'
import { batchesOf, call, content, eventsFrom, messages, reasoning, resultFrom, runs } from './events.js'
import { type Loopback, startLoopback } from './loopback.js'
import { loopbackModel, writePieces } from './loopback-model.js'

type Generated = Awaited<ReturnType<NonNullable<LanguageModelMiddleware['wrapGenerate']>>>
type GeneratedCall = Extract<Generated['content'][number], { type: 'tool-call' }>

const KEEP = { callIds: 'keep' } as const
/** What is known of a call of these tests. */
const KNOWN = { evidence: 'marker', known: true, repairs: [] }

function partsFrom(
  events: ParseEvent[],
  options: Parameters<typeof createStreamParts>[0] = KEEP,
  size = 3,
): StreamPart[] {
  const encoder = createStreamParts(options)
  return [...batchesOf(events, size).flatMap((batch) => encoder.push(batch)), ...encoder.end()]
}

describe('content', () => {
  it('has text, reasoning and complete calls in the order of the text', () => {
    const native = { ...call('g', '{}'), nativeId: 'functions.g:1' }
    const events = eventsFrom([reasoning('Hm.'), content('Wait. '), call('f', '{"a": 1}'), content('\n'), native])
    expect(toContent(events, KEEP)).toEqual([
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'Wait. ' },
      {
        type: 'tool-call',
        toolCallId: 'call_0',
        toolName: 'f',
        input: '{"a": 1}',
        providerMetadata: { callsift: KNOWN },
      },
      {
        type: 'tool-call',
        toolCallId: 'call_1',
        toolName: 'g',
        input: '{}',
        providerMetadata: { callsift: { ...KNOWN, nativeId: 'functions.g:1' } },
      },
    ])
    expect(toContent(events, { ...KEEP, facts: 'none' }).at(-1)).toEqual({
      type: 'tool-call',
      toolCallId: 'call_1',
      toolName: 'g',
      input: '{}',
      providerMetadata: { callsift: { nativeId: 'functions.g:1' } },
    })
  })

  it('has a finish reason of tool-calls exactly when there is a complete call', () => {
    fc.assert(
      fc.property(messages, (events) => {
        const result = resultFrom(events)
        expect(finishReason(result).unified === 'tool-calls').toBe(result.toolCalls.length > 0)
        expect(toContent(events).filter((part) => part.type === 'tool-call').length).toBe(result.toolCalls.length)
      }),
      runs(200),
    )
  })
})

describe('stream parts', () => {
  it('announce, fill and deliver a call', () => {
    expect(partsFrom(eventsFrom([content('Hi'), call('f', '{"a": 1}')], 5)).slice(0, -1)).toEqual([
      { type: 'text-start', id: 'callsift-0' },
      { type: 'text-delta', id: 'callsift-0', delta: 'Hi' },
      { type: 'text-end', id: 'callsift-0' },
      { type: 'tool-input-start', id: 'call_0', toolName: 'f' },
      { type: 'tool-input-delta', id: 'call_0', delta: '{"a":' },
      { type: 'tool-input-delta', id: 'call_0', delta: ' 1' },
      { type: 'tool-input-delta', id: 'call_0', delta: '}' },
      { type: 'tool-input-end', id: 'call_0' },
      {
        type: 'tool-call',
        toolCallId: 'call_0',
        toolName: 'f',
        input: '{"a": 1}',
        providerMetadata: { callsift: KNOWN },
      },
    ])
  })

  it('never deliver a call that is not whole, and end in one finish', () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 5 }), (events, size) => {
        const parts = partsFrom(events, KEEP, size)
        const complete = resultFrom(events).toolCalls
        const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [[part.toolCallId, part.input]] : []))
        expect(calls).toEqual(complete.map((one) => [one.id, one.argumentsText]))
        expect(parts.flatMap((part, at) => (part.type === 'finish' ? [at] : []))).toEqual([parts.length - 1])
        const open: string[] = []
        for (const part of parts) {
          if (part.type.endsWith('-start')) open.push('id' in part ? part.id : '')
          expect(open.length).toBeLessThan(2)
          if (part.type.endsWith('-end')) expect('id' in part && part.id).toBe(open.pop())
        }
      }),
      runs(200),
    )
  })

  it('close what is open when the parser never ended, and come in batches', async () => {
    const encoder = createStreamParts(KEEP)
    encoder.push(eventsFrom([call('f', '{}')]).slice(0, 2))
    expect(encoder.end()).toMatchObject([
      { type: 'tool-input-delta', delta: expect.stringContaining('truncated') },
      { type: 'tool-input-end' },
      { finishReason: { unified: 'length' } },
    ])
    expect([...encoder.end(), ...encoder.push([])]).toEqual([])
    const sent: StreamPart[] = []
    const events = eventsFrom([content('Hello there'), call('f', '{"a": 1}')], 4)
    for await (const some of streamParts(batchesOf(events, 2), KEEP)) sent.push(...some)
    expect(sent).toEqual(partsFrom(events))
  })
})

describe('the ai package over HTTP', () => {
  let server: Loopback
  beforeAll(async () => {
    server = await startLoopback()
  })
  afterAll(() => server.close())

  const hermes = (options: Partial<ToolMiddlewareOptions> = {}) =>
    createToolMiddleware({ format: 'hermes', ...options })
  const cut = (text: string): string[] => text.match(/[\s\S]{1,3}/g) ?? []
  const promptOf = ({ requests }: { requests: readonly Record<string, unknown>[] }, step = 0) =>
    (requests[step]?.prompt ?? []) as { role: string; content: unknown }[]
  /** Answers each step with the next text, in pieces of three characters. */
  function answer(...steps: (string | object)[][]): void {
    let step = 0
    server.requests.length = 0
    server.answer(() => {
      const list = steps[step++] ?? ['No more steps.']
      const pieces = list.flatMap((one): (string | object)[] => (typeof one === 'string' ? cut(one) : [one]))
      return { pieces: writePieces(pieces) }
    })
  }
  const CALL = '<tool_call>\n{"name": "get_tide", "arguments": {"harbour": "Stavanger", "days": 3}}\n</tool_call>'
  const NOW = '<tool_call>{"name": "now", "arguments": null}</tool_call>'
  const ASK = `<think>I look it up.</think>Wait. ${CALL}`

  /** Runs a conversation of at most three steps with both functions of the SDK. */
  async function both(middleware: LanguageModelMiddleware, steps: (string | object)[][], extra: object = {}) {
    const seen: unknown[] = []
    const tools = {
      get_tide: tool({
        description: 'The tide at a harbour',
        inputSchema: z.object({ harbour: z.string(), days: z.number() }),
        execute: (input) => {
          seen.push(input)
          return { tide: 'high' }
        },
      }),
      now: tool({
        inputSchema: z.object({}),
        execute: (input) => {
          seen.push(input)
          return 'noon'
        },
      }),
    }
    const request = {
      model: loopbackModel(server, middleware),
      tools,
      prompt: 'Hi',
      stopWhen: stepCountIs(3),
      ...extra,
    }
    answer(...steps)
    const stream = streamText(request)
    await stream.consumeStream()
    const streamed = {
      steps: await stream.steps,
      text: await stream.text,
      finishReason: await stream.finishReason,
      seen: seen.splice(0),
      requests: [...server.requests],
    }
    answer(...steps)
    const { steps: list, text, finishReason } = await generateText(request)
    return [streamed, { steps: list, text, finishReason, seen, requests: [...server.requests] }] as const
  }

  it('runs the tools that the text calls, and goes on', async () => {
    for (const run of await both(hermes(), [[ASK], ['It is high.']])) {
      expect(run.seen).toEqual([{ harbour: 'Stavanger', days: 3 }])
      expect(run.text).toBe('It is high.')
      expect(run.steps.map((step) => step.finishReason)).toEqual(['tool-calls', 'stop'])
      expect(run.steps[0]?.text).toBe('Wait.')
      expect(run.steps[0]?.reasoningText).toBe('I look it up.')
      expect(run.requests[0]?.tools).toMatchObject([{ name: 'get_tide' }, { name: 'now' }])
    }
  })

  const BROKEN = '<tool_call>{"name": "get_tide", "arguments": {"harbour": "Moss" days}}</tool_call>'

  it('a failed call that is reported is answered by the SDK, and the model goes on', async () => {
    for (const run of await both(hermes({ failedCalls: 'report' }), [[BROKEN], [CALL], ['It is high.']])) {
      expect(run.steps.map((step) => step.finishReason)).toEqual(['tool-calls', 'tool-calls', 'stop'])
      expect(run.steps[0]?.toolCalls).toMatchObject([{ toolName: 'get_tide', invalid: true }])
      expect(JSON.stringify(promptOf(run, 1))).toContain('cannot be read')
      expect(run.seen).toEqual([{ harbour: 'Stavanger', days: 3 }])
      expect(run.text).toBe('It is high.')
      expect(run.steps[0]?.providerMetadata?.callsift).toMatchObject({ failedCalls: [{ name: 'get_tide' }] })
    }
    const [streamed, generated] = await both(hermes(), [[BROKEN]])
    expect([streamed.steps.length, streamed.seen, generated.seen]).toEqual([1, [], []])
    expect(generated.steps[0]?.warnings).toMatchObject([{ message: expect.stringContaining('cannot be read') }])
    const [told] = await both(hermes({ failedCalls: 'text' }), [[BROKEN]])
    expect(told.text).toContain('[callsift: the call of "get_tide" cannot be read')
  })

  it('runs one call at a time where the request or the middleware wants that', async () => {
    const text = [`${NOW}\n${NOW}`]
    for (const run of await both(hermes({ parallelCalls: false }), [text, ['Done.']])) expect(run.seen).toEqual([{}])
    for (const options of [{ openai: { parallelToolCalls: false } }, { anthropic: { disableParallelToolUse: true } }]) {
      for (const run of await both(hermes(), [text, ['Done.']], { providerOptions: options }))
        expect(run.seen).toEqual([{}])
    }
    for (const run of await both(hermes(), [text, ['Done.']], {
      providerOptions: { openai: { parallelToolCalls: true } },
    }))
      expect(run.seen).toEqual([{}, {}])
  })

  it('lets the agent mend a failed call, and run it', async () => {
    const whys: unknown[] = []
    const experimental_repairToolCall = async ({ toolCall }: { toolCall: GeneratedCall }) => {
      const { why, feedback } = toolCall.providerMetadata?.callsift ?? {}
      whys.push(why)
      expect(feedback).toContain('Write it again, whole, in this form')
      return { ...toolCall, input: '{"harbour": "Moss", "days": 1}' }
    }
    const middleware = hermes({ failedCalls: 'report' })
    for (const run of await both(middleware, [[BROKEN], ['Done.']], { experimental_repairToolCall }))
      expect(run.seen).toEqual([{ harbour: 'Moss', days: 1 }])
    expect(whys).toEqual([expect.stringContaining('cannot be read'), expect.stringContaining('cannot be read')])
  })

  it('keeps what a policy refuses from the SDK, which checks issues by itself', async () => {
    const unfit = CALL.replace('3', '"soon"')
    for (const run of await both(hermes({ policy: 'cautious', failedCalls: 'report' }), [[unfit], ['Done.']])) {
      expect(run.seen).toEqual([])
      expect(run.steps[0]?.toolCalls).toMatchObject([{ invalid: true }])
      expect(JSON.stringify(promptOf(run, 1))).toContain('is withheld')
    }
  })

  it('runs tools without arguments, and several in one text', async () => {
    for (const run of await both(hermes(), [[`${NOW}\n${CALL}\n${NOW}`], ['Done.']])) {
      expect(run.seen).toEqual([{}, { harbour: 'Stavanger', days: 3 }, {}])
      expect(new Set(run.steps[0]?.toolCalls.map((one) => one.toolCallId)).size).toBe(3)
      expect(run.text).toBe('Done.')
    }
  })

  it('does not run a call that was cut off', async () => {
    for (const cut of [30, CALL.indexOf('}}') + 1]) {
      for (const run of await both(hermes(), [[CALL.slice(0, cut), { finish: 'length' }]])) {
        expect(run.seen).toEqual([])
        expect(run.steps.map((step) => step.toolCalls)).toEqual([[]])
        expect(run.finishReason).toBe('length')
      }
    }
  })

  it('leaves calls in the text when none are allowed', async () => {
    for (const extra of [{ toolChoice: 'none' }, { tools: undefined }]) {
      for (const run of await both(hermes(), [[ASK]], extra)) {
        expect(run.seen).toEqual([])
        expect(run.text).toBe(`Wait. ${CALL}`)
        expect(run.steps[0]?.reasoningText).toBe('I look it up.')
        expect(run.finishReason).toBe('stop')
      }
    }
  })

  it('lets calls of the provider pass, and takes none out of text beside them', async () => {
    const native = { type: 'tool-call', toolCallId: 'native', toolName: 'now', input: '{}' }
    const [streamed, generated] = await both(hermes(), [['Wait. ', native, CALL], ['Done.']])
    for (const run of [streamed, generated]) {
      expect(run.seen).toEqual([{}])
      expect(run.steps[0]?.toolCalls.map((one) => one.toolCallId)).toEqual(['native'])
      expect(run.steps[0]?.text).toBe(`Wait. ${CALL}`)
      expect(run.text).toBe('Done.')
    }
  })

  it('keeps a server from parsing calls itself', async () => {
    for (const run of await both(hermes({ requestToolChoice: 'none' }), [[CALL], ['Done.']])) {
      expect(run.requests[0]).toMatchObject({
        toolChoice: { type: 'none' },
        tools: [{ name: 'get_tide' }, { name: 'now' }],
      })
      expect(run.seen).toEqual([{ harbour: 'Stavanger', days: 3 }])
    }
  })

  it('writes tools, calls and results into the prompt', async () => {
    const middleware = hermes({ toolsIn: 'prompt' })
    for (const run of await both(middleware, [[ASK], ['It is high.']], { system: 'Be brief.' })) {
      expect(run.seen).toEqual([{ harbour: 'Stavanger', days: 3 }])
      expect(run.text).toBe('It is high.')
      expect(run.requests[0]).not.toHaveProperty('tools')
      const system = String(promptOf(run)[0]?.content)
      expect(system).toMatch(/^Be brief\.\n\n# Tools/)
      expect(system).toContain('"name":"get_tide","description":"The tide at a harbour","parameters":{')
      expect(system).toContain(
        '<tool_call>\n{"name": "function_name", "arguments": {"argument_name": "value"}}\n</tool_call>',
      )
      expect(promptOf(run, 1).slice(-2)).toMatchObject([
        {
          role: 'assistant',
          content: [{ type: 'reasoning' }, { type: 'text', text: 'Wait.' }, { type: 'text', text: CALL }],
        },
        {
          role: 'user',
          content: [
            { type: 'text', text: '<tool_response>\n{"name":"get_tide","content":{"tide":"high"}}\n</tool_response>' },
          ],
        },
      ])
    }
  })

  it('demands calls in the prompt when the request does', async () => {
    const [run] = await both(hermes({ toolsIn: 'prompt' }), [[NOW]], {
      toolChoice: { type: 'tool', toolName: 'now' },
      stopWhen: stepCountIs(1),
    })
    expect(JSON.stringify(promptOf(run))).toContain('You must call the function now.')
    const describeTools: ToolMiddlewareOptions['describeTools'] = ({ tools }) => `TOOLS ${tools.map((one) => one.name)}`
    const [own] = await both(hermes({ toolsIn: 'prompt', describeTools }), [['Hm.']])
    expect(promptOf(own)[0]).toEqual({ role: 'system', content: 'TOOLS get_tide,now' })
  })
})

describe('the middleware on its own', () => {
  it('keeps the shape of the finish reason that the provider has', async () => {
    const middleware = createToolMiddleware({ format: 'hermes' })
    const text = '<tool_call>{"name": "f", "arguments": {}}</tool_call>'
    const params = { prompt: [], tools: [{ type: 'function', name: 'f', inputSchema: { type: 'object' } }] }
    const generate = async (finishReason: unknown) =>
      (
        await middleware.wrapGenerate({
          doGenerate: async () => ({ content: [{ type: 'text', text }], finishReason }),
          params,
        })
      ).finishReason
    expect(await generate('stop')).toBe('tool-calls')
    expect(await generate({ unified: 'stop', raw: 'eos' })).toEqual({ unified: 'tool-calls', raw: 'eos' })
  })

  it('closes what is open when the stream dies', async () => {
    const middleware = createToolMiddleware({ format: 'hermes', ...KEEP })
    const params = { prompt: [], tools: [{ type: 'function', name: 'f', inputSchema: { type: 'object' } }] }
    const delta = '<tool_call>{"name": "f", "arguments": {"a": 1'
    const doStream = async () => ({
      stream: new ReadableStream({
        start(controller) {
          controller.enqueue({ type: 'text-delta', id: '0', delta })
          controller.close()
        },
      }),
    })
    const parts: { type: string }[] = []
    const reader = (await middleware.wrapStream({ doStream, params })).stream.getReader()
    for (let next = await reader.read(); !next.done; next = await reader.read()) parts.push(next.value)
    expect([...new Set(parts.map((part) => part.type))]).toEqual([
      'tool-input-start',
      'tool-input-delta',
      'tool-input-end',
    ])
  })

  it('refuses wrong options at once', () => {
    const wrong = (options: object) => () => createToolMiddleware({ format: 'hermes', ...options })
    expect(wrong({ format: 'hermess' })).toThrow(/unknown format "hermess"/)
    expect(wrong({ toolsIn: 'system' })).toThrow(/toolsIn: expected request or prompt, got system/)
    expect(wrong({ requestToolChoice: 'some' })).toThrow(/requestToolChoice: expected/)
    expect(wrong({ requestFields: 'none' })).toThrow(/requestFields: expected an object/)
    expect(wrong({ chatTemplate: '{{ messages }}' })).toThrow(/set toolsIn: 'prompt' too/)
    expect(wrong({ chatTemplate: 1, toolsIn: 'prompt' })).toThrow(/chatTemplate: expected the text/)
    expect(wrong({ toolsInn: 'prompt' })).toThrow(/toolsInn/)
    expect(wrong({ policy: { repairs: 'some' } })).toThrow(/policy.repairs: expected 'any' or 'spelling' or 'none'/)
  })
})
