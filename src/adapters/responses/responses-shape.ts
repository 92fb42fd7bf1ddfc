/** The wire of OpenAI Responses, as far as a parsed message fills it. */

import type { MessageFacts } from '../message/facts.js'

/** Where an item, or a response, stands. */
export type ItemStatus = 'in_progress' | 'completed' | 'incomplete'

/** The text of a message item. */
export interface OutputText {
  type: 'output_text'
  text: string
  annotations: never[]
  logprobs: never[]
}

/** The text of a reasoning item. */
export interface ReasoningText {
  type: 'reasoning_text'
  text: string
}

/** A run of content. */
export interface MessageItem {
  type: 'message'
  id: string
  role: 'assistant'
  status: ItemStatus
  content: OutputText[]
}

/** A run of reasoning. */
export interface ReasoningItem {
  type: 'reasoning'
  id: string
  status: ItemStatus
  summary: never[]
  content: ReasoningText[]
}

/** A call; `incomplete` if it was cut off or spoilt. */
export interface FunctionCallItem {
  type: 'function_call'
  id: string
  call_id: string
  name: string
  arguments: string
  status: ItemStatus
}

/** A complete call of a tool that takes free text. */
export interface CustomCallItem {
  type: 'custom_tool_call'
  id: string
  call_id: string
  name: string
  input: string
  status: ItemStatus
}

/** An item of a response. */
export type OutputItem = MessageItem | ReasoningItem | FunctionCallItem | CustomCallItem

/** Token counts. */
export interface ResponseUsage {
  input_tokens: number
  output_tokens: number
  total_tokens: number
  input_tokens_details?: unknown
  output_tokens_details?: unknown
}

/** Why a response failed. */
export interface ResponseError {
  code: string
  message: string
}

/** A response as the API returns it. */
export interface ResponseBody {
  id: string
  object: 'response'
  created_at: number
  status: ItemStatus | 'failed'
  error: ResponseError | null
  incomplete_details: { reason: 'max_output_tokens' | 'content_filter' } | null
  instructions: unknown
  metadata: unknown
  model: string
  output: OutputItem[]
  output_text: string
  parallel_tool_calls: boolean
  temperature: number | null
  tool_choice: unknown
  tools: unknown[]
  top_p: number | null
  usage: ResponseUsage | null
  /** What is known of its calls, and which failed. */
  callsift?: MessageFacts
}

/** Where an item stands. */
export interface Place {
  item_id: string
  output_index: number
}
interface PartPlace extends Place {
  content_index: number
}

/** An event of a stream, before it gets its sequence number. */
export type ResponseEventBody =
  | {
      type:
        | 'response.created'
        | 'response.in_progress'
        | 'response.completed'
        | 'response.incomplete'
        | 'response.failed'
      response: ResponseBody
    }
  | { type: 'response.output_item.added' | 'response.output_item.done'; output_index: number; item: OutputItem }
  | ({
      type: 'response.content_part.added' | 'response.content_part.done'
      part: OutputText | ReasoningText
    } & PartPlace)
  | ({ type: 'response.output_text.delta'; delta: string; logprobs: never[] } & PartPlace)
  | ({ type: 'response.output_text.done'; text: string; logprobs: never[] } & PartPlace)
  | ({ type: 'response.reasoning_text.delta'; delta: string } & PartPlace)
  | ({ type: 'response.reasoning_text.done'; text: string } & PartPlace)
  | ({ type: 'response.function_call_arguments.delta'; delta: string } & Place)
  | ({ type: 'response.function_call_arguments.done'; arguments: string; name: string } & Place)
  | ({ type: 'response.custom_tool_call_input.delta'; delta: string } & Place)
  | ({ type: 'response.custom_tool_call_input.done'; input: string } & Place)

/** An event of a stream; its `type` is also the `event` of the server-sent event. */
export type ResponseEvent = ResponseEventBody & { sequence_number: number }
