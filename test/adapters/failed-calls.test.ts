import { AIMessageChunk } from '@langchain/core/messages'
import { describe, expect, it } from 'vitest'
import { createStreamParts, type StreamPart, toContent } from '../../src/adapters/ai-sdk/ai-sdk.js'
import { joinParts } from '../../src/adapters/ai-sdk/ai-sdk-parts.js'
import { createMessageEvents, toMessage } from '../../src/adapters/anthropic/anthropic.js'
import { createAIMessageChunks, toAIMessage } from '../../src/adapters/langchain/langchain.js'
import { toCallRequests, toFailedAnswers } from '../../src/adapters/mcp/mcp.js'
import type { CallOptions } from '../../src/adapters/message/call-options.js'
import type { CallPolicy } from '../../src/adapters/message/call-policy.js'
import { eventsOf, type MessageSource } from '../../src/adapters/message/events-of.js'
import type { MessageFacts } from '../../src/adapters/message/facts.js'
import { createChatChunks, toChatCompletion } from '../../src/adapters/openai/openai.js'
import { createResponseEvents, toResponse } from '../../src/adapters/responses/responses.js'
import {
  createParser,
  feedback,
  type Note,
  type ParseEvent,
  type ParseResult,
  type ParserOptions,
  parse,
  type ToolCall,
} from '../../src/index.js'

// A failed call reaches the agent: over every wire, whole and streamed, in every chunking, the same is told of it, and no
// reader can make a call of it.

const TOOLS = { f: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] } }
const OPTIONS: ParserOptions = { format: 'hermes', tools: TOOLS, validate: true }
const call = (inner: string) => `<tool_call>${inner}</tool_call>`
const GOOD = call('{"name": "f", "arguments": {"a": 1}}')
const BAD = call('{"name": "f", "arguments": {"a": "b" c}}')
const CUT = '<tool_call>{"name": "f", "arguments": {"a": 1'
const UNKNOWN = call('{"name": "g", "arguments": {"a": 1}}')
const MENDED = call(`{'name': 'f', 'arguments': {'a': 1}}`)
const MOVED = call('{"name": "f", "args": {"a": 1}}')
const UNFIT = call('{"name": "f", "arguments": {"a": "x"}}')

/** What a client sees: its text, the calls that it can run, those that it can not, how the message ended, what is told. */
interface Seen {
  text: string
  calls: { name: string; input: string }[]
  failed: { name: string; input: string }[]
  finish: string
  facts: MessageFacts | undefined
}

interface WireOfTest {
  whole(source: MessageSource, options: CallOptions): Seen
  streamed(batches: ParseEvent[][], options: CallOptions): Seen
}

const isJson = (text: string) => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
/** Calls sorted into those whose input can be read and the others. */
const sorted = (list: { name: string; input: string }[]) => ({
  calls: list.filter(({ input }) => isJson(input)),
  failed: list.filter(({ input }) => !isJson(input)),
})
function run<M>(batches: ParseEvent[][], encoder: { push(events: ParseEvent[]): M[]; end(): M[] }): M[] {
  const sent: M[] = []
  for (const events of batches) sent.push(...encoder.push(events))
  return [...sent, ...encoder.end()]
}

function chatSeen(completion: ReturnType<typeof toChatCompletion>): Seen {
  const [choice] = completion.choices
  const calls = (choice?.message.tool_calls ?? []).map(({ function: { name, arguments: input } }) => ({ name, input }))
  const { finish_reason: finish = '', callsift: facts } = choice ?? {}
  return { text: choice?.message.content ?? '', ...sorted(calls), finish, facts }
}
function responseSeen(response: ReturnType<typeof toResponse>): Seen {
  const items = response.output.flatMap((item) => (item.type === 'function_call' ? [item] : []))
  const pick = (status: string) =>
    items.filter((item) => item.status === status).map(({ name, arguments: input }) => ({ name, input }))
  const { output_text: text, status: finish, callsift: facts } = response
  return { text, calls: pick('completed'), failed: pick('incomplete'), finish, facts }
}
function messageSeen(message: ReturnType<typeof toMessage>): Seen {
  const text = message.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
  const calls = message.content.flatMap((block) =>
    block.type === 'tool_use' ? [{ name: block.name, input: JSON.stringify(block.input) }] : [],
  )
  return { text, calls, failed: [], finish: String(message.stop_reason), facts: message.callsift }
}
function partsSeen(parts: StreamPart[], finish: string, facts: MessageFacts | undefined): Seen {
  const content = joinParts(parts.filter((part) => part.type !== 'finish')) as ReturnType<typeof toContent>
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('')
  const calls = content.flatMap((part) =>
    part.type === 'tool-call' ? [{ name: part.toolName, input: part.input }] : [],
  )
  return { text, ...sorted(calls), finish, facts }
}

