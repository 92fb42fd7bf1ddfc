import type { MessageUsage } from '../../adapters/anthropic/anthropic.js'
import type { ResponseUsage } from '../../adapters/responses/responses.js'
import { isObject, type JsonObject } from '../wire/json.js'

/** Token counts of chat completions as Responses names them. */
export function responseUsage(usage: JsonObject | undefined): ResponseUsage | undefined {
  if (usage === undefined) return undefined
  const input = number(usage.prompt_tokens)
  const output = number(usage.completion_tokens)
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: detail(usage.prompt_tokens_details, 'cached_tokens') },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: detail(usage.completion_tokens_details, 'reasoning_tokens') },
    total_tokens: number(usage.total_tokens) || input + output,
  }
}

/** Token counts of chat completions as Anthropic names them. */
export function messageUsage(usage: JsonObject | undefined): MessageUsage | undefined {
  if (usage === undefined) return undefined
  return { input_tokens: number(usage.prompt_tokens), output_tokens: number(usage.completion_tokens) }
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

function detail(details: unknown, name: string): number {
  return isObject(details) ? number(details[name]) : 0
}
