/** The wire of OpenAI chat completions, as far as a parsed message fills it. */

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

/** The body of a chat completion. */
export interface ChatCompletion {
  id: string
  object: 'chat.completion'
  created: number
  model: string
  choices: { index: number; message: ChatMessage; finish_reason: ChatFinishReason; logprobs: null }[]
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

/** One chunk of a streamed chat completion. */
export interface ChatChunk {
  id: string
  object: 'chat.completion.chunk'
  created: number
  model: string
  choices: { index: number; delta: ChatDelta; finish_reason: ChatFinishReason | null; logprobs: null }[]
  usage?: ChatUsage
}
