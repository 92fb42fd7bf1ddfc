import { collect } from './collect.js'
import type { Note, NoteCode, ParseEvent, ParseResult, Repair, ToolCall } from './event.js'

/** What became of one stretch of the text. */
export interface ExplainedSpan {
  from: number
  to: number
  kind: 'content' | 'reasoning' | 'marker' | 'name' | 'arguments' | 'separator' | 'dropped'
  /** The rule that decided it. */
  why: string
  /** Index of the call that it belongs to; calls that are not complete count too. */
  call?: number
}

/** What became of every character of a text, and what to do about it. */
export interface Explanation {
  /** Sorted, disjoint, and together the whole text. */
  spans: ExplainedSpan[]
  /** What `parse` gives: folded from the same events. */
  result: ParseResult
  /** First what to do about it, if anything. */
  advice: string[]
}

/** The rule for content of which there is nothing to say. */
export const ORDINARY = 'ordinary text'

/** Notes on text that came out nowhere. */
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
  const calls = [...result.toolCalls, ...result.incomplete].sort((a, b) => a.index - b.index)
  const spans = cover(text, spansOf(events, result.notes), (from, to) =>
    explainGap(text, from, to, calls, result.notes),
  )
  return { spans, result, advice: adviceOn(result) }
}

/** The spans that events name themselves. */
function spansOf(events: readonly ParseEvent[], notes: readonly Note[]): ExplainedSpan[] {
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
    if (event.type === 'content') add({ from, to, kind: 'content', why: whyContent(from, to, notes) })
    else if (event.type === 'reasoning') add({ from, to, kind: 'reasoning', why: 'inside a reasoning block' })
    else if (event.type === 'call-start') {
      add({
        from,
        to,
        kind: 'name',
        why: `the name of call ${event.index}${event.known ? '' : ', which no tool given has'}`,
        call: event.index,
      })
    } else if (event.type === 'arguments')
      add({ from, to, kind: 'arguments', why: `the arguments of call ${event.index}`, call: event.index })
    else if (event.type === 'call-end') addCallFacts(spans, event.call)
  }
  return spans
}

/** What is known of a call only at its end. */
function addCallFacts(spans: readonly ExplainedSpan[], call: ToolCall): void {
  for (const span of spans) {
    if (span.kind !== 'arguments' || span.call !== call.index) continue
    const inside = call.repairs.filter((repair) => repair.from < span.to && repair.to >= span.from)
    if (inside.length > 0) span.why += `, mended: ${repairsInWords(inside)}`
    if (call.status !== 'complete') span.why += `; the call is ${call.status}`
  }
}

/** Repairs in a few words, those that are alike once: `python-quotes ("'" read as "\\"") 4 times`. */
function repairsInWords(repairs: readonly Repair[]): string {
  const times = new Map<string, number>()
  for (const { kind, before, after } of repairs) {
    const change = `${kind} (${cut(before)} read as ${cut(after)})`
    times.set(change, (times.get(change) ?? 0) + 1)
  }
  const shown = [...times].slice(0, 3).map(([change, count]) => (count === 1 ? change : `${change} ${count} times`))
  return `${shown.join(', ')}${times.size > 3 ? ` and ${times.size - 3} more` : ''}`
}

function whyContent(from: number, to: number, notes: readonly Note[]): string {
  const note = notes.find((note) => note.from < to && note.to > from && DROPPED.has(note.code))
  return note === undefined ? ORDINARY : note.message
}

/** The spans in order, each cut where the one before reaches into it, with the gaps explained. */
function cover(
  text: string,
  spans: ExplainedSpan[],
  gap: (from: number, to: number) => ExplainedSpan[],
): ExplainedSpan[] {
  spans.sort((a, b) => a.from - b.from || a.to - b.to)
  const covered: ExplainedSpan[] = []
  let at = 0
  for (const span of spans) {
    if (span.to <= at) continue
    if (span.from > at) covered.push(...gap(at, span.from))
    covered.push(span.from < at ? { ...span, from: at } : span)
    at = span.to
  }
  if (at < text.length) covered.push(...gap(at, text.length))
  return covered
}

