/**
 * What the adapters give is what the SDKs take, without a cast: `npm run check -- types` compiles this file under
 * `exactOptionalPropertyTypes`. Nothing in it runs.
 */
import type Anthropic from '@anthropic-ai/sdk'
import { AIMessage, AIMessageChunk } from '@langchain/core/messages'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { wrapLanguageModel as wrap6 } from 'ai'
import type { wrapLanguageModel as wrap7 } from 'ai-7'
import type OpenAI6 from 'openai'
import type OpenAI7 from 'openai-7'
import { createToolMiddleware } from '../../src/adapters/ai-sdk/ai-sdk.js'
import { createMessageEvents, toMessage } from '../../src/adapters/anthropic/anthropic.js'
import { createAIMessageChunks, toAIMessage } from '../../src/adapters/langchain/langchain.js'
import { toCallRequests } from '../../src/adapters/mcp/mcp.js'
import { createChatChunks, toChatCompletion, toChatMessage } from '../../src/adapters/openai/openai.js'
import { createResponseEvents, toResponse } from '../../src/adapters/responses/responses.js'
import { parse } from '../../src/index.js'

const result = parse('', { format: 'hermes' })
const model = 'm'

export const chat: readonly [OpenAI6.Chat.ChatCompletion, OpenAI7.Chat.ChatCompletion] = [
  toChatCompletion(result, { model }),
  toChatCompletion(result, { model }),
]
export const chatMessage: readonly [OpenAI6.Chat.ChatCompletionMessageParam, OpenAI7.Chat.ChatCompletionMessageParam] =
  [toChatMessage(result), toChatMessage(result)]
export const chatChunks: readonly [OpenAI6.Chat.ChatCompletionChunk[], OpenAI7.Chat.ChatCompletionChunk[]] = [
  createChatChunks({ model }).push([]),
  createChatChunks({ model }).push([]),
]
export const response: readonly [OpenAI6.Responses.Response, OpenAI7.Responses.Response] = [
  toResponse(result, { model }),
  toResponse(result, { model }),
]
export const responseEvents: readonly [
  OpenAI6.Responses.ResponseStreamEvent[],
  OpenAI7.Responses.ResponseStreamEvent[],
] = [createResponseEvents({ model }).push([]), createResponseEvents({ model }).push([])]

export const message: Anthropic.Message = toMessage(result, { model })
export const messageParam: Anthropic.MessageParam = toMessage(result, { model })
export const messageEvents: Anthropic.MessageStreamEvent[] = createMessageEvents({ model }).push([])

export const middleware6: Parameters<typeof wrap6>[0]['middleware'] = createToolMiddleware({ format: 'hermes' })
export const middleware7: Parameters<typeof wrap7>[0]['middleware'] = createToolMiddleware({ format: 'hermes' })

export const aiMessage: AIMessage = new AIMessage(toAIMessage(result))
export const aiChunks: AIMessageChunk[] = createAIMessageChunks()
  .push([])
  .map((fields) => new AIMessageChunk(fields))

export const mcp: Parameters<Client['callTool']>[0][] = toCallRequests(result).map(({ params }) => params)
