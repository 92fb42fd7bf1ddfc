import type {
  ArgumentsEvent,
  CallEndEvent,
  CallStartEvent,
  ContentEvent,
  EndEvent,
  Note,
  ParseEvent,
  ReasoningEvent,
  Status,
  ToolCall,
} from '../../event/event.js'
import { type ArgumentText, createArgumentText } from './argument-text.js'
import { createCallIds } from './call-ids.js'
import type { CallOptions, FailedCalls, IncompleteCalls } from './call-options.js'
import { readPolicy, refusalOf } from './call-policy.js'
import { factsOf, failureText, type MessageFacts, whyFailed } from './facts.js'

/** The end of a call on a wire: of one that is not to be run, with what is wrong with it. */
export interface WireCallEnd extends CallEndEvent {
  why?: string
  /** The words for the model about it, where somebody makes them. */
  feedback?: string
}

/** The events that a wire shape needs: notes are for people. */
export type WireEvent = ContentEvent | ReasoningEvent | CallStartEvent | ArgumentsEvent | WireCallEnd | EndEvent

/** Takes the parser's events, gives them back in an order that every wire shape can express. */
export interface CallGate {
  push(events: Iterable<ParseEvent>): WireEvent[]
  /** No more events come: what spoils a call that is still open, and the text that waited behind it. */
  close(): (ArgumentsEvent | ContentEvent | ReasoningEvent)[]
  /** What is known of the calls, once all events were pushed. Undefined where there is nothing to tell, or nobody asked. */
  facts(): MessageFacts | undefined
}

/** How a wire shows a failed call that is to be reported: as a call that nobody can run, or as text. */
export type ReportAs = 'call' | 'text'
/** The same where it depends on the call. */
export type HowToReport = ReportAs | ((call: ToolCall, notes: readonly Note[]) => ReportAs)

/** The words of options; the first of each is the default. */
const INCOMPLETE: readonly [IncompleteCalls, ...IncompleteCalls[]] = ['omit', 'mark']
const FAILED: readonly [FailedCalls, ...FailedCalls[]] = ['omit', 'report', 'text']
const FACTS: readonly ['add', 'none'] = ['add', 'none']

/**
 * Orders events for a wire and decides which calls go out: the one place for all of them. Nothing stands between the
 * start and the end of a call, a complete call always has argument text (`{}` for none), and the text of one that is not
 * to be run is no JSON. Under `omit` a call goes out whole, once it is known to be; under `mark` as it comes. Calls that
 * the policy refuses are malformed here, as under `trust: 'cautious'`. Events behind an open call wait for its end.
 * The id of a call that comes out is that on the wire.
 *
 * @param idPrefix what fresh ids begin with
 * @throws TypeError for options that are none of their words
 * @example createCallGate({ incompleteCalls: 'omit' }, 'call_', 'text').push(parser.push(chunk))
 */
