import type { SourceReason } from '../../adapters/message/finish.js'
import { isObject, type JsonObject, objectsOf } from '../wire/json.js'

/**
 * A chunk, or a whole body, of text completions in the shape of chat completions, so that one reader serves both. What
 * is in that shape already is handed back as it is.
 *
 * @example chatShape({ choices: [{ index: 0, text: 'Hi' }] }, 'delta') // { choices: [{ index: 0, delta: { content: 'Hi' } }] }
 */
export function chatShape(body: JsonObject, part: 'delta' | 'message'): JsonObject {
  const { choices: list } = body
  if (!Array.isArray(list)) return body
  if (body.object !== 'text_completion' && !list.some((choice) => isObject(choice) && typeof choice.text === 'string'))
    return body
  const choices = objectsOf(list)
  const object = part === 'delta' ? 'chat.completion.chunk' : 'chat.completion'
  return { ...body, object, choices: choices.map((choice) => chatChoice(choice, part)) }
}

function chatChoice({ text, logprobs, index, ...rest }: JsonObject, part: 'delta' | 'message'): JsonObject {
  const content = typeof text === 'string' ? text : ''
  const message = part === 'delta' ? { content } : { role: 'assistant', content }
  return { index, [part]: message, ...rest, logprobs: chatLogprobs(logprobs) }
}

/** Text completions keep tokens and their log probabilities in lists side by side; chat keeps a list of objects. */
function chatLogprobs(logprobs: unknown): unknown {
  if (!isObject(logprobs) || !Array.isArray(logprobs.tokens)) return logprobs ?? null
  const { tokens, token_logprobs: values, top_logprobs: tops } = logprobs
  const content = tokens.map((token: unknown, i) => ({
    token,
    logprob: Array.isArray(values) ? (values[i] ?? null) : null,
    bytes: null,
    top_logprobs: topLogprobs(Array.isArray(tops) ? tops[i] : undefined),
  }))
  return { content }
}

function topLogprobs(top: unknown): object[] {
  return isObject(top) ? Object.entries(top).map(([token, logprob]) => ({ token, logprob, bytes: null })) : []
}

/**
 * A whole body of chat completions as the one chunk that says the same, for an upstream that does not stream.
 *
 * @example wholeAsChunk({ choices: [{ index: 0, message: { content: 'Hi' }, finish_reason: 'stop' }] })
 */
export function wholeAsChunk(body: JsonObject): JsonObject {
  const choices = objectsOf(body.choices).map(({ message, ...choice }) => ({ ...choice, delta: message }))
  for (const { delta } of choices) {
    if (!isObject(delta) || !Array.isArray(delta.tool_calls)) continue
    delta.tool_calls = objectsOf(delta.tool_calls).map((call, index) => ({ index, ...call }))
  }
  return { ...body, object: 'chat.completion.chunk', choices }
}

/** What a delta, or a message, holds that the proxy looks at. */
export interface Parts {
  readonly text: string
  /** Reasoning that the upstream has split off, under the key that it came with. */
  readonly reasoning: string
  readonly reasoningKey: 'reasoning_content' | 'reasoning' | undefined
  /** Calls that the upstream has parsed. */
  readonly native: JsonObject[]
}

/**
 * Looks into a delta or a message.
 *
 * @example readParts({ content: 'Hi' }).text // 'Hi'
 */
export function readParts(value: unknown): Parts {
  const delta = isObject(value) ? value : {}
  const { content, tool_calls: calls } = delta
  const native = Array.isArray(calls) && calls.length > 0 ? objectsOf(calls) : []
  const text = typeof content === 'string' ? content : textOf(content)
  const thinking = typeof content === 'string' ? '' : objectsOf(content).map(thinkingOf).join('')
  if (thinking !== '') return { text, reasoning: thinking, reasoningKey: 'reasoning_content', native }
  const reasoningKey = nonEmpty(delta.reasoning_content)
    ? 'reasoning_content'
    : nonEmpty(delta.reasoning)
      ? 'reasoning'
      : undefined
  const reasoning = reasoningKey === undefined ? '' : String(delta[reasoningKey])
  return { text, reasoning, reasoningKey, native }
}

/** The text of a list of parts, as Mistral's servers write content: `[{ type: 'text', text: 'Hi' }]`. */
function textOf(parts: unknown): string {
  return objectsOf(parts)
    .flatMap(({ type, text }) => (type === 'text' && typeof text === 'string' ? [text] : []))
    .join('')
}

/** Theirs is a list again: `{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }`. */
function thinkingOf({ type, thinking }: JsonObject): string {
  if (type !== 'thinking') return ''
  return typeof thinking === 'string' ? thinking : textOf(thinking)
}

function nonEmpty(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}

/**
 * Why the text ended, in the words of the adapters. Servers have more words than these; all others mean an ordinary end.
 *
 * @example sourceReason('length') // 'length'
 */
export function sourceReason(finish: unknown): SourceReason {
  return finish === 'length' || finish === 'content_filter' || finish === 'abort' ? finish : 'stop'
}
