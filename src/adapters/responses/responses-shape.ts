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

/** Token counts, as far as the server gives them. */
export interface ResponseUsage {
  input_tokens: number
  output_tokens: number
  total_tokens: number
  input_tokens_details?: Partial<ReportedUsage['input_tokens_details']>
  output_tokens_details?: Partial<ReportedUsage['output_tokens_details']>
}

/** Token counts as the API returns them: what the server does not give is 0. */
export interface ReportedUsage {
  input_tokens: number
  output_tokens: number
  total_tokens: number
  input_tokens_details: { cached_tokens: number; cache_write_tokens: number }
  output_tokens_details: { reasoning_tokens: number }
}

/** Why a response failed, in the words that the API has for it and that a server before a model can mean. */
export interface ResponseError {
  code: 'server_error' | 'rate_limit_exceeded' | 'invalid_prompt'
  message: string
}

/** The tool choice of the request. */
export type EchoedToolChoice = 'none' | 'auto' | 'required' | { type: 'function'; name: string }

/** A tool of the request. */
export interface EchoedTool {
  type: 'function'
  name: string
  parameters: Record<string, unknown> | null
  strict: boolean | null
  description?: string | null
}

/** A response as the API returns it. */
export interface ResponseBody {
  id: string
  object: 'response'
  created_at: number
  status: ItemStatus | 'failed'
  /** Of models of OpenAI's own alone. */
  access_programs: null
  error: ResponseError | null
  incomplete_details: { reason: 'max_output_tokens' | 'content_filter' } | null
  instructions: string | null
  metadata: Record<string, string> | null
  model: string
  output: OutputItem[]
  output_text: string
  parallel_tool_calls: boolean
  temperature: number | null
  tool_choice: EchoedToolChoice
  tools: EchoedTool[]
  top_p: number | null
  /** Not there while the counts are not known. */
  usage?: ReportedUsage
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