export function createCallGate(options: CallOptions, idPrefix: string, reportAs: HowToReport): CallGate {
  const { onNotes } = options
  const mode = word('incompleteCalls', options.incompleteCalls, INCOMPLETE)
  const failedCalls = word('failedCalls', options.failedCalls, FAILED)
  const wantsFacts = word('facts', options.facts, FACTS) === 'add'
  if (onNotes !== undefined && typeof onNotes !== 'function')
    throw new TypeError(`onNotes: expected a function, got ${String(onNotes)}`)
  if (options.feedback !== undefined && typeof options.feedback !== 'function')
    throw new TypeError(`feedback: expected a function, got ${String(options.feedback)}`)
  const judge = readPolicy(options.policy)
  const callId = createCallIds(options.callIds, idPrefix)
  const facts: MessageFacts = { format: '', status: 'truncated', calls: [], failedCalls: [], notes: [] }
  let open: CallStartEvent | undefined // the call that is read now; with its id on the wire once it was shown
  let shown: ArgumentText | undefined // its arguments, if they go out as they come
  let held: ArgumentsEvent[] = [] // its arguments, if they go out when it is known to be whole
  let hasArguments = false
  let waiting: ParseEvent[] = [] // whatever came while a call was open
  let refused = false
  // A failed call as text is a paragraph of its own: what stands before and behind it.
  let before: 'nothing' | 'text' | 'line' = 'nothing'
  let behindFailure = false

  function tell(notes: Note[], call?: ToolCall): void {
    if (onNotes === undefined || (notes.length === 0 && call?.status !== 'truncated' && call?.status !== 'malformed'))
      return
    if (call === undefined) onNotes(notes)
    else onNotes(notes, call)
  }
  /** The notes that wait and stand in the call. */
  function notesOf({ from, to }: ToolCall): Note[] {
    const notes: Note[] = []
    waiting = waiting.filter((event) => {
      const isInside = event.type === 'note' && event.from >= from && event.to <= to
      if (isInside) notes.push(noteOf(event))
      return !isInside
    })
    return notes
  }
  function start(event: CallStartEvent, out: WireEvent[]): CallStartEvent {
    const announced = { ...event, id: callId(event) }
    out.push(announced)
    return announced
  }
  function content(event: ContentEvent, out: WireEvent[]): void {
    if (event.text === '') return
    const breaks = behindFailure && !event.text.startsWith('\n')
    behindFailure = false
    before = event.text.endsWith('\n') ? 'line' : 'text'
    out.push(breaks ? { ...event, text: `\n\n${event.text}` } : event)
  }
  function failure(why: string, at: number, out: WireEvent[]): void {
    const gap = behindFailure || before === 'text' ? '\n\n' : ''
    behindFailure = true
    before = 'text'
    out.push({ type: 'content', text: gap + failureText(why), from: at, to: at })
  }

  function endCall(event: CallEndEvent, began: CallStartEvent, out: WireEvent[]): void {
    const notes = notesOf(event.call)
    const call = judged(event.call, notes)
    const { index, to } = event
    let head = shown === undefined ? undefined : began
    const name = call.name
    if (call.status === 'complete') {
      head ??= start(began, out)
      for (const earlier of held) out.push(earlier)
      const rest = !hasArguments ? call.argumentsText || '{}' : (shown?.rest() ?? '')
      if (rest !== '') out.push(argumentsEvent(index, rest, to))
      out.push({ ...event, call })
      if (wantsFacts) facts.calls.push({ id: head.id, name, ...factsOf(call) })
    } else {
      const why = whyFailed(call, notes)
      const said = feedbackOn(call, notes)
      const words = said === '' ? {} : { feedback: said }
      const end = { ...event, call, why, ...words }
      const told =
        failedCalls !== 'report' ? failedCalls : typeof reportAs === 'string' ? reportAs : reportAs(call, notes)
      if (shown !== undefined) out.push(argumentsEvent(index, shown.spoil(call.status, why), to), end)
      else if (told === 'call') {
        head = start(began, out)
        const spoilt = createArgumentText()
        const text = spoilt.push(call.argumentsText)
        out.push(argumentsEvent(index, text + spoilt.spoil(call.status, why), to), end)
      }
      if (told === 'text') failure(why, to, out)
      const { status } = call
      if (wantsFacts)
        facts.failedCalls.push({ ...(head && { id: head.id }), name, status, why, ...words, ...factsOf(call) })
    }
    open = undefined
    held = []
    tell(notes, call)
    const next = waiting
    waiting = []
    for (const later of next) take(later, out)
  }
  function feedbackOn(call: ToolCall, notes: Note[]): string {
    const { status } = call
    return (
      options.feedback?.({
        format: '',
        content: '',
        reasoning: '',
        toolCalls: [],
        incomplete: [call],
        notes,
        status,
      }) ?? ''
    )
  }
  /** The call, or what the policy makes of it. */
  function judged(call: ToolCall, notes: Note[]): ToolCall {
    const note = refusalOf(judge, call)
    if (note === undefined) return call
    refused = true
    notes.push(note)
    if (wantsFacts) facts.notes.push(note)
    return { ...call, status: 'malformed' }
  }
  function beginCall(event: CallStartEvent, out: WireEvent[]): void {
    const mayShow = mode === 'mark' && judge?.waits !== true && (judge?.announced(event) ?? '') === ''
    shown = mayShow ? createArgumentText() : undefined
    hasArguments = false
    open = mayShow ? start(event, out) : event
  }
  function showArguments(event: ArgumentsEvent, out: WireEvent[]): void {
    if (shown === undefined && judge?.waits === true) return // the end of the call has them all
    hasArguments ||= event.delta !== ''
    if (shown === undefined) {
      held.push(event)
      return
    }
    const delta = shown.push(event.delta)
    if (delta === event.delta) out.push(event)
    else if (delta !== '') out.push({ ...event, delta })
  }
  function take(event: ParseEvent, out: WireEvent[]): void {
    if (open !== undefined) {
      if (!('index' in event) || event.index !== open.index) waiting.push(event)
      else if (event.type === 'call-end') endCall(event, open, out)
      else if (event.type === 'arguments') showArguments(event, out)
      return
    }
    switch (event.type) {
      case 'content':
        content(event, out)
        break
      case 'note':
        tell([noteOf(event)])
        break
      case 'call-start':
        beginCall(event, out)
        break
      case 'end':
        facts.format = event.format
        facts.status = refused ? worse(event.status) : event.status
        out.push({ ...event, status: facts.status })
        break
      case 'reasoning':
        out.push(event)
    }
  }

  return {
    push(events) {
      const out: WireEvent[] = []
      for (const event of events) {
        if (event.type === 'note' && wantsFacts) facts.notes.push(noteOf(event))
        take(event, out)
      }
      return out
    },
    close() {
      const out: (ArgumentsEvent | ContentEvent | ReasoningEvent)[] = []
      if (open !== undefined && shown !== undefined) out.push(argumentsEvent(open.index, shown.spoil('truncated'), 0))
      for (const event of waiting) {
        if (event.type === 'content' || event.type === 'reasoning') out.push(event)
        else if (event.type === 'note') tell([noteOf(event)])
      }
      waiting = []
      return out
    },
    facts() {
      const isEmpty = facts.calls.length + facts.failedCalls.length + facts.notes.length === 0
      return isEmpty ? undefined : facts
    },
  }
}

function word<T extends string>(name: string, value: T | undefined, words: readonly [T, ...T[]]): T {
  if (value === undefined) return words[0]
  if (words.includes(value)) return value
  throw new TypeError(`${name}: expected ${words.map((one) => `'${one}'`).join(' or ')}, got ${String(value)}`)
}

function worse(status: Status): Status {
  return status === 'complete' ? 'malformed' : status
}

function noteOf({ code, message, from, to }: Note): Note {
  return { code, message, from, to }
}

function argumentsEvent(index: number, delta: string, at: number): ArgumentsEvent {
  return { type: 'arguments', index, delta, from: at, to: at }
}
