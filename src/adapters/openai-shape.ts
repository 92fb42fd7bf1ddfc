/** The wire of OpenAI chat completions, as far as a parsed message fills it. */

export type ChatFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter'

export interface ChatToolCall {
  id: string
  type: 'function'
  function: { name: string; arguments: string }
}

export interface ChatMessage {
  role: 'assistant'
  content: string | null
  refusal: null
  reasoning_content?: string
  reasoning?: string
  tool_calls?: ChatToolCall[]
}

export interface ChatUsage {
  prompt_tokens: number
  completion_tokens: number
  total_tokens: number
}

export interface ChatCompletion {
  id: string
  object: 'chat.completion'
  created: number
  model: string
  choices: { index: number; message: ChatMessage; finish_reason: ChatFinishReason; logprobs: null }[]
  usage?: ChatUsage
}

export interface ChatToolCallDelta {
  index: number
  id?: string
  type?: 'function'
  function: { name?: string; arguments: string }
}

export interface ChatDelta {
  role?: 'assistant'
  content?: string | null
  reasoning_content?: string
  reasoning?: string
  tool_calls?: ChatToolCallDelta[]
}

export interface ChatChunk {
  id: string
  object: 'chat.completion.chunk'
  created: number
  model: string
  choices: { index: number; delta: ChatDelta; finish_reason: ChatFinishReason | null; logprobs: null }[]
  usage?: ChatUsage
}
