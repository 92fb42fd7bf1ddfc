import type {
  ArgumentsEvent,
  CallEndEvent,
  CallStartEvent,
  ContentEvent,
  EndEvent,
  ParseEvent,
  ReasoningEvent,
} from '../event/event.js'

/**
 * What a client sees of a call that was announced and then cut off or spoilt.
 * `mark` (default): calls are streamed as they are written, and such a call is shown in the way the wire has for calls
 * that must not be run. `omit`: each call is held until it is whole, and others never appear.
 */
export type IncompleteCalls = 'mark' | 'omit'

/** The events that a wire shape needs: notes are for people. */
export type WireEvent = ContentEvent | ReasoningEvent | CallStartEvent | ArgumentsEvent | CallEndEvent | EndEvent

/** Takes the parser's events, gives them back in an order that every wire shape can express. */
export interface CallGate {
  push(events: Iterable<ParseEvent>): WireEvent[]
}

/**
 * Orders events for a wire: nothing stands between the start and the end of a call, a complete call always has
 * argument text (`{}` for none), and under `omit` only complete calls pass. Events behind an open call wait for its end.
 *
 * @throws TypeError for an `incompleteCalls` that is neither word
 * @example createCallGate('omit').push(parser.push(chunk))
 */
export function createCallGate(incompleteCalls: IncompleteCalls = 'mark'): CallGate {
  if (incompleteCalls !== 'mark' && incompleteCalls !== 'omit') {
    throw new TypeError(`incompleteCalls: expected 'mark' or 'omit', got ${String(incompleteCalls)}`)
  }
  let open: number | undefined // index of the call that is passing now
  let hasArguments = false
  let held: WireEvent[] = [] // under `omit`: the open call so far
  let waiting: WireEvent[] = [] // whatever came while a call was open

  function endCall(event: CallEndEvent, out: WireEvent[]): void {
    const passes = incompleteCalls === 'mark' || event.call.status === 'complete'
    if (passes) {
      for (const earlier of held) out.push(earlier)
      if (!hasArguments && event.call.status === 'complete') out.push(withoutArguments(event))
      out.push(event)
    }
    held = []
    open = undefined
    const next = waiting
    waiting = []
    for (const later of next) take(later, out)
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
    } else if (!('index' in event) || event.index !== open) {
      waiting.push(event)
      return
    }
    if (event.type === 'call-end') {
      endCall(event, out)
      return
    }
    if (event.type === 'arguments') hasArguments ||= event.delta !== ''
    const target = incompleteCalls === 'omit' ? held : out
    target.push(event)
  }

  return {
    push(events) {
      const out: WireEvent[] = []
      for (const event of events) if (event.type !== 'note') take(event, out)
      return out
    },
  }
}

function withoutArguments(event: CallEndEvent): ArgumentsEvent {
  const delta = event.call.argumentsText === '' ? '{}' : event.call.argumentsText
  return { type: 'arguments', index: event.index, delta, from: event.from, to: event.from }
}
