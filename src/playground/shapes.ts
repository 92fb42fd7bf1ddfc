import { toContent, finishReason as toFinishReason } from '../adapters/ai-sdk/ai-sdk.js'
import { toMessage } from '../adapters/anthropic/anthropic.js'
import { toAIMessage } from '../adapters/langchain/langchain.js'
import { toChatCompletion } from '../adapters/openai/openai.js'
import { toResponse } from '../adapters/responses/responses.js'
import type { ParseResult } from '../event/event.js'

const HEAD = { model: 'model', callIds: 'keep', facts: 'none' } as const

/** The shapes of a result that one can copy, by their names on the page. */
export const SHAPES: Readonly<Record<string, (result: ParseResult) => unknown>> = {
  OpenAI: (result) => toChatCompletion(result, { ...HEAD, id: 'chatcmpl-playground', created: 0 }),
  'AI SDK': (result) => ({
    content: toContent(result, { callIds: 'keep', facts: 'none' }),
    finishReason: toFinishReason(result),
  }),
  'OpenAI Responses': (result) => toResponse(result, { ...HEAD, id: 'resp_playground', createdAt: 0 }),
  Anthropic: (result) => toMessage(result, { ...HEAD, id: 'msg_playground' }),
  LangChain: (result) => toAIMessage(result, { ...HEAD, id: 'run-playground' }),
  callsift: (result) => result,
}