/** Text that no event names: markers, what stands between them, and what was left out. */
function explainGap(
  text: string,
  from: number,
  to: number,
  calls: readonly ToolCall[],
  notes: readonly Note[],
): ExplainedSpan[] {
  const edges = new Set([from, to])
  for (const { from: start, to: end } of [...calls, ...notes]) {
    if (start > from && start < to) edges.add(start)
    if (end > from && end < to) edges.add(end)
  }
  const sorted = [...edges].sort((a, b) => a - b)
  const spans: ExplainedSpan[] = []
  for (let i = 0; i + 1 < sorted.length; i++) {
    const piece = explainPiece(text, sorted[i] as number, sorted[i + 1] as number, calls, notes)
    const last = spans[spans.length - 1]
    if (last?.why === piece.why && last.kind === piece.kind && last.call === piece.call) last.to = piece.to
    else spans.push(piece)
  }
  return spans
}

function explainPiece(
  text: string,
  from: number,
  to: number,
  calls: readonly ToolCall[],
  notes: readonly Note[],
): ExplainedSpan {
  const over = notes.filter((note) => note.from <= from && note.to >= to)
  const header = over.find((note) => note.code === 'stop-token' || note.code === 'assistant-header')
  if (header !== undefined) return { from, to, kind: 'marker', why: header.message }
  const call = calls.find((call) => call.from <= from && call.to >= to)
  const dropped = over.find(
    (note) => DROPPED.has(note.code) && !(call !== undefined && note.from <= call.from && note.to >= call.to),
  )
  if (dropped !== undefined)
    return { from, to, kind: 'dropped', why: dropped.message, ...(call ? { call: call.index } : {}) }
  const piece = text.slice(from, to)
  const blank = piece.replace(/[\s,;]/g, '') === ''
  if (call !== undefined) {
    const opens = from === call.from
    if (blank && !opens)
      return { from, to, kind: 'separator', why: `between the parts of call ${call.index}`, call: call.index }
    return { from, to, kind: 'marker', why: `${opens ? 'opens' : 'belongs to'} call ${call.index}`, call: call.index }
  }
  const before = calls.findLast((call) => call.to <= from)
  if (blank) return { from, to, kind: 'separator', why: 'white space between markers' }
  if (before !== undefined && !text.slice(before.to, from).includes('<think')) {
    return { from, to, kind: 'marker', why: `closes what opened call ${before.index}`, call: before.index }
  }
  return { from, to, kind: 'marker', why: 'a marker of reasoning or of the format' }
}

/** What somebody who waits for calls should know first. */
function adviceOn(result: ParseResult): string[] {
  const { notes, toolCalls, incomplete, status, format } = result
  const advice: string[] = []
  const other = notes.find((note) => note.code === 'looks-like')
  if (other !== undefined) {
    const id = other.message.slice(other.message.lastIndexOf(' ') + 1)
    advice.push(`parsed as ${format}: no call. This looks like ${id} (evidence at ${other.from}). Try --format ${id}`)
  }
  for (const call of incomplete) {
    const why =
      call.status === 'truncated'
        ? 'the text ended inside it; give the model more tokens'
        : 'it could not be read; ask the model again'
    advice.push(`call ${call.index} of ${call.name} is ${call.status}: ${why}`)
  }
  for (const note of notes) {
    if (
      note.code === 'damaged-block' ||
      note.code === 'truncated-reasoning' ||
      (note.code === 'truncated-call' && incomplete.length === 0)
    ) {
      advice.push(`${note.message} (at ${note.from})`)
    } else if (note.code === 'marker-in-text' && toolCalls.length === 0)
      advice.push(`${note.message} (at ${note.from})`)
    else if (note.code === 'unknown-tool' || note.code === 'argument-type')
      advice.push(`${note.message} (at ${note.from})`)
  }
  if (advice.length === 0 && toolCalls.length === 0 && status === 'complete')
    advice.push(
      `no call in this text: ${format === 'auto' ? 'no format finds one' : `nothing in it looks like one of ${format}`}`,
    )
  return [...new Set(advice)]
}

function cut(text: string): string {
  return text === '' ? 'nothing' : JSON.stringify(text.length > 24 ? `${text.slice(0, 21)}...` : text)
}
