import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import type { LogRecord } from '../../src/proxy/metrics/log.js'
import { createProxyHandler, type ProxyOptions } from '../../src/proxy/server/handler.js'
import { isObject, type JsonObject, readJson } from '../../src/proxy/wire/json.js'

/** What a fake upstream answers: a whole body, or the pieces of a stream. */
export type Answer = { whole: JsonObject } | { pieces: readonly (string | Uint8Array)[] }

/** The proxy's handler between real clients and an upstream that a test plays, without a socket. */
export interface InProcess {
  openai: OpenAI
  anthropic: Anthropic
  log: LogRecord[]
  /** Sets the answer to the requests that follow. */
  answer(make: (request: JsonObject) => Answer): void
}

export function startInProcess(options: Partial<ProxyOptions> = {}): InProcess {
  const log: LogRecord[] = []
  let make: (request: JsonObject) => Answer = () => ({ whole: {} })
  const handler = createProxyHandler({
    upstream: 'http://upstream.example/v1',
    format: 'hermes',
    log: (record) => log.push(record),
    fetch: async (_, init) => {
      const body = readJson(String(init?.body))
      const answer = make(isObject(body) ? body : {})
      if ('whole' in answer) return Response.json(answer.whole)
      return new Response(streamOf(answer.pieces), { headers: { 'content-type': 'text/event-stream' } })
    },
    ...options,
  })
  const own: typeof fetch = (input, init) => handler(new Request(input, init))
  const shared = { apiKey: 'k', maxRetries: 0, fetch: own }
  return {
    openai: new OpenAI({ ...shared, baseURL: 'http://proxy.example/v1' }),
    anthropic: new Anthropic({ ...shared, baseURL: 'http://proxy.example' }),
    log,
    answer(next) {
      make = next
    },
  }
}

function streamOf(pieces: readonly (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece)
      controller.close()
    },
  })
}

/** A message as a client has it, in the same words on every wire. */
export interface Folded {
  content: string
  calls: { name: string; arguments: unknown }[]
  finish: 'calls' | 'length' | 'stop' | 'filter' | 'unknown'
}

const FINISHES: Readonly<Record<string, Folded['finish']>> = {
  tool_calls: 'calls',
  tool_use: 'calls',
  length: 'length',
  max_tokens: 'length',
  stop: 'stop',
  end_turn: 'stop',
  content_filter: 'filter',
  refusal: 'filter',
}
const finishOf = (word: unknown): Folded['finish'] => FINISHES[String(word)] ?? 'unknown'

/** Throws for arguments that are no JSON. */
export function foldChat({ choices }: OpenAI.Chat.Completions.ChatCompletion): Folded {
  const [choice] = choices
  const calls = (choice?.message.tool_calls ?? []).flatMap((call) =>
    call.type === 'function' ? [{ name: call.function.name, arguments: JSON.parse(call.function.arguments) }] : [],
  )
  return { content: choice?.message.content ?? '', calls, finish: finishOf(choice?.finish_reason) }
}

export function foldResponse(response: OpenAI.Responses.Response): Folded {
  const texts = response.output.flatMap((item) => (item.type === 'message' ? item.content : []))
  const calls = response.output.flatMap((item) =>
    item.type === 'function_call' ? [{ name: item.name, arguments: JSON.parse(item.arguments) }] : [],
  )
  const cut = response.incomplete_details?.reason
  const finish =
    cut === undefined ? (calls.length > 0 ? 'calls' : 'stop') : cut === 'content_filter' ? 'filter' : 'length'
  return { content: texts.map((part) => (part.type === 'output_text' ? part.text : '')).join(''), calls, finish }
}

export function foldMessage({ content, stop_reason }: Anthropic.Message): Folded {
  const calls = content.flatMap((block) =>
    block.type === 'tool_use' ? [{ name: block.name, arguments: block.input }] : [],
  )
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('')
  return { content: text, calls, finish: finishOf(stop_reason) }
}
