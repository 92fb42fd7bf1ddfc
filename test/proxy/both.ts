import { afterEach } from 'vitest'
import { readServerSentEvents } from '../../src/adapters/sse/sse.js'
import type { LogRecord } from '../../src/proxy/metrics/log.js'
import { type NodeProxy, type NodeProxyOptions, startProxy } from '../../src/proxy/server/node.js'
import { isObject, type JsonObject, objectsOf } from '../../src/proxy/wire/json.js'
import { type FakeUpstream, startUpstream } from './upstream.js'

/** A proxy in front of a fake inference server, both on loopback. */
export interface Both {
  upstream: FakeUpstream
  proxy: NodeProxy
  /** The records of the proxy's log. */
  log: LogRecord[]
  /** Posts to a path of the proxy. */
  post(path: string, body: unknown, init?: RequestInit): Promise<Response>
  close(): Promise<void>
}

export async function startBoth(options: Partial<NodeProxyOptions> = {}): Promise<Both> {
  const upstream = await startUpstream()
  const log: LogRecord[] = []
  const proxy = await startProxy({
    upstream: upstream.url,
    format: 'hermes',
    port: 0,
    log: (record) => log.push(record),
    ...options,
  })
  return {
    upstream,
    proxy,
    log,
    post: (path, body, init) =>
      fetch(proxy.url + path, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
      }),
    async close() {
      await proxy.close(0)
      await upstream.close()
    },
  }
}

/** The tools of the tests. */
export const TOOLS = ['get_tide', 'ring_bell'].map((name) => ({
  type: 'function' as const,
  function: {
    name,
    parameters: { type: 'object', properties: { port: { type: 'string' }, times: { type: 'integer' } } },
  },
}))

/** A chat request with tools. */
export function chatRequest(more: JsonObject = {}): JsonObject {
  return { model: 'm', messages: [{ role: 'user', content: 'Hi' }], tools: TOOLS, ...more }
}

/** A text with reasoning, content and two calls. */
export const TEXT =
  '<think>The tide, then the bell.</think>Let me see.\n' +
  '<tool_call>\n{"name": "get_tide", "arguments": {"port": "Brest – “№ 1” 🌊"}}\n</tool_call>\n' +
  '<tool_call>\n{"name": "ring_bell", "arguments": {"times": 3}}\n</tool_call>'

export const CALLS = [
  { name: 'get_tide', arguments: '{"port": "Brest – “№ 1” 🌊"}' },
  { name: 'ring_bell', arguments: '{"times": 3}' },
]

/** One choice of a stream, joined as a strict client does: a call's first delta has id, type and name, later ones have none. */
export interface JoinedChoice {
  content: string | null
  reasoning: string
  calls: { id: string; name: string; arguments: string }[]
  finish: string[]
  logprobs: JsonObject[]
}

export interface Joined {
  choices: JoinedChoice[]
  usage: unknown[]
  done: boolean
  comments: string[]
  errors: unknown[]
  chunks: JsonObject[]
}

/** Reads a stream of chat completions to its end. Throws for what breaks the rules of the wire. */
export async function joinStream(response: Response): Promise<Joined> {
  const joined: Joined = { choices: [], usage: [], done: false, comments: [], errors: [], chunks: [] }
  const body = response.body as ReadableStream<Uint8Array>
  const text: string[] = []
  async function* tapped() {
    const decoder = new TextDecoder()
    for await (const piece of body) {
      text.push(decoder.decode(piece, { stream: true }))
      yield piece
    }
  }
  for await (const { data } of readServerSentEvents(tapped(), {
    onComment: (comment) => joined.comments.push(comment),
  })) {
    const chunk: JsonObject = JSON.parse(data)
    joined.chunks.push(chunk)
    if (isObject(chunk.usage)) joined.usage.push(chunk.usage)
    if (chunk.error !== undefined) joined.errors.push(chunk.error)
    for (const choice of objectsOf(chunk.choices)) addChoice(joined.choices, choice)
  }
  joined.done = text.join('').endsWith('data: [DONE]\n\n')
  return joined
}

function addChoice(choices: JoinedChoice[], choice: JsonObject): void {
  const index = choice.index as number
  choices[index] ??= { content: null, reasoning: '', calls: [], finish: [], logprobs: [] }
  const own = choices[index]
  if (own.finish.length > 0) throw new Error('a delta behind the finish reason')
  const delta = choice.delta as JsonObject
  if (typeof delta.content === 'string') own.content = (own.content ?? '') + delta.content
  if (typeof delta.reasoning_content === 'string') own.reasoning += delta.reasoning_content
  for (const call of objectsOf(delta.tool_calls)) addCall(own, call)
  if (isObject(choice.logprobs)) own.logprobs.push(...objectsOf(choice.logprobs.content))
  if (typeof choice.finish_reason === 'string') own.finish.push(choice.finish_reason)
}

function addCall(choice: JoinedChoice, { index, id, type, function: part }: JsonObject): void {
  const fields = part as JsonObject
  if (typeof fields.arguments !== 'string') throw new Error('arguments that are no string')
  const known = choice.calls[index as number]
  if (known === undefined) {
    if (index !== choice.calls.length) throw new Error('an index that skips one')
    if (typeof id !== 'string' || type !== 'function' || typeof fields.name !== 'string')
      throw new Error('a first delta without id, type or name')
    choice.calls.push({ id, name: fields.name, arguments: fields.arguments })
    return
  }
  if (id !== undefined || type !== undefined || fields.name !== undefined)
    throw new Error('id, type or name a second time')
  known.arguments += fields.arguments
}

/** The calls of a choice without their ids. */
export const plainCalls = (choice: JoinedChoice | undefined) => choice?.calls.map(({ id: _, ...call }) => call)

/** Waits until something holds, for two seconds at most; where processes start, for longer. */
export async function until(holds: () => boolean, ms = 2000): Promise<void> {
  const end = performance.now() + ms
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it did not come about within ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** A promise that somebody else opens. */
export function gate(): { passed: Promise<void>; open(): void } {
  const opener = new AbortController()
  const passed = new Promise<void>((resolve) => opener.signal.addEventListener('abort', () => resolve()))
  return { passed, open: () => opener.abort() }
}

/** Starts proxies for the tests of one file, and closes after each test those that it started and did not close itself. */
export function bothForEachTest(): { start(options?: Partial<NodeProxyOptions>): Promise<Both>; forget(): void } {
  let running: Both[] = []
  afterEach(async () => {
    await Promise.all(running.map((both) => both.close()))
    running = []
  })
  return {
    async start(options = {}) {
      const both = await startBoth(options)
      running.push(both)
      return both
    },
    forget() {
      running = []
    },
  }
}
