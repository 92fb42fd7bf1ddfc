import type { CallStartEvent } from '../../event/event.js'
import type { BlockEvent, TextKind } from '../message/blocks.js'
import { randomId } from '../message/call-ids.js'
import type {
  CustomCallItem,
  FunctionCallItem,
  ItemStatus,
  MessageItem,
  OutputItem,
  OutputText,
  Place,
  ReasoningItem,
  ReasoningText,
  ResponseEventBody,
} from './responses-shape.js'

/**
 * Builds the output of one response from its blocks: `take` gives the events of a block, `items` holds what is finished.
 *
 * @example blocks.push(events).flatMap(createOutput().take)
 */
export function createOutput(customTools: readonly string[] = []) {
  const items: OutputItem[] = []
  let open: Place = { item_id: '', output_index: 0 }
  let text = '' // of the open text item
  let call: FunctionCallItem | undefined
  let isCustom = false

  function begin(prefix: string): string {
    open = { item_id: prefix + randomId(24), output_index: items.length }
    return open.item_id
  }
  function done(item: OutputItem): ResponseEventBody {
    items.push(item)
    return { type: 'response.output_item.done', output_index: open.output_index, item }
  }

  function openText(kind: TextKind): ResponseEventBody[] {
    text = ''
    const item = textItem(kind, begin(kind === 'content' ? 'msg_' : 'rs_'), 'in_progress')
    const part = textPart(kind, '')
    return [
      { type: 'response.output_item.added', output_index: open.output_index, item },
      { type: 'response.content_part.added', ...open, content_index: 0, part },
    ]
  }
  function textDelta(kind: TextKind, delta: string): ResponseEventBody[] {
    text += delta
    const place = { ...open, content_index: 0, delta }
    if (kind === 'reasoning') return [{ type: 'response.reasoning_text.delta', ...place }]
    return [{ type: 'response.output_text.delta', ...place, logprobs: [] }]
  }
  function closeText(kind: TextKind, status: ItemStatus): ResponseEventBody[] {
    const place = { ...open, content_index: 0 }
    const last: ResponseEventBody =
      kind === 'reasoning'
        ? { type: 'response.reasoning_text.done', ...place, text }
        : { type: 'response.output_text.done', ...place, text, logprobs: [] }
    const item = textItem(kind, open.item_id, status, text)
    return [last, { type: 'response.content_part.done', ...place, part: textPart(kind, text) }, done(item)]
  }

  function openCall(event: CallStartEvent): ResponseEventBody[] {
    isCustom = customTools.includes(event.name)
    const id = begin(isCustom ? 'ctc_' : 'fc_')
    call = { type: 'function_call', id, call_id: event.id, name: event.name, arguments: '', status: 'in_progress' }
    // The text of a custom call is known when its arguments are whole.
    if (isCustom) return []
    return [{ type: 'response.output_item.added', output_index: open.output_index, item: { ...call } }]
  }
  function argumentsDelta(delta: string): ResponseEventBody[] {
    if (call === undefined || delta === '') return []
    call.arguments += delta
    if (isCustom) return []
    return [{ type: 'response.function_call_arguments.delta', ...open, delta }]
  }
  function closeCall(status: 'completed' | 'incomplete'): ResponseEventBody[] {
    if (call === undefined) return []
    const item = { ...call, status }
    call = undefined
    if (isCustom) return status === 'completed' ? customCall(item) : []
    if (status === 'incomplete') return [done(item)]
    const { arguments: text, name } = item
    return [{ type: 'response.function_call_arguments.done', ...open, arguments: text, name }, done(item)]
  }
  function customCall({ id, call_id, name, arguments: text }: FunctionCallItem): ResponseEventBody[] {
    const input = customInput(text)
    const item: CustomCallItem = { type: 'custom_tool_call', id, call_id, name, input, status: 'completed' }
    return [
      {
        type: 'response.output_item.added',
        output_index: open.output_index,
        item: { ...item, input: '', status: 'in_progress' },
      },
      ...(input === '' ? [] : [{ type: 'response.custom_tool_call_input.delta' as const, ...open, delta: input }]),
      { type: 'response.custom_tool_call_input.done', ...open, input },
      done(item),
    ]
  }

  function take(event: BlockEvent): ResponseEventBody[] {
    switch (event.type) {
      case 'text-open':
        return openText(event.kind)
      case 'text':
        return textDelta(event.kind, event.text)
      case 'text-close':
        return closeText(event.kind, event.cut ? 'incomplete' : 'completed')
      case 'call-start':
        return openCall(event)
      case 'arguments':
        return argumentsDelta(event.delta)
      case 'call-end':
        return closeCall(event.call.status === 'complete' ? 'completed' : 'incomplete')
      case 'call-cut':
        return closeCall('incomplete')
    }
  }

  return { items, take }
}

/** The one argument of a tool that takes free text; a model that wrote others is told so by the tool. */
function customInput(argumentsText: string): string {
  const value: unknown = JSON.parse(argumentsText)
  const isText = typeof value === 'object' && value !== null && 'input' in value && typeof value.input === 'string'
  return isText ? String(value.input) : argumentsText
}

function textPart(kind: 'content', text: string): OutputText
function textPart(kind: 'reasoning', text: string): ReasoningText
function textPart(kind: TextKind, text: string): OutputText | ReasoningText
function textPart(kind: TextKind, text: string): OutputText | ReasoningText {
  return kind === 'reasoning'
    ? { type: 'reasoning_text', text }
    : { type: 'output_text', text, annotations: [], logprobs: [] }
}

function textItem(kind: TextKind, id: string, status: ItemStatus, text?: string): MessageItem | ReasoningItem {
  if (kind === 'reasoning') {
    return { type: 'reasoning', id, status, summary: [], content: text === undefined ? [] : [textPart(kind, text)] }
  }
  return { type: 'message', id, role: 'assistant', status, content: text === undefined ? [] : [textPart(kind, text)] }
}
