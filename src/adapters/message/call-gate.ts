import type {
  ArgumentsEvent,
  CallEndEvent,
  CallStartEvent,
  ContentEvent,
  EndEvent,
  ParseEvent,
  ReasoningEvent,
} from '../../event/event.js'
import { type ArgumentText, createArgumentText } from './argument-text.js'

/**
 * What a stream shows of calls before it is known whether they are whole.
 * `omit`: each call is held until it is whole, and one that was cut off or spoilt never appears.
 * `mark`: calls are streamed as they are written, and one that turns out cut off or spoilt ends in text that is no JSON.
 * Most readers of partial JSON refuse it; those that swallow every error (`partial-json` and its copies) still give the
 * arguments that stand before, so a client that runs what such a reader gives wants `omit`.
 * A whole message holds complete calls only, whatever is said here.
 */
export type IncompleteCalls = 'omit' | 'mark'

/** The events that a wire shape needs: notes are for people. */
export type WireEvent = ContentEvent | ReasoningEvent | CallStartEvent | ArgumentsEvent | CallEndEvent | EndEvent

/** Takes the parser's events, gives them back in an order that every wire shape can express. */
export interface CallGate {
  push(events: Iterable<ParseEvent>): WireEvent[]
  /** No more events come: what spoils a call that is still open, and the text that waited behind it. */
  close(): (ArgumentsEvent | ContentEvent | ReasoningEvent)[]
}

/**
 * Orders events for a wire: nothing stands between the start and the end of a call, a complete call always has
 * argument text (`{}` for none), and the text of one that is not complete is no JSON. Under `omit` only complete calls
 * pass. Events behind an open call wait for its end.
 *
 * @throws TypeError for an `incompleteCalls` that is neither word
 * @example createCallGate('omit').push(parser.push(chunk))
 */
export function createCallGate(incompleteCalls: IncompleteCalls = 'omit'): CallGate {
  if (incompleteCalls !== 'mark' && incompleteCalls !== 'omit') {
    throw new TypeError(`incompleteCalls: expected 'omit' or 'mark', got ${String(incompleteCalls)}`)
  }
  const live = incompleteCalls === 'mark'
  let open: number | undefined // index of the call that is passing now
  let hasArguments = false
  let text: ArgumentText | undefined // under `mark`
  let held: WireEvent[] = [] // under `omit`: the open call so far
  let waiting: WireEvent[] = [] // whatever came while a call was open

  function passWaiting(out: WireEvent[]): void {
    const next = waiting
    waiting = []
    for (const later of next) take(later, out)
  }
  function endCall(event: CallEndEvent, out: WireEvent[]): void {
    const { index, call, to } = event
    const isComplete = call.status === 'complete'
    if (live || isComplete) {
      for (const earlier of held) out.push(earlier)
      if (!isComplete) out.push(argumentsEvent(index, text?.spoil(call.status) ?? '', to))
      else if (!hasArguments) out.push(argumentsEvent(index, call.argumentsText === '' ? '{}' : call.argumentsText, to))
      else {
        const rest = text?.rest() ?? ''
        if (rest !== '') out.push(argumentsEvent(index, rest, to))
      }
      out.push(event)
    }
    held = []
    open = undefined
    passWaiting(out)
  }
  function takeArguments(event: ArgumentsEvent, out: WireEvent[]): void {
    hasArguments ||= event.delta !== ''
    if (text === undefined) {
      held.push(event)
      return
    }
    const delta = text.push(event.delta)
    if (delta === event.delta) out.push(event)
    else if (delta !== '') out.push({ ...event, delta })
  }
  function take(event: WireEvent, out: WireEvent[]): void {
    if (open === undefined) {
      if (event.type === 'call-end' || event.type === 'arguments') return
      if (event.type !== 'call-start') {
        out.push(event)
        return
      }
      open = event.index
      hasArguments = false
      text = live ? createArgumentText() : undefined
      if (live) out.push(event)
      else held.push(event)
    } else if (!('index' in event) || event.index !== open) waiting.push(event)
    else if (event.type === 'call-end') endCall(event, out)
    else if (event.type === 'arguments') takeArguments(event, out)
  }

  return {
    push(events) {
      const out: WireEvent[] = []
      for (const event of events) if (event.type !== 'note') take(event, out)
      return out
    },
    close() {
      const out: (ArgumentsEvent | ContentEvent | ReasoningEvent)[] = []
      if (open !== undefined && text !== undefined) out.push(argumentsEvent(open, text.spoil('truncated'), 0))
      for (const event of waiting) if (event.type === 'content' || event.type === 'reasoning') out.push(event)
      held = []
      waiting = []
      return out
    },
  }
}

function argumentsEvent(index: number, delta: string, at: number): ArgumentsEvent {
  return { type: 'arguments', index, delta, from: at, to: at }
}
