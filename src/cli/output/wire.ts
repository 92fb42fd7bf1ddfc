import { createHash } from 'node:crypto'
import { toContent, finishReason as toFinishReason } from '../../adapters/ai-sdk/ai-sdk.js'
import { toMessage } from '../../adapters/anthropic/anthropic.js'
import { toAIMessage } from '../../adapters/langchain/langchain.js'
import type { CallIds } from '../../adapters/message/call-ids.js'
import type { SourceReason } from '../../adapters/message/finish.js'
import { toChatCompletion } from '../../adapters/openai/openai.js'
import { type ResponseBody, toResponse } from '../../adapters/responses/responses.js'
import { collect } from '../../event/collect.js'
import type { ParseEvent } from '../../event/event.js'

/** The shapes in which a message can be written. `json` is the library's own result. */
export const WIRES = ['json', 'openai', 'responses', 'anthropic', 'ai-sdk', 'langchain'] as const
export type Wire = (typeof WIRES)[number]

/** What a message is called on a wire, beside what is in it. */
export interface WireHead {
  readonly model: string
  /** The id of the message. */
  readonly id: string
  readonly callIds: CallIds
  readonly reason?: SourceReason | undefined
}

/**
 * A message in the shape of a wire, and no more: what is known of its calls is in `json`.
 * @example toWire('openai', events, { model: 'qwen3', id: '1', callIds: 'keep' }) // { object: 'chat.completion', … }
 */
export function toWire(wire: Wire, events: readonly ParseEvent[], head: WireHead): object {
  const { callIds, reason } = head
  const plain = { ...head, facts: 'none' as const }
  switch (wire) {
    case 'json':
      return collect(events)
    case 'openai':
      return toChatCompletion(events, { ...plain, created: 0 })
    case 'responses':
      return withItemIds(toResponse(events, { ...plain, createdAt: 0 }))
    case 'anthropic':
      return toMessage(events, plain)
    case 'ai-sdk':
      return {
        content: toContent(events, { callIds, facts: 'none' }),
        finishReason: toFinishReason(collect(events), reason),
      }
    case 'langchain':
      return toAIMessage(events, plain)
  }
}

/** The items of a response have ids of their own, which would differ from run to run: they are made from the message's. */
function withItemIds(response: ResponseBody): ResponseBody {
  const output = response.output.map((item, i) => {
    const prefix = item.id.slice(0, item.id.indexOf('_') + 1)
    return { ...item, id: prefix + digest(`item ${i}`, response.id) }
  })
  return { ...response, output }
}

const PREFIXES: { readonly [wire in Wire]?: string } = { openai: 'chatcmpl-', responses: 'resp_', langchain: 'run-' }

/**
 * The id of a message, made from its text: the same text gives the same id, so that results can be compared.
 */
export function messageIdFrom(text: string, wire: Wire): string {
  return `${PREFIXES[wire] ?? 'msg_'}${digest('message', text)}`
}

/**
 * Ids for the calls of a message, made from its text: another text gives others, so that the messages of a conversation
 * do not share them.
 */
export function callIdsFrom(text: string): (call: { index: number; id: string }) => string {
  return ({ index, id }) => {
    const hash = digest(`call ${index}`, text)
    // Nine letters or digits are what Mistral's template takes, and nothing else.
    return /^[A-Za-z0-9]{9}$/.test(id) ? hash.slice(0, 9) : `call_${hash}`
  }
}

function digest(what: string, text: string): string {
  return createHash('sha256').update(`${what}\0`).update(text).digest('hex').slice(0, 24)
}