const HEAD = { model: 'm', id: 'id', callIds: 'keep' } as const
const WIRES: Record<string, WireOfTest> = {
  chat: {
    whole: (source, options) => chatSeen(toChatCompletion(source, { ...HEAD, created: 1, ...options })),
    streamed(batches, options) {
      const chunks = run(batches, createChatChunks({ ...HEAD, created: 1, ...options }))
      const seen: Seen = { text: '', calls: [], failed: [], finish: '', facts: undefined }
      const calls: { name: string; input: string }[] = []
      for (const { delta, finish_reason, callsift } of chunks.flatMap(({ choices }) => choices)) {
        seen.text += delta.content ?? ''
        for (const { index, function: part } of delta.tool_calls ?? []) {
          calls[index] ??= { name: part.name ?? '', input: '' }
          calls[index].input += part.arguments
        }
        seen.finish = finish_reason ?? seen.finish
        seen.facts = callsift ?? seen.facts
      }
      return { ...seen, ...sorted(calls) }
    },
  },
  responses: {
    whole: (source, options) => responseSeen(toResponse(source, { ...HEAD, createdAt: 1, ...options })),
    streamed(batches, options) {
      const last = run(batches, createResponseEvents({ ...HEAD, createdAt: 1, ...options })).at(-1)
      if (last === undefined || !('response' in last)) throw new Error('no response')
      return responseSeen(last.response)
    },
  },
  anthropic: {
    whole: (source, options) => messageSeen(toMessage(source, { ...HEAD, ...options })),
    streamed(batches, options) {
      const seen: Seen = { text: '', calls: [], failed: [], finish: '', facts: undefined }
      const calls: { name: string; input: string }[] = []
      for (const event of run(batches, createMessageEvents({ ...HEAD, ...options }))) {
        if (event.type === 'content_block_start' && event.content_block.type === 'tool_use')
          calls.push({ name: event.content_block.name, input: '' })
        if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') seen.text += event.delta.text
        const open = calls.at(-1)
        if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta' && open !== undefined)
          open.input += event.delta.partial_json
        if (event.type !== 'message_delta') continue
        seen.finish = event.delta.stop_reason
        seen.facts = event.callsift
      }
      const { calls: whole, failed } = sorted(calls)
      return {
        ...seen,
        calls: whole.map(({ name, input }) => ({ name, input: JSON.stringify(JSON.parse(input)) })),
        failed,
      }
    },
  },
  'AI SDK': {
    whole(source, options) {
      const events = [...eventsOf(source)]
      const parts = WIRES['AI SDK']?.streamed([events], options)
      const text = toContent(events, { callIds: 'keep', ...options, onNotes: undefined }).flatMap((part) =>
        part.type === 'text' ? [part.text] : [],
      )
      expect(text.join('')).toBe(parts?.text)
      return parts as Seen
    },
    streamed(batches, options) {
      const parts = run(batches, createStreamParts({ callIds: 'keep', ...options }))
      const last = parts.at(-1)
      if (last?.type !== 'finish') throw new Error('no finish')
      const { finishReason, providerMetadata } = last
      return partsSeen(parts, finishReason.unified, providerMetadata?.callsift)
    },
  },
  LangChain: {
    whole(source, options) {
      const message = toAIMessage(source, { ...HEAD, ...options })
      const name = ({ name }: { name: string }, args: string) => ({ name, input: args })
      return {
        text: message.content,
        calls: message.tool_calls.map((one) => name(one, JSON.stringify(one.args))),
        failed: message.invalid_tool_calls.map((one) => name(one, one.args)),
        finish: String(message.response_metadata.finish_reason),
        facts: message.additional_kwargs.callsift,
      }
    },
    streamed(batches, options) {
      const fields = run(batches, createAIMessageChunks({ ...HEAD, ...options }))
      const chunks = fields.map((one) => new AIMessageChunk(one as ConstructorParameters<typeof AIMessageChunk>[0]))
      const message = chunks.reduce((joined, chunk) => joined.concat(chunk))
      const { tool_calls = [], invalid_tool_calls = [] } = message
      return {
        text: message.text,
        calls: tool_calls.map(({ name, args }) => ({ name, input: JSON.stringify(args) })),
        failed: invalid_tool_calls.map(({ name = '', args = '' }) => ({ name, input: args })),
        finish: String(message.response_metadata.finish_reason),
        facts: message.additional_kwargs.callsift as MessageFacts | undefined,
      }
    },
  },
}

