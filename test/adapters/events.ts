import fc from 'fast-check'
import { expect } from 'vitest'
import type { ParseEvent, ParseResult, Status, ToolCall } from '../../src/event/event.js'

/** One stretch of a message, before it becomes events. */
export type Segment =
  | { kind: 'content' | 'reasoning'; text: string }
  | { kind: 'call'; name: string; argumentsText: string; status: Status; nativeId?: string }

export const content = (text: string): Segment => ({ kind: 'content', text })
export const reasoning = (text: string): Segment => ({ kind: 'reasoning', text })
export const call = (name: string, argumentsText: string, status: Status = 'complete'): Segment => ({
  kind: 'call',
  name,
  argumentsText,
  status,
})

/**
 * The events of a message in the order in which a parser gives them, each text cut into pieces of `size`. The status of
 * the text follows from its calls.
 */
export function eventsFrom(
  segments: readonly Segment[],
  size = Number.POSITIVE_INFINITY,
  status?: Status,
): ParseEvent[] {
  const events: ParseEvent[] = []
  let at = 0
  let index = 0
  const place = (length: number) => {
    const from = at
    at += length
    return { from, to: at }
  }
  for (const segment of segments) {
    if (segment.kind !== 'call') {
      for (const text of pieces(segment.text, size)) events.push({ type: segment.kind, text, ...place(text.length) })
      continue
    }
    const from = at
    const { name, argumentsText, status: callStatus } = segment
    const about = { index, id: `call_${index}`, name, known: true, evidence: 'marker' as const }
    events.push({ type: 'call-start', ...about, ...place(name.length) })
    for (const delta of pieces(argumentsText, size)) {
      events.push({ type: 'arguments', index, delta, ...place(delta.length) })
    }
    const whole: ToolCall = {
      ...about,
      arguments: callStatus === 'complete' ? JSON.parse(argumentsText) : {},
      argumentsText,
      status: callStatus,
      repairs: [],
      from,
      to: at,
    }
    if (segment.nativeId !== undefined) whole.nativeId = segment.nativeId
    events.push({ type: 'call-end', index, call: whole, ...place(0) })
    index++
  }
  events.push({ type: 'end', status: status ?? statusOf(segments), format: 'test', ...place(0) })
  return events
}

/** What every wire tells of a message without notes, whose ids are kept. */
export function factsFrom(events: readonly ParseEvent[]): object {
  const { format, status, toolCalls, incomplete, notes } = resultFrom(events)
  const about = ({ name, known, evidence, repairs, nativeId }: ToolCall) => ({
    name,
    known,
    evidence,
    repairs,
    ...(nativeId === undefined ? {} : { nativeId }),
  })
  const calls = toolCalls.map((call) => ({ id: call.id, ...about(call) }))
  const failedCalls = incomplete.map((call) => ({ ...about(call), status: call.status, why: expect.any(String) }))
  return { format, status, calls, failedCalls, notes }
}

function statusOf(segments: readonly Segment[]): Status {
  const statuses = segments.map((segment) => (segment.kind === 'call' ? segment.status : 'complete'))
  if (statuses.includes('truncated')) return 'truncated'
  return statuses.includes('malformed') ? 'malformed' : 'complete'
}

function pieces(text: string, size: number): string[] {
  const out: string[] = []
  for (let from = 0; from < text.length; from += size) out.push(text.slice(from, from + size))
  return out
}

/** The result that events fold into. */
export function resultFrom(events: readonly ParseEvent[]): ParseResult {
  const result: ParseResult = {
    format: 'test',
    content: '',
    reasoning: '',
    toolCalls: [],
    incomplete: [],
    notes: [],
    status: 'complete',
  }
  for (const event of events) {
    if (event.type === 'content') result.content += event.text
    if (event.type === 'reasoning') result.reasoning += event.text
    if (event.type === 'call-end') {
      const list = event.call.status === 'complete' ? result.toolCalls : result.incomplete
      list.push(event.call)
    }
    if (event.type === 'end') result.status = event.status
  }
  return result
}

/** Cuts events into batches, as `push` hands them out. */
export function batchesOf(events: readonly ParseEvent[], size: number): ParseEvent[][] {
  const batches: ParseEvent[][] = []
  for (let from = 0; from < events.length; from += size) batches.push(events.slice(from, from + size))
  return batches
}

const text = fc.oneof(
  fc.constantFrom('', ' ', '\n\n', 'Hello, ', 'The tide is high.\n', '{"a":1}', '你好 👋'),
  fc.string(),
)

const name = fc.oneof(fc.constantFrom('f', 'get_tide', 'a.b-c'), fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_-]{0,20}$/))

/** Argument text as models write it, with any spacing and any JSON inside. */
const wholeArguments = fc
  .tuple(
    fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4, noNullPrototype: true }),
    fc.constantFrom(undefined, 1, '\t'),
  )
  .map(([value, space]) => JSON.stringify(value, null, space))

const completeCall = fc.record({
  kind: fc.constant('call' as const),
  name,
  argumentsText: wholeArguments,
  status: fc.constant('complete' as const),
})

/** A call that was cut off or spoilt: a prefix of argument text, which may be whole or nothing. */
const incompleteCall = (status: 'truncated' | 'malformed') =>
  fc.tuple(name, wholeArguments, fc.nat()).map(
    ([name, whole, cut]): Segment => ({
      kind: 'call',
      name,
      argumentsText: whole.slice(0, cut % (whole.length + 1)),
      status,
    }),
  )

const segment: fc.Arbitrary<Segment> = fc.oneof(
  fc.record({ kind: fc.constantFrom('content' as const, 'reasoning' as const), text }),
  completeCall,
  incompleteCall('malformed'),
)

/** Any message: stretches in any order, and at the end perhaps a call that was cut off. */
export const segments: fc.Arbitrary<Segment[]> = fc
  .tuple(fc.array(segment, { maxLength: 6 }), fc.option(incompleteCall('truncated'), { nil: undefined, freq: 3 }))
  .map(([list, last]) => (last === undefined ? list : [...list, last]))

/** Any message as events, in pieces of any size. */
export const messages: fc.Arbitrary<ParseEvent[]> = fc
  .tuple(segments, fc.integer({ min: 1, max: 12 }))
  .map(([list, size]) => eventsFrom(list, size))

/** How often a property runs: `base` times, or more under the factor that the hard mode sets. */
export const runs = (base: number) => ({ numRuns: base * Number(process.env.CALLSIFT_RUNS ?? 1) })
