import { collect } from '../event/collect.js'
import type { Note, NoteCode, ParseEvent, ParseResult, Repair, ToolCall } from '../event/event.js'
import { adviceOn, whyDamaged } from './advice.js'
import { inPlaces, type PlaceName, placeNames } from './place-names.js'

/** What became of one stretch of the text. */
export interface ExplainedSpan {
  from: number
  to: number
  kind: 'content' | 'reasoning' | 'marker' | 'name' | 'arguments' | 'separator' | 'dropped'
  /** The rule that decided it. */
  why: string
  /** Index of its call, among all calls, complete or not. */
  call?: number
}

/** What became of every character of a text, and what to do about it. */
export interface Explanation {
  /** Sorted, disjoint, and together the whole text. */
  spans: ExplainedSpan[]
  /** The result of `parse`, collected from the same events. */
  result: ParseResult
  /** What happened and what to do about it, most important first; empty if there is nothing to do. */
  advice: string[]
  /** The offset that each piece of advice is about; null where it is about no one place. */
  adviceAt: (number | null)[]
}

/** The rule for ordinary content. */
export const ORDINARY = 'ordinary text'

/** Notes on text that was left out. */
const DROPPED: ReadonlySet<NoteCode> = new Set([
  'text-after-stop',
  'stray-marker',
  'dropped-text',
  'dropped-argument',
  'damaged-block',
  'marker-in-text',
  'tool-choice',
  'truncated-call',
  'damaged-call',
  'limit',
])

/** Explains a text by the events that a parser gave for it. */
export function explainEvents(text: string, events: readonly ParseEvent[]): Explanation {
  const result = collect(events)
  const place = placeNames(text)
  const calls = [...result.toolCalls, ...result.incomplete].sort((a, b) => a.index - b.index)
  const around: Around = {
    text,
    calls: nearby(calls),
    notes: nearby(result.notes),
    edges: edgesOf([...calls, ...result.notes]),
    before: (offset) => lastBefore(calls, offset),
    thinkBehind: thinkingIn(text),
    readTo: readingEnds(events),
    whyDamaged: (call) => inPlaces(whyDamaged(call, result.notes), place),
  }
  const spans = cover(text, spansOf(events, result.notes, place), (from, to) => explainGap(from, to, around))
  const advice = adviceOn(result, text)
  return { spans, result, advice: advice.map(({ words }) => words), adviceAt: advice.map(({ at }) => at ?? null) }
}

interface Stretch {
  readonly from: number
  readonly to: number
}

type Nearby<T> = (from: number, to: number) => readonly T[]

/**
 * Finds which of many things overlap a stretch, in their original order. Stretches have to be asked for from left to right:
 * then each thing is looked at when it begins and when it ends, so that the cost is linear even with thousands of calls.
 */
function nearby<T extends Stretch>(things: readonly T[]): Nearby<T> {
  const waiting = things.map((thing, order) => ({ thing, order })).sort((a, b) => a.thing.from - b.thing.from)
  let next = 0
  let held: typeof waiting = []
  return (from, to) => {
    const first = next
    while (next < waiting.length && (waiting[next]?.thing.from ?? 0) <= to) next++
    held = held.filter(({ thing }) => thing.to >= from)
    if (next > first) held = [...held, ...waiting.slice(first, next)].sort((a, b) => a.order - b.order)
    return held.filter(({ thing }) => thing.to >= from).map(({ thing }) => thing)
  }
}

/** What is known about the stretches between the events. To be asked from left to right. */
interface Around {
  readonly text: string
  readonly calls: Nearby<ToolCall>
  readonly notes: Nearby<Note>
  /** The places inside a stretch at which a call or a note begins or ends. */
  edges(from: number, to: number): readonly number[]
  /** The last call that ends at an offset or before it. */
  before(offset: number): ToolCall | undefined
  /** Offset of the next `<think` behind a call. */
  thinkBehind(call: ToolCall): number
  /** How far each call was read, by index: the end of its name, or of the last piece of its arguments. */
  readonly readTo: ReadonlyMap<number, number>
  whyDamaged(call: ToolCall): string
}

