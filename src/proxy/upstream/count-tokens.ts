import { chatFromMessages } from '../requests/messages-request.js'
import { requestHeaders } from '../wire/headers.js'
import { isObject, type JsonObject, objectsOf, readJson } from '../wire/json.js'
import { Problem } from '../wire/problem.js'
import type { Upstream } from './ask.js'
import type { Shared, TokenCounter } from './ask-model.js'

/** The answer: `{"input_tokens": 12}`. */
export interface CountReply {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** The header that says who counted: an estimate is no count. */
export const COUNTED_BY = 'x-callsift-counted-by'

/** How long it holds that an upstream cannot count (milliseconds): it may be restarted with another engine behind it. */
const HOLDS = 60_000

/** Asks the upstream; undefined where it has no such path, or does not answer as expected. */
type Ask = (path: string, body: JsonObject) => Promise<JsonObject | undefined>

/** Ways to count, the exact ones first. Each gives nothing where the engine does not know it. */
const WAYS: readonly (readonly [TokenCounter, (ask: Ask, chat: JsonObject, body: JsonObject) => Promise<unknown>])[] = [
  // Newer engines speak this API themselves.
  ['upstream', async (ask, _, body) => (await ask('/v1/messages/count_tokens', body))?.input_tokens],
  ['vllm', async (ask, chat) => (await ask('/tokenize', { ...chat, add_generation_prompt: true }))?.count],
  [
    'llamacpp',
    async (ask, chat) => {
      const prompt = (await ask('/apply-template', chat))?.prompt
      if (typeof prompt !== 'string') return undefined
      return lengthOf((await ask('/tokenize', { content: prompt, add_special: true, parse_special: true }))?.tokens)
    },
  ],
  // No template here: the words of the messages are counted exactly, what stands round them is not.
  ['sglang', async (ask, chat) => (await ask('/tokenize', { model: chat.model, prompt: wordsOf(chat) }))?.count],
]

/**
 * Answers how many tokens a message request has: the engine counts where it can, else the number is an estimate, and the
 * header `x-callsift-counted-by` says so.
 *
 * @throws Problem for a request that is none, and for an upstream that cannot be reached
 * @example await countTokens(shared, body, clientHeaders, upstream) // { status: 200, body: '{"input_tokens":42}', … }
 */
export async function countTokens(
  shared: Shared,
  body: JsonObject,
  clientHeaders: Headers,
  upstream: Upstream,
): Promise<CountReply> {
  const { settings, counting } = shared
  const { messages, tools, ...rest } = chatFromMessages(body)
  const model = (typeof body.model === 'string' && settings.findRule(body.model)?.model) || body.model
  const chat: JsonObject = { model, messages, ...(tools === undefined ? {} : { tools }) }
  if (isObject(rest.chat_template_kwargs)) chat.chat_template_kwargs = rest.chat_template_kwargs
  const headers = requestHeaders(clientHeaders, settings.credentials)
  headers.set('content-type', 'application/json')
  headers.set('accept', 'application/json')
  headers.set('accept-encoding', 'identity')
  const ask: Ask = async (path, question) => {
    const base = path.startsWith('/v1/')
      ? settings.upstream.api + path.slice('/v1'.length)
      : settings.upstream.root + path
    const reply = await upstream
      .ask({ url: base, method: 'POST', headers, body: JSON.stringify(question) })
      .catch(noAnswer)
    if (reply === undefined) return undefined
    const answer = readJson(await upstream.read(reply))
    return reply.status === 200 && isObject(answer) ? answer : undefined
  }
  const known = performance.now() < counting.until ? counting.by : undefined
  for (const [by, count] of WAYS) {
    if (known !== undefined && known !== by) continue
    const tokens = await count(ask, chat, { ...body, model })
    if (typeof tokens !== 'number' || !Number.isSafeInteger(tokens) || tokens < 0) continue
    counting.by = by
    counting.until = Number.POSITIVE_INFINITY
    return reply(tokens, by)
  }
  counting.by = 'estimate'
  counting.until = performance.now() + HOLDS
  shared.hint(
    `the upstream counts no tokens: /v1/messages/count_tokens answers estimates, and says so in the header ${COUNTED_BY}`,
  )
  return reply(estimateTokens(chat), 'estimate')
}

/** What is no sound answer to one question need not be so to the next: gateways redirect paths that they do not know. */
function noAnswer(error: unknown): undefined {
  if (!(error instanceof Problem) || error.code !== 'upstream_invalid') throw error
}

function reply(tokens: number, by: TokenCounter): CountReply {
  const headers = new Headers({ 'content-type': 'application/json', [COUNTED_BY]: by })
  return { status: 200, headers, body: JSON.stringify({ input_tokens: tokens }) }
}

function lengthOf(tokens: unknown): number | undefined {
  return Array.isArray(tokens) ? tokens.length : undefined
}

/** What open models take on average: English and code have some four characters to a token, CJK one or two. */
const CHARACTERS_PER_TOKEN = 3.6
const TOKENS_PER_OTHER_CHARACTER = 0.8
const TOKENS_PER_MESSAGE = 5
const TOKENS_PER_IMAGE = 1000

/**
 * A guess at the tokens of a chat request, rather too high than too low: clients cut their history by it.
 *
 * @example estimateTokens({ messages: [{ role: 'user', content: 'Hello there' }] }) // 9
 */
export function estimateTokens(chat: JsonObject): number {
  const words = wordsOf(chat)
  const ascii = words.replace(/[^\0-\x7f]/g, '').length
  const messages = objectsOf(chat.messages)
  const images = messages.flatMap(({ content }) => objectsOf(content)).filter(({ type }) => type !== 'text').length
  return Math.ceil(
    ascii / CHARACTERS_PER_TOKEN +
      (words.length - ascii) * TOKENS_PER_OTHER_CHARACTER +
      messages.length * TOKENS_PER_MESSAGE +
      images * TOKENS_PER_IMAGE,
  )
}

/** All that a template writes of a request, but for its markers; images are none of it. */
function wordsOf(chat: JsonObject): string {
  const messages = objectsOf(chat.messages).flatMap(({ content, reasoning_content: reasoning, tool_calls: calls }) => [
    typeof content === 'string' ? content : objectsOf(content).map(({ text }) => text),
    reasoning,
    calls === undefined ? undefined : JSON.stringify(calls),
  ])
  const tools = objectsOf(chat.tools).map((tool) => JSON.stringify(tool))
  return [...messages.flat(), ...tools].filter((text) => typeof text === 'string').join('\n')
}
