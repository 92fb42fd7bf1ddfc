import type { Note, ParseEvent, ParseResult, ToolCall } from '../../event/event.js'

/** What a whole-message function takes: a result, or the events themselves where their order matters. */
export type MessageSource = ParseResult | Iterable<ParseEvent>

/**
 * The events of a message. A result knows the order of its calls but not what stood between them, so its events come
 * in the order reasoning, content, calls (each with its notes); give the events themselves to keep the order of the text.
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
  events.push(...callsAndNotes(result))
  events.push({ type: 'end', status: result.status, format: result.format, ...at })
  return events
}

/** The calls, and the notes in their order: those that stand in a call before its end, the others where they fall. */
function callsAndNotes({ toolCalls, incomplete, notes }: ParseResult): ParseEvent[] {
  const calls = [...toolCalls, ...incomplete].sort((a, b) => a.index - b.index)
  const events: ParseEvent[] = []
  let next = 0 // the call that is not over
  let isOpen = false
  function open(call: ToolCall): void {
    if (!isOpen) events.push(...startOfCall(call))
    isOpen = true
  }
  function close(call: ToolCall): void {
    open(call)
    const { index, from, to } = call
    events.push({ type: 'call-end', index, call, from, to })
    isOpen = false
    next++
  }
  for (const note of notes) {
    for (
      let call = calls[next];
      call !== undefined && note.from >= call.to && !isInside(note, call);
      call = calls[next]
    )
      close(call)
    const call = calls[next]
    if (call !== undefined && isInside(note, call)) open(call)
    events.push({ type: 'note', ...note })
  }
  for (let call = calls[next]; call !== undefined; call = calls[next]) close(call)
  return events
}

function isInside(note: Note, call: ToolCall): boolean {
  return note.from >= call.from && note.to <= call.to
}

function startOfCall(call: ToolCall): ParseEvent[] {
  const { index, id, name, known, evidence, from, to } = call
  const events: ParseEvent[] = [{ type: 'call-start', index, id, name, known, evidence, from, to }]
  if (call.argumentsText !== '') events.push({ type: 'arguments', index, delta: call.argumentsText, from, to })
  return events
}