/** The events of a text in chunks of a size, and one batch for each. */
function batchesOf(text: string, size: number, options: ParserOptions = OPTIONS): ParseEvent[][] {
  const parser = createParser(options)
  const batches: ParseEvent[][] = []
  for (let at = 0; at < text.length; at += size) batches.push(parser.push(text.slice(at, at + size)))
  return [...batches, parser.end()]
}
/** All chunkings of a text into two, and pieces of some sizes. */
function* chunkings(text: string): Generator<ParseEvent[][]> {
  for (const size of [1, 2, 3, 7, text.length]) yield batchesOf(text, size)
  for (let cut = 1; cut < text.length; cut++) {
    const parser = createParser(OPTIONS)
    yield [parser.push(text.slice(0, cut)), parser.push(text.slice(cut)), parser.end()]
  }
}
/** The same in the same words: JSON arguments without their spacing, ids of items left out. */
const seenAs = ({ text, calls, failed, finish, facts }: Seen) => ({
  text,
  calls: calls.map(({ name, input }) => ({ name, input: JSON.parse(input) })),
  failed: failed.map(({ name }) => name),
  finish,
  facts,
})

describe.each(Object.entries(WIRES))('on %s', (name, wire) => {
  const asCall = name === 'responses' || name === 'AI SDK' || name === 'LangChain'

  it.each(['omit', 'report', 'text'] as const)(
    'failedCalls: %s is the same whole and in every chunking',
    (failedCalls) => {
      for (const text of [BAD, CUT, `Well. ${BAD}\n${GOOD}`, `${GOOD}${BAD}Done.`, `${BAD}${BAD}`]) {
        const whole = seenAs(wire.whole(batchesOf(text, text.length).flat(), { failedCalls }))
        for (const batches of chunkings(text))
          expect(seenAs(wire.streamed(batches, { failedCalls })), text).toEqual(whole)
        const result = parse(text, OPTIONS)
        const fromResult = seenAs(wire.whole(parse(text, OPTIONS), { failedCalls }))
        expect(fromResult.facts).toEqual(whole.facts)
        expect(whole.calls.map(({ name }) => name)).toEqual(result.toolCalls.map(({ name }) => name))
        expect(whole.failed).toEqual(
          failedCalls === 'report' && asCall ? result.incomplete.map(({ name }) => name) : [],
        )
        const told = failedCalls === 'text' || (failedCalls === 'report' && !asCall) ? result.incomplete.length : 0
        expect(whole.text.split('[callsift: ').length - 1).toBe(told)
        expect(whole.facts?.failedCalls.map(({ why }) => why)).toHaveLength(result.incomplete.length)
      }
    },
  )

  it('a failed call is told as a paragraph of its own', () => {
    const { text } = wire.whole(batchesOf(`Well.${BAD}Done.`, 3).flat(), { failedCalls: 'text' })
    expect(text).toMatch(/^Well\.\n\n\[callsift: the call of "f" cannot be read: [^\]]*It was not run\.\]\n\nDone\.$/)
  })

  it('marked calls that fail are told too', () => {
    const options = { failedCalls: 'text', incompleteCalls: 'mark' } as const
    for (const batches of chunkings(`${BAD}${GOOD}`)) {
      const seen = wire.streamed(batches, options)
      expect(seen.text).toContain('[callsift: the call of "f" cannot be read')
      expect(seen.calls.map(({ input }) => JSON.parse(input))).toEqual([{ a: 1 }])
    }
  })

  it.each<[string, CallPolicy, string, string | undefined]>([
    ['known', { known: 'given' }, UNKNOWN, 'no tool named "g" was given'],
    ['known, any', {}, UNKNOWN, undefined],
    ['repairs: none', { repairs: 'none' }, MENDED, 'it was repaired (python-quotes)'],
    ['repairs: spelling', { repairs: 'spelling' }, MENDED, undefined],
    ['repairs: spelling, moved', { repairs: 'spelling' }, MOVED, 'it was repaired (argument-key)'],
    ['issues', { issues: 'none' }, UNFIT, 'a'],
    ['issues, any', { repairs: 'none' }, UNFIT, undefined],
    ['evidence', { evidence: ['marker'] }, `<think>${GOOD}`, 'its evidence is unclosed-reasoning'],
    ['cautious', 'cautious', UNFIT, 'a'],
    ['cautious, fine', 'cautious', GOOD, undefined],
  ])('the policy (%s) refuses what it says, and says why', (_, policy, text, why) => {
    for (const incompleteCalls of ['omit', 'mark'] as const) {
      for (const batches of [batchesOf(text, 1), batchesOf(text, 5), batchesOf(text, text.length)]) {
        const seen = wire.streamed(batches, { policy, incompleteCalls })
        expect(seen.calls).toHaveLength(why === undefined ? 1 : 0)
        expect(seen.failed).toEqual([])
        const { failedCalls, notes, status } = seen.facts ?? expect.fail('no facts')
        expect(failedCalls.map((failed) => failed.why)).toEqual(why === undefined ? [] : [expect.stringContaining(why)])
        expect(notes.some(({ code }) => code === 'refused-call')).toBe(why !== undefined)
        if (why !== undefined) expect(status).toBe('malformed')
        const whole = wire.whole(batches.flat(), { policy })
        expect(seenAs(whole)).toEqual(seenAs(seen))
      }
    }
  })

  it('a refused call that is reported can be read by nobody', () => {
    const seen = wire.streamed(batchesOf(UNKNOWN + GOOD, 2), { policy: { known: 'given' }, failedCalls: 'report' })
    expect(seen.calls).toHaveLength(1)
    // Some agents on Responses break where an item names a tool that they do not have.
    if (asCall && name !== 'responses')
      expect(seen.failed).toMatchObject([{ name: 'g', input: expect.stringContaining('withheld') }])
    else
      expect(seen.text).toContain(
        '[callsift: the call of "g" is withheld: no tool named "g" was given. It was not run.]',
      )
  })

  it('onNotes hears of each call with its notes, and of the others one by one', () => {
    const text = `Well.</tool_call> ${BAD}${UNKNOWN}${GOOD}<|im_end|>`
    const heard = (batches: ParseEvent[][], whole: boolean) => {
      const list: { codes: string[]; name?: string; status?: string }[] = []
      const onNotes = (notes: Note[], call?: ToolCall) => {
        list.push({ codes: notes.map(({ code }) => code), ...(call && { name: call.name, status: call.status }) })
      }
      if (whole) wire.whole(batches.flat(), { onNotes })
      else wire.streamed(batches, { onNotes })
      return list
    }
    const expected = heard(batchesOf(text, text.length), true)
    expect(expected).toContainEqual({ codes: ['damaged-call'], name: 'f', status: 'malformed' })
    expect(expected).toContainEqual({
      codes: ['unknown-tool', 'unknown-argument'].slice(0, 1),
      name: 'g',
      status: 'complete',
    })
    expect(expected.filter(({ name }) => name === undefined).length).toBeGreaterThan(0)
    expect(expected.some(({ codes }) => codes.length === 0)).toBe(false)
    for (const batches of chunkings(text)) expect(heard(batches, false)).toEqual(expected)
  })

  it('tells what is known of each call, or nothing where nobody wants it', () => {
    const batches = batchesOf(MENDED, 4)
    const { facts } = wire.streamed(batches, {})
    expect(facts?.calls).toMatchObject(
      [
        { id: 'call_0', name: 'f', evidence: 'marker', known: true, issues: [], repairs: [{ kind: 'python-quotes' }] },
      ].map((one) => ({ ...one, repairs: expect.arrayContaining([expect.objectContaining(one.repairs[0])]) })),
    )
    expect(wire.streamed(batches, { facts: 'none' }).facts).toBeUndefined()
    expect(wire.streamed(batchesOf('Hello.', 2), {}).facts).toBeUndefined()
  })

  it('the words for the model go along with a failed call, where somebody makes them', () => {
    const words = (failed: ParseResult) => feedback(failed, { tools: TOOLS, format: 'hermes' })
    const { facts } = wire.streamed(batchesOf(BAD, 3), { feedback: words, failedCalls: 'report' })
    const form = 'Write it again, whole, in this form, with your own values:'
    expect(facts?.failedCalls[0]?.feedback).toContain(form)
    expect(wire.streamed(batchesOf(BAD, 3), {}).facts?.failedCalls[0]).not.toHaveProperty('feedback')
    if (name !== 'LangChain') return
    const message = toAIMessage(parse(BAD, OPTIONS), { feedback: words, failedCalls: 'report' })
    expect(message.invalid_tool_calls[0]?.error).toContain(form)
  })

  it('refuses wrong options at once', () => {
    for (const [options, message] of [
      [{ failedCalls: 'show' }, "failedCalls: expected 'omit' or 'report' or 'text', got show"],
      [{ policy: 'careful' }, "policy: expected 'cautious' or an object of rules"],
      [{ policy: { evidense: ['marker'] } }, 'policy.evidense: no such rule'],
      [{ policy: { evidence: ['sure'] } }, "policy.evidence: expected a list of 'marker'"],
      [{ policy: { known: true } }, "policy.known: expected 'any' or 'given', got true"],
      [{ onNotes: 1 }, 'onNotes: expected a function'],
      [{ feedback: 'yes' }, 'feedback: expected a function'],
      [{ facts: 'some' }, "facts: expected 'add' or 'none'"],
    ] as const)
      expect(() => wire.streamed([], options as never)).toThrow(message)
  })
})