function readingEnds(events: readonly ParseEvent[]): Around['readTo'] {
  const ends = new Map<number, number>()
  for (const event of events)
    if (event.type === 'call-start' || event.type === 'arguments') ends.set(event.index, event.to)
  return ends
}

/** Searches once behind each call, however often it is asked. */
function thinkingIn(text: string): Around['thinkBehind'] {
  let known: { to: number; at: number } | undefined
  return ({ to }) => {
    if (known?.to !== to) {
      const at = text.indexOf('<think', to)
      known = { to, at: at === -1 ? text.length : at }
    }
    return known.at
  }
}

function edgesOf(things: readonly Stretch[]): Around['edges'] {
  const edges = [...new Set(things.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b)
  let next = 0
  return (from, to) => {
    while (next < edges.length && (edges[next] ?? 0) <= from) next++
    const first = next
    while (next < edges.length && (edges[next] ?? 0) < to) next++
    return edges.slice(first, next)
  }
}

function lastBefore(calls: readonly ToolCall[], offset: number): ToolCall | undefined {
  let low = 0
  for (let beyond = calls.length; low < beyond; ) {
    const middle = (low + beyond) >>> 1
    if ((calls[middle]?.to ?? 0) <= offset) low = middle + 1
    else beyond = middle
  }
  return calls[low - 1]
}

/** The spans that have an event. */
function spansOf(events: readonly ParseEvent[], notes: readonly Note[], place: PlaceName): ExplainedSpan[] {
  const onContent = notes.filter(({ code }) => DROPPED.has(code))
  const near = nearby(onContent)
  const edges = edgesOf(onContent)
  const spans: ExplainedSpan[] = []
  const add = (span: ExplainedSpan): void => {
    const last = spans[spans.length - 1]
    if (
      last !== undefined &&
      last.kind === span.kind &&
      last.call === span.call &&
      last.to === span.from &&
      last.why === span.why
    )
      last.to = span.to
    else if (span.to > span.from) spans.push(span)
  }
  for (const event of events) {
    const { from, to } = event
    if (event.type === 'content') {
      // The span of a note is a piece of its own, even inside one event.
      const places = [from, ...edges(from, to), to]
      for (let i = 0; i + 1 < places.length; i++) {
        const piece = { from: places[i] as number, to: places[i + 1] as number }
        add({ ...piece, kind: 'content', why: inPlaces(whyContent(piece, near), place) })
      }
    }
    if (event.type === 'reasoning') add({ from, to, kind: 'reasoning', why: 'inside a reasoning block' })
    else if (event.type === 'call-start') {
      add({
        from,
        to,
        kind: 'name',
        why: `the name of call ${event.index}${event.known ? '' : ', which is not the name of a given tool'}`,
        call: event.index,
      })
    } else if (event.type === 'arguments')
      add({ from, to, kind: 'arguments', why: `the arguments of call ${event.index}`, call: event.index })
    else if (event.type === 'call-end') addCallFacts(spans, event.call)
  }
  return spans
}

/** Adds what is known only at the end of a call: its repairs and its status. */
function addCallFacts(spans: readonly ExplainedSpan[], call: ToolCall): void {
  for (let i = spans.length - 1; i >= 0; i--) {
    const span = spans[i] as ExplainedSpan
    if (span.to <= call.from) break
    if (span.kind !== 'arguments' || span.call !== call.index) continue
    const inside = call.repairs.filter((repair) => repair.from < span.to && repair.to >= span.from)
    if (inside.length > 0) span.why += `, repaired: ${repairsInWords(inside)}`
    if (call.status !== 'complete') span.why += `; the call is ${call.status}`
  }
}

/** Repairs in a few words, equal ones counted: `python-quotes ("'" read as "\\"") 4 times`. */
function repairsInWords(repairs: readonly Repair[]): string {
  const times = new Map<string, number>()
  for (const { kind, before, after } of repairs) {
    const change = `${kind} (${changeInWords(before, after)})`
    times.set(change, (times.get(change) ?? 0) + 1)
  }
  const shown = [...times].slice(0, 3).map(([change, count]) => (count === 1 ? change : `${change} ${count} times`))
  return `${shown.join(', ')}${times.size > 3 ? ` and ${times.size - 3} more` : ''}`
}

function changeInWords(before: string, after: string): string {
  if (before === '') return `${cut(after)} added`
  return after === '' ? `${cut(before)} left out` : `${cut(before)} read as ${cut(after)}`
}

function whyContent({ from, to }: Stretch, notes: Nearby<Note>): string {
  const note = notes(from, to).find((note) => note.from < to && note.to > from)
  return note === undefined ? ORDINARY : note.message
}

/** The spans in order and without overlaps, with what lies between them explained. */
function cover(
  text: string,
  spans: ExplainedSpan[],
  explainBetween: (from: number, to: number) => ExplainedSpan[],
): ExplainedSpan[] {
  spans.sort((a, b) => a.from - b.from || a.to - b.to)
  const covered: ExplainedSpan[] = []
  let at = 0
  for (const span of spans) {
    if (span.to <= at) continue
    if (span.from > at) covered.push(...explainBetween(at, span.from))
    covered.push(span.from < at ? { ...span, from: at } : span)
    at = span.to
  }
  if (at < text.length) covered.push(...explainBetween(at, text.length))
  return covered
}

/** Explains text without an event: markers, what is between them, and what was left out. */
function explainGap(from: number, to: number, around: Around): ExplainedSpan[] {
  const edges = [from, ...around.edges(from, to), to]
  const spans: ExplainedSpan[] = []
  for (let i = 0; i + 1 < edges.length; i++) {
    const piece = explainPiece(edges[i] as number, edges[i + 1] as number, around)
    const last = spans[spans.length - 1]
    if (last?.why === piece.why && last.kind === piece.kind && last.call === piece.call) last.to = piece.to
    else spans.push(piece)
  }
  return spans
}

function explainPiece(from: number, to: number, around: Around): ExplainedSpan {
  const { text, calls, notes } = around
  const over = notes(from, to).filter((note) => note.from <= from && note.to >= to)
  const header = over.find((note) => note.code === 'stop-token' || note.code === 'assistant-header')
  if (header !== undefined) return { from, to, kind: 'marker', why: header.message }
  const call = calls(from, to).find((call) => call.from <= from && call.to >= to)
  const dropped = over.find(
    (note) => DROPPED.has(note.code) && !(call !== undefined && note.from <= call.from && note.to >= call.to),
  )
  if (dropped !== undefined)
    return { from, to, kind: 'dropped', why: dropped.message, ...(call ? { call: call.index } : {}) }
  const piece = text.slice(from, to)
  const blank = piece.replace(/[\s,;]/g, '') === ''
  if (call !== undefined) {
    const opens = from === call.from
    const unread = call.status === 'malformed' && from >= (around.readTo.get(call.index) ?? to)
    if (unread && !blank)
      return { from, to, kind: 'dropped', why: `not read: ${around.whyDamaged(call)}`, call: call.index }
    if (blank && !opens)
      return { from, to, kind: 'separator', why: `between the parts of call ${call.index}`, call: call.index }
    return { from, to, kind: 'marker', why: `${opens ? 'opens' : 'belongs to'} call ${call.index}`, call: call.index }
  }
  const closed = around.before(from)
  if (blank) return { from, to, kind: 'separator', why: 'white space next to a marker' }
  if (closed !== undefined && around.thinkBehind(closed) + '<think'.length > from) {
    return { from, to, kind: 'marker', why: `closes what opened call ${closed.index}`, call: closed.index }
  }
  return { from, to, kind: 'marker', why: 'a marker of reasoning or of the format' }
}

function cut(text: string): string {
  return text === '' ? 'nothing' : JSON.stringify(text.length > 24 ? `${text.slice(0, 21)}...` : text)
}
