import type { SourceReason } from '../../adapters/message/finish.js'
import type { ParseEvent } from '../../event/event.js'
import type { Wire } from '../output/wire.js'
import { UsageError } from '../verb.js'
import { asObject, asText, type Fields, objectsOf } from './fields.js'
import { MessageEvents } from './message-events.js'

/** A message out of one of the wire shapes. */
export interface WireMessage {
  readonly events: readonly ParseEvent[]
  readonly id: string | undefined
  readonly model: string | undefined
  readonly reason: SourceReason
}

/**
 * Which shape a value has; undefined if none fits.
 * @example guessWire({ choices: [] }) // 'openai'
 */
export function guessWire(value: unknown): Wire | undefined {
  const list = Array.isArray(value) ? value : undefined
  const fields = asObject(value) ?? {}
  const content = list ?? (Array.isArray(fields.content) ? fields.content : [])
  const types = new Set(content.map((part) => asObject(part)?.type))
  if ('toolCalls' in fields && 'content' in fields) return 'json'
  if ('choices' in fields || hasFunctions(fields.tool_calls)) return 'openai'
  if ('lc' in fields || 'tool_call_chunks' in fields || 'invalid_tool_calls' in fields || 'additional_kwargs' in fields)
    return 'langchain'
  if ('output' in fields || types.has('function_call') || types.has('message')) return 'responses'
  if (types.has('tool_use') || types.has('thinking') || 'stop_reason' in fields) return 'anthropic'
  if (types.has('tool-call') || 'finishReason' in fields) return 'ai-sdk'
  if (Array.isArray(fields.tool_calls)) return 'langchain'
  return fields.role === 'assistant' ? 'openai' : undefined
}

function hasFunctions(calls: unknown): boolean {
  return Array.isArray(calls) && asObject(asObject(calls[0])?.function) !== undefined
}

/**
 * Reads a message in the shape of a wire.
 * @throws UsageError for a value that is not of that shape
 */
export function readWire(wire: Wire, value: unknown): WireMessage {
  const fields = Array.isArray(value) ? { content: value, output: value } : asObject(value)
  if (fields === undefined)
    throw new UsageError(`expected a message in the shape ${wire}, got ${JSON.stringify(value)?.slice(0, 40)}`)
  const message = new MessageEvents()
  const read = READERS[wire](fields, message)
  if (message.isEmpty && !read.known)
    throw new UsageError(`this is not a message in the shape ${wire}: none of its fields is there`)
  const { id, model, reason = 'stop' } = read
  return { events: message.end(reason, read.format ?? wire), id, model, reason }
}

interface Read {
  /** The value has the fields of its shape, so that it is a message even if nothing is in it. */
  known: boolean
  id?: string | undefined
  model?: string | undefined
  format?: string | undefined
  reason?: SourceReason | undefined
}

const READERS: Readonly<Record<Wire, (fields: Fields, message: MessageEvents) => Read>> = {
  json(fields, message) {
    message.reasoning(fields.reasoning)
    message.content(fields.content)
    const calls = [...objectsOf(fields.toolCalls), ...objectsOf(fields.incomplete)]
    for (const call of calls.sort((a, b) => Number(a.index) - Number(b.index))) {
      message.call({
        id: call.id,
        name: call.name,
        arguments: call.argumentsText ?? call.arguments,
        status: call.status,
      })
    }
    const reason = fields.status === 'truncated' ? 'length' : 'stop'
    return { known: 'toolCalls' in fields, format: asText(fields.format), reason }
  },
  openai(fields, message) {
    const choice = asObject(objectsOf(fields.choices)[0]) ?? {}
    const body = asObject(choice.message) ?? fields
    message.reasoning(body.reasoning_content ?? body.reasoning)
    message.content(body.content)
    const legacy = asObject(body.function_call)
    for (const call of objectsOf(body.tool_calls)) {
      const { name, arguments: args } = asObject(call.function) ?? {}
      message.call({ id: call.id, name, arguments: args })
    }
    if (legacy !== undefined) message.call({ name: legacy.name, arguments: legacy.arguments })
    const finish = choice.finish_reason
    return {
      known: body.role === 'assistant',
      id: asText(fields.id),
      model: asText(fields.model),
      reason: reasonOf(finish),
    }
  },
  responses(fields, message) {
    for (const item of objectsOf(fields.output)) {
      if (item.type === 'message') message.content(item.content)
      else if (item.type === 'reasoning')
        message.reasoning(objectsOf(item.content).length > 0 ? item.content : item.summary)
      else if (item.type === 'function_call') {
        const status = item.status === 'incomplete' ? 'truncated' : undefined
        message.call({ id: item.call_id ?? item.id, name: item.name, arguments: item.arguments, status })
      }
    }
    const reason = reasonOf(asObject(fields.incomplete_details)?.reason)
    return { known: 'output' in fields, id: asText(fields.id), model: asText(fields.model), reason }
  },
  anthropic(fields, message) {
    if (typeof fields.content === 'string') message.content(fields.content)
    for (const block of objectsOf(fields.content)) {
      if (block.type === 'text') message.content(block.text)
      else if (block.type === 'thinking') message.reasoning(block.thinking)
      else if (block.type === 'tool_use') message.call({ id: block.id, name: block.name, arguments: block.input })
    }
    return {
      known: 'content' in fields,
      id: asText(fields.id),
      model: asText(fields.model),
      reason: reasonOf(fields.stop_reason),
    }
  },
  'ai-sdk'(fields, message) {
    if (typeof fields.content === 'string') message.content(fields.content)
    for (const part of objectsOf(fields.content)) {
      if (part.type === 'text') message.content(part.text)
      else if (part.type === 'reasoning') message.reasoning(part.text)
      else if (part.type === 'tool-call') {
        message.call({ id: part.toolCallId, name: part.toolName, arguments: part.input ?? part.args })
      }
    }
    const finish = asObject(fields.finishReason)?.unified ?? fields.finishReason
    return { known: 'content' in fields, id: asText(fields.id), reason: reasonOf(finish) }
  },
  langchain(value, message) {
    const fields = asObject(value.kwargs) ?? asObject(value.data) ?? value
    const extra = asObject(fields.additional_kwargs)
    message.reasoning(extra?.reasoning_content)
    message.content(fields.content)
    for (const call of objectsOf(fields.tool_calls))
      message.call({ id: call.id, name: call.name, arguments: call.args })
    for (const call of objectsOf(fields.invalid_tool_calls)) {
      message.call({ id: call.id, name: call.name, arguments: call.args, status: 'malformed' })
    }
    const { finish_reason, model_name } = asObject(fields.response_metadata) ?? {}
    return {
      known: 'content' in fields,
      id: asText(fields.id),
      model: asText(model_name),
      reason: reasonOf(finish_reason),
    }
  },
}

function reasonOf(finish: unknown): SourceReason {
  if (finish === 'length' || finish === 'max_tokens' || finish === 'max_output_tokens') return 'length'
  return finish === 'content_filter' || finish === 'content-filter' || finish === 'refusal' ? 'content_filter' : 'stop'
}