describe('in MCP', () => {
  it('failed and refused calls have answers, the others are requests', () => {
    const result = parse(GOOD + UNKNOWN + BAD, OPTIONS)
    const heard: string[] = []
    const onNotes = (notes: Note[], call?: ToolCall) => heard.push(`${call?.name} ${notes.map(({ code }) => code)}`)
    const options = { policy: { known: 'given' }, onNotes } as const
    expect(toCallRequests(result, options)).toMatchObject([
      { id: 'call_0', params: { name: 'f', arguments: { a: 1 } }, callsift: { evidence: 'marker', known: true } },
    ])
    expect(heard).toEqual(['g unknown-tool,refused-call', 'f damaged-call'])
    expect(toFailedAnswers(result, options)).toMatchObject([
      { id: 'call_1', name: 'g', answer: { isError: true, content: [{ text: expect.stringContaining('withheld') }] } },
      { id: 'call_2', name: 'f', callsift: { status: 'malformed' } },
    ])
    const words = (failed: ParseResult) => feedback(failed, { tools: TOOLS, format: 'hermes' })
    const [answer] = toFailedAnswers(parse(BAD, OPTIONS), { feedback: words })
    expect(answer?.answer.content[0]?.text).toContain('Write it again')
    expect(toCallRequests(result).map(({ id }) => id)).toEqual(['call_0', 'call_1'])
  })
})
