import type { Note, ParseEvent, ParseResult } from './event.js'

/**
 * Folds the events of one text into its result. Without an `end` event the status is `truncated`.
 * @example collect(parser.push('Hello')).content // 'Hello'
 */
export function collect(events: Iterable<ParseEvent>): ParseResult {
  const result: ParseResult = {
    format: '',
    content: '',
    reasoning: '',
    toolCalls: [],
    incomplete: [],
    notes: [],
    status: 'truncated',
  }
  for (const event of events) addEvent(result, event)
  return result
}

/** Adds one event to a result. */
export function addEvent(result: ParseResult, event: ParseEvent): void {
  switch (event.type) {
    case 'content':
      result.content += event.text
      break
    case 'reasoning':
      result.reasoning += event.text
      break
    case 'call-end':
      ;(event.call.status === 'complete' ? result.toolCalls : result.incomplete).push(event.call)
      break
    case 'note': {
      const { code, message, from, to } = event
      const note: Note = { code, message, from, to }
      result.notes.push(note)
      break
    }
    case 'end':
      result.status = event.status
      result.format = event.format
  }
}
