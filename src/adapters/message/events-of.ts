import type { ParseEvent, ParseResult, ToolCall } from '../../event/event.js'

/** What a whole-message function takes: a result, or the events themselves where their order matters. */
export type MessageSource = ParseResult | Iterable<ParseEvent>

/**
 * The events of a message. A result knows the order of its calls but not what stood between them, so its events come
 * in the order reasoning, content, calls; give the events themselves to keep the order of the text.
 *
 * @example eventsOf(parse(text, { format: 'hermes' }))
 */
export function eventsOf(source: MessageSource): Iterable<ParseEvent> {
  return Symbol.iterator in source ? source : eventsOfResult(source)
}

function eventsOfResult(result: ParseResult): ParseEvent[] {
  const at = { from: 0, to: 0 }
  const events: ParseEvent[] = []
  if (result.reasoning !== '') events.push({ type: 'reasoning', text: result.reasoning, ...at })
  if (result.content !== '') events.push({ type: 'content', text: result.content, ...at })
  const calls = [...result.toolCalls, ...result.incomplete].sort((a, b) => a.index - b.index)
  for (const call of calls) events.push(...eventsOfCall(call))
  events.push({ type: 'end', status: result.status, format: result.format, ...at })
  return events
}

function eventsOfCall(call: ToolCall): ParseEvent[] {
  const { index, id, name, known, evidence, from, to } = call
  const events: ParseEvent[] = [{ type: 'call-start', index, id, name, known, evidence, from, to }]
  if (call.argumentsText !== '') events.push({ type: 'arguments', index, delta: call.argumentsText, from, to })
  events.push({ type: 'call-end', index, call, from, to })
  return events
}
