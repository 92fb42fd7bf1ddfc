import { refusesToolChoice } from '../../adapters/message/raw-text.js'
import { readServerSentEvents } from '../../adapters/sse/sse.js'
import { createProxyHandler, type ProxyOptions } from '../../proxy/server/handler.js'
import { isObject, type JsonObject, objectsOf, readJson } from '../../proxy/wire/json.js'
import type { Reader, Tried } from '../output/engine-report.js'
import { MOST_TOKENS, QUESTION, TOOL, textOf, whyFailed } from './engine-requests.js'

const MOST_BYTES = 4 * 1024 * 1024

/** What the modes need to know. */
export interface ModeOptions extends Pick<ProxyOptions, 'format' | 'renderTemplate' | 'startInReasoning'> {
  /** Base URL, with `/v1`. */
  readonly api: string
  readonly model: string
  readonly apiKey: string | undefined
  /** Whose endpoint renders the chat template, for text completions. */
  readonly prompt: 'vllm' | 'llamacpp' | undefined
  /** Milliseconds for each request. */
  readonly patience: number
}

/**
 * Sends the question in each mode: read by the engine and by callsift, whole and streamed. Nothing throws: what goes wrong
 * is in the answer.
 *
 * @example await tryModes({ api: 'http://localhost:8000/v1', model: 'm', apiKey: undefined, prompt: undefined, patience: 60_000 })
 */
export async function tryModes(options: ModeOptions): Promise<Tried[]> {
  const { api, apiKey, format, renderTemplate, startInReasoning, prompt } = options
  const shared: ProxyOptions = {
    upstream: api,
    apiKey,
    format,
    renderTemplate,
    startInReasoning,
    timeout: options.patience,
  }
  const proxied = (more: Partial<ProxyOptions>): Send => {
    const handler = createProxyHandler({ ...shared, ...more })
    return (init) => handler(new Request('http://localhost/v1/chat/completions', init))
  }
  const readers: [Reader, Send][] = [
    ['engine', (init) => fetch(`${api}/chat/completions`, { ...init, redirect: 'manual' })],
    ['callsift', proxied({})],
  ]
  if (prompt !== undefined) readers.push(['completions', proxied({ upstreamApi: 'completions', prompt })])
  const tried: Tried[] = []
  // One after the other: an engine that is busy answers otherwise.
  for (const [reader, send] of readers)
    for (const streamed of [false, true]) tried.push(await tryOnce(reader, streamed, send, options))
  return tried
}

type Send = (init: RequestInit) => Promise<Response>

async function tryOnce(reader: Reader, streamed: boolean, send: Send, options: ModeOptions): Promise<Tried> {
  const { model, apiKey, patience } = options
  const headers = new Headers({ 'content-type': 'application/json' })
  if (apiKey !== undefined && reader === 'engine') headers.set('authorization', `Bearer ${apiKey}`)
  const messages = [{ role: 'user', content: QUESTION }]
  const body = { model, messages, tools: [TOOL], temperature: 0, max_tokens: MOST_TOKENS, stream: streamed }
  const tried: Tried = { reader, streamed, status: 0, calls: [], content: '', reasoning: '', notes: [] }
  try {
    const response = await send({
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    })
    tried.status = response.status
    if (response.status === 200 && streamed) await foldStream(response, tried)
    else takeWhole(await textOf(response, MOST_BYTES), tried)
  } catch (error) {
    tried.error = whyFailed(error)
  }
  return tried
}

function takeWhole(text: string, tried: Tried): void {
  const body = readJson(text)
  const [choice] = isObject(body) ? objectsOf(body.choices) : []
  if (choice === undefined) {
    if (refusesToolChoice(tried.status, text)) tried.refusesTools = true
    else tried.error = errorOf(body) ?? `status ${tried.status}, and no answer`
    return
  }
  takeChoice(choice, choice.message, tried)
  finishCalls(
    objectsOf(isObject(choice.message) ? choice.message.tool_calls : undefined).map(({ function: called }) => called),
    tried,
  )
}

async function foldStream({ body }: Response, tried: Tried): Promise<void> {
  const calls = new Map<unknown, JsonObject>()
  let bytes = 0
  for await (const { data } of readServerSentEvents(body as ReadableStream<Uint8Array>)) {
    bytes += data.length
    if (bytes > MOST_BYTES) throw new Error(`the stream has more than ${MOST_BYTES} characters`)
    const chunk = readJson(data)
    if (!isObject(chunk)) continue
    tried.error ??= errorOf(chunk) as string
    for (const choice of objectsOf(chunk.choices)) {
      takeChoice(choice, choice.delta, tried)
      for (const { index, function: part } of objectsOf(isObject(choice.delta) ? choice.delta.tool_calls : undefined)) {
        if (!isObject(part)) continue
        const open = calls.get(index) ?? { name: part.name, arguments: '' }
        calls.set(index, { ...open, arguments: String(open.arguments) + String(part.arguments ?? '') })
      }
    }
  }
  if (tried.error === undefined) delete tried.error
  finishCalls([...calls.values()], tried)
}

function takeChoice(choice: JsonObject, part: unknown, tried: Tried): void {
  if (isObject(part)) {
    const { content, reasoning_content: long, reasoning: short } = part
    if (typeof content === 'string') tried.content += content
    const reasoning = typeof long === 'string' ? long : short
    if (typeof reasoning === 'string') tried.reasoning += reasoning
  }
  if (typeof choice.finish_reason === 'string') tried.finish = choice.finish_reason
  if (isObject(choice.callsift)) tried.notes = objectsOf(choice.callsift.notes).map(({ code }) => String(code))
}

function finishCalls(calls: readonly unknown[], tried: Tried): void {
  for (const call of calls) {
    if (!isObject(call)) continue
    const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments)
    tried.calls.push({ name: String(call.name), arguments: readJson(text) ?? text })
  }
}

function errorOf(body: unknown): string | undefined {
  if (!isObject(body)) return undefined
  const { error, message, detail } = body
  const said = isObject(error)
    ? error.message
    : (error ?? (body.choices === undefined ? (message ?? detail) : undefined))
  return said === undefined ? undefined : (typeof said === 'string' ? said : JSON.stringify(said)).slice(0, 500)
}
