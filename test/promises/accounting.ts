import type { Format, ParseEvent } from '../../src/index.js'
import { markersOf, piecesOf, reasoningMarkersOf } from './format-facts.js'
import { eventsOf, show, type TextPromise, type Trial, wholeEvents } from './trial.js'

/** Nothing is lost, nothing leaks: every character is accounted for. */
export const accounting: readonly TextPromise[] = [
  { id: 'I3', says: 'content and reasoning are slices of the text, at their offsets', check: slices },
  { id: 'I4', says: 'what is in no event has a note', check: nothingLost },
  { id: 'I20', says: 'a marker in the content has a note, and under drop there is none', check: leaksAreNoted },
  { id: 'I32', says: 'content, reasoning and calls come in the order of the text, and do not overlap', check: inOrder },
]

interface Span {
  from: number
  to: number
}

function slices(trial: Trial): string | undefined {
  const { text } = trial
  for (const event of wholeEvents(trial)) {
    if (!(event.from >= 0 && event.from <= event.to && event.to <= text.length))
      return `no span of the text: ${show(event)}`
    if ((event.type === 'content' || event.type === 'reasoning') && event.text !== text.slice(event.from, event.to)) {
      return `${show(event)} is not ${show(text.slice(event.from, event.to))}`
    }
    if (event.type === 'end' && event.to !== text.length) return `end at ${event.to} of ${text.length}`
  }
  return undefined
}

function nothingLost(trial: Trial): string | undefined {
  const { text, format } = trial
  const events = wholeEvents(trial)
  const calls = eventsOf(events, 'call-end').map(({ call }) => call)
  const noted = events.filter(({ type }) => type === 'content' || type === 'reasoning' || type === 'note')
  // A surplus brace behind a call has a note of its own, and the call's close marker follows it.
  const neighbours = [...calls, ...eventsOf(events, 'note')]
  const syntax = syntaxOf(format)
  for (const gap of gapsOf([...noted, ...calls], text.length)) {
    const atCall = neighbours.some(({ from, to }) => from === gap.to || to === gap.from)
    const rest = without(text.slice(gap.from, gap.to), atCall ? syntax.call : syntax.reasoning)
    if (rest.trim() !== '')
      return `${show(text.slice(gap.from, gap.to))} at ${gap.from} is in no event, and no note tells of it`
  }
  return undefined
}

/** `}` closes an envelope: `{"tool_calls": [...]}`. */
const SEPARATORS = [',', ';', '[', ']', '}']

/** What may stand between events without a note: markers of reasoning; next to a call, its own syntax and separators. */
function syntaxOf(format: Format): { call: string[]; reasoning: string[] } {
  const reasoning = reasoningMarkersOf(format)
  const call = [...piecesOf(format), ...SEPARATORS, '```json', '```']
  return { call: call.sort((a, b) => b.length - a.length), reasoning }
}

function without(text: string, pieces: readonly string[]): string {
  return pieces.reduce((rest, piece) => rest.replaceAll(piece, ' '), text)
}

/** What the spans do not cover. */
export function gapsOf(spans: readonly Span[], length: number): Span[] {
  const gaps: Span[] = []
  let reached = 0
  for (const { from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    if (from > reached) gaps.push({ from: reached, to: from })
    reached = Math.max(reached, to)
  }
  if (reached < length) gaps.push({ from: reached, to: length })
  return gaps
}

function leaksAreNoted(trial: Trial): string | undefined {
  const { text, format, options } = trial
  const events = wholeEvents(trial)
  const notes = eventsOf(events, 'note')
  const runs = runsOf(eventsOf(events, 'content'))
  for (const marker of markersOf(format)) {
    for (let i = text.indexOf(marker); i >= 0; i = text.indexOf(marker, i + 1)) {
      const to = i + marker.length
      // A run of backticks is one mark: a longer one is another.
      if (marker.startsWith('`') && text.charAt(i - 1) === '`') continue
      // The bracket of a tag is its own: <thinking>>>f
      if (marker.startsWith('>') && /<\/?thinking>$/.test(text.slice(0, i + 1))) continue
      if (!runs.some((run) => run.from <= i && to <= run.to)) continue
      if (options.damaged === 'drop') return `${marker} at ${i} is in the content, and damage is to be dropped`
      if (!notes.some((note) => note.from < to && i < note.to))
        return `${marker} at ${i} is in the content without a note`
    }
  }
  return undefined
}

/** Spans that follow each other without a gap, as one. */
function runsOf(spans: readonly Span[]): Span[] {
  const runs: Span[] = []
  for (const { from, to } of spans) {
    const last = runs[runs.length - 1]
    if (last?.to === from) last.to = to
    else runs.push({ from, to })
  }
  return runs
}

function inOrder(trial: Trial): string | undefined {
  let last: { event: ParseEvent; to: number } | undefined
  for (const event of wholeEvents(trial)) {
    if (event.type !== 'content' && event.type !== 'reasoning' && event.type !== 'call-end') continue
    const { from, to } = event.type === 'call-end' ? event.call : event
    if (last !== undefined && from < last.to) return `${show(event)} begins before the end of ${show(last.event)}`
    last = { event, to }
  }
  return undefined
}
