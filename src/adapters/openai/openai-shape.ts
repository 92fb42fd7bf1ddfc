/** The wire of OpenAI chat completions, as far as a parsed message fills it. */

import type { MessageFacts } from '../message/facts.js'

/** The finish reasons that a parsed message can have. */
export type ChatFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter'

/** A call of a whole message. */
export interface ChatToolCall {
  id: string
  type: 'function'
  function: { name: string; arguments: string }
}

/** The assistant message of a chat completion. */
export interface ChatMessage {
  role: 'assistant'
  content: string | null
  refusal: null
  reasoning_content?: string
  reasoning?: string
  tool_calls?: ChatToolCall[]
}

/** Token counts. */
export interface ChatUsage {
  prompt_tokens: number
  completion_tokens: number
  total_tokens: number
}

/** One of the choices of a completion. */
export interface ChatChoice {
  index: number
  message: ChatMessage
  finish_reason: ChatFinishReason
  logprobs: null
  /** What is known of the calls of the message, and which failed. Beside the message, so that it does not go back to a model. */
  callsift?: MessageFacts
}

/** The body of a chat completion. */
export interface ChatCompletion {
  id: string
  object: 'chat.completion'
  created: number
  model: string
  choices: ChatChoice[]
  usage?: ChatUsage
}

/** A piece of a call: the first has `id`, `type` and `name`, later ones only argument text. */
export interface ChatToolCallDelta {
  index: number
  id?: string
  type?: 'function'
  function: { name?: string; arguments: string }
}

/** What one chunk adds to the message. */
export interface ChatDelta {
  role?: 'assistant'
  content?: string | null
  reasoning_content?: string
  reasoning?: string
  tool_calls?: ChatToolCallDelta[]
}

/** What a chunk says of one choice; the one with the finish reason has what is known of its calls. */
export interface ChatChunkChoice {
  index: number
  delta: ChatDelta
  finish_reason: ChatFinishReason | null
  logprobs: null
  callsift?: MessageFacts
}

/** One chunk of a streamed chat completion. */
export interface ChatChunk {
  id: string
  object: 'chat.completion.chunk'
  created: number
  model: string
  choices: ChatChunkChoice[]
  usage?: ChatUsage
}
