import type { SourceReason } from '../../adapters/message/finish.js'
import type { Retry } from '../../adapters/message/retry.js'
import type { Parser } from '../../engine/session.js'
import type { CallEndEvent, ParseEvent, ToolCall } from '../../event/event.js'
import { count, countCalls, type Tally } from '../metrics/tally.js'
import { isObject, readJson } from '../wire/json.js'

/** Reads the text of one choice. */
export interface Turn {
  /** The events that a piece of text settles. */
  push(text: string): ParseEvent[]
  /** The upstream splits reasoning off by itself, so the text does not begin inside it. Counts before any text. */
  reasoningApart(): void
  /** The rest of the events. */
  end(reason: SourceReason): ParseEvent[]
  /** The upstream has died: the text that was held back and is no call. What may be a whole call does not count as one. */
  cut(): ParseEvent[]
  /** Text that is still held back, as it stands: no call is read from it any more. Ends the turn. */
  release(): ParseEvent[]
  /** Whether a call was found in the text. */
  readonly called: boolean
}

/** Makes the parser of a text that begins inside reasoning, or does not, or (undefined) as is usual for the model. */
export type MakeTurnParser = (startInReasoning: false | undefined) => Parser

/**
 * Makes the reader of one choice. With a retry it reads one answer of the model of several.
 *
 * @example createTurn(() => createParser({ format: 'hermes' }), tally).push('Hello')
 */
export function createTurn(makeParser: MakeTurnParser, tally: Tally, retry?: Retry): Turn {
  let parser: Parser | undefined
  let apart = false
  let called = retry?.sent ?? false
  let ended: Pick<ToolCall, 'status' | 'repairs'>[] = [] // calls
  // What was read and has not come out yet. Only for `release`: it gives back what a half-read call has swallowed.
  let held = ''
  let heldFrom = 0

  function take(events: ParseEvent[]): ParseEvent[] {
    let reached = heldFrom
    for (const event of events) {
      if (event.type === 'call-start') called = true
      else if (event.type === 'call-end') ended.push({ status: event.call.status, repairs: event.call.repairs })
      if (event.type !== 'note' && event.to > reached) reached = event.to
    }
    if (reached > heldFrom) {
      held = held.slice(reached - heldFrom)
      heldFrom = reached
    }
    if (events.length > 0) count(tally, events)
    const last = events.at(-1)
    if (last?.type === 'end') {
      countCalls(tally, last.format, ended)
      ended = []
    }
    return events
  }
  function open(): Parser {
    parser ??= makeParser(apart ? false : undefined)
    return parser
  }

  return {
    push(text) {
      held += text
      const events = take(open().push(text))
      if (retry === undefined) return events
      retry.wrote(text)
      return retry.push(events)
    },
    reasoningApart() {
      apart = true
    },
    end(reason) {
      const events = take(open().end(reason === 'content_filter' ? 'stop' : reason))
      return retry === undefined ? events : retry.end(events, reason === 'stop')
    },
    cut() {
      const events = take(open().end('abort')).filter(({ type }) => type === 'content' || type === 'reasoning')
      return retry === undefined ? events : [...retry.release(), ...events]
    },
    release() {
      const text = held
      const from = heldFrom
      const before = retry?.release() ?? []
      const events = open().end('stop')
      if (!events.some(swallowsText)) return [...before, ...events.filter(({ type }) => type === 'content')]
      return text === '' ? before : [...before, { type: 'content', text, from, to: from + text.length }]
    },
    get called() {
      return called
    },
  }
}

/** A call that would come out now, or text that would be gone with one that was cut off. */
function swallowsText(event: ParseEvent): boolean {
  return event.type === 'call-start' || (event.type === 'note' && event.code === 'truncated-call')
}

/** The id and the name of a call that the upstream has parsed, and its arguments so far. */
interface NativeCall {
  index: number
  id: string
  name: string
  text: string
}

/**
 * Calls that the upstream has parsed, as the events of a parser, for wires other than the upstream's own. `push` takes
 * the `tool_calls` of a delta, `end` closes the last call. No policy judges them, as none does on the upstream's own wire.
 *
 * @example createNativeCalls().push([{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }])
 */
export function createNativeCalls(): {
  push(deltas: readonly object[]): ParseEvent[]
  end(cut: boolean): ParseEvent[]
} {
  const at = { from: 0, to: 0 }
  let open: NativeCall | undefined
  let wireIndex: unknown
  let calls = 0

  function close(cut: boolean): CallEndEvent[] {
    if (open === undefined) return []
    const { index, id, name, text } = open
    const value = objectOf(text)
    open = undefined
    const status = value !== undefined ? 'complete' : cut ? 'truncated' : 'malformed'
    const call = { index, id, name, arguments: value ?? {}, argumentsText: text, status, known: true } as const
    return [{ type: 'call-end', index, call: { ...call, evidence: 'marker', repairs: [], issues: [], ...at }, ...at }]
  }
  function pushOne(delta: {
    index?: unknown
    id?: unknown
    function?: { name?: unknown; arguments?: unknown }
  }): ParseEvent[] {
    const { name, arguments: text } = delta.function ?? {}
    const events: ParseEvent[] = []
    if (open === undefined || delta.index !== wireIndex) {
      events.push(...close(false))
      wireIndex = delta.index
      const index = calls++
      open = {
        index,
        id: typeof delta.id === 'string' ? delta.id : '',
        name: typeof name === 'string' ? name : '',
        text: '',
      }
      events.push({ type: 'call-start', index, id: open.id, name: open.name, known: true, evidence: 'marker', ...at })
    }
    if (typeof text === 'string' && text !== '') {
      open.text += text
      events.push({ type: 'arguments', index: open.index, delta: text, ...at })
    }
    return events
  }

  return { push: (deltas) => deltas.flatMap((delta) => pushOne(delta)), end: close }
}

/** The arguments as an object; no arguments are `{}`. Undefined for what is none, or nested too deeply. */
function objectOf(text: string): Record<string, unknown> | undefined {
  const value = readJson(text === '' ? '{}' : text)
  return isObject(value) ? value : undefined
}
