import type { Format } from '../../engine/format.js'
import { grammarOf } from '../../engine/grammar.js'
import { Session } from '../../engine/session.js'
import { collect } from '../../event/collect.js'
import type { ParseResult } from '../../event/event.js'
import { policyFor } from '../../fitting/policy-for.js'
import { isSameJson } from '../../fitting/same-json.js'
import { renderFormat } from '../../formats/render.js'
import { readTools } from '../../tools/schema.js'
import { markersIn, piecesOf } from './pieces.js'
import type { Turn } from './probe.js'
import { type ProbeName, type Said, TOOLS, wordsOf } from './sentinels.js'

/** How a format did on what the template wrote. */
export interface Trial {
  /** The turns that were read exactly: calls, content and reasoning, with no repair. */
  readonly right: readonly ProbeName[]
  readonly wrong: readonly ProbeName[]
  /** Ways in which the turns were cut into chunks, and those in which something else came out. */
  readonly chunkings: number
  readonly otherwiseChunked: number
  /** Damaged texts (cut anywhere, a marker lost), and those that gave a complete call that was never made. */
  readonly damaged: number
  readonly madeUp: number
  /** The turns whose calls the format itself writes so that it reads them. */
  readonly rendered: number
}

/**
 * Reads one turn as `parse` does. `sizes`: lengths of chunks, the last for all that are left; `text`: instead of the whole turn.
 */
export function readTurn(
  format: Format,
  { prompt, text: whole, said }: Pick<Turn, 'prompt' | 'text' | 'said'>,
  { sizes = [whole.length], text = whole }: { sizes?: readonly number[]; text?: string } = {},
): ParseResult {
  // A prompt may lead into a thought in other words than the format's own.
  const isInside = said.reasoning !== '' && format.reasoning?.blocks.every(({ open }) => !whole.includes(open)) === true
  const start = isInside ? { startInReasoning: true } : { prompt: prompt.slice(-LONGEST_PROMPT) }
  const session = new Session(grammarOf(format), { format, tools: TOOLS, ...start }, policyFor)
  const events = []
  for (let at = 0, i = 0; at < text.length; i++) {
    const size = Math.max(1, sizes[Math.min(i, sizes.length - 1)] ?? 1)
    events.push(...session.push(text.slice(at, at + size)))
    at += size
  }
  events.push(...session.end())
  return collect(events)
}

/** What of a prompt may say how a text begins. */
const LONGEST_PROMPT = 200

/** The turns without what ends them, and what templates write behind that; but with an end that the format knows. */
export function endedTurns(turns: readonly Turn[], ends: readonly string[], { stops }: Format): Turn[] {
  return turns.map((turn) => {
    const { text, said } = turn
    const words = [...wordsOf(said), ...said.calls.flatMap(({ arguments: args }) => Object.keys(args))]
    const from = Math.max(0, ...words.map((word) => text.lastIndexOf(word)))
    const [end] = ends
      .map((stop) => ({ at: text.indexOf(stop, from), length: stops.includes(stop) ? stop.length : 0 }))
      .filter(({ at }) => at >= 0)
      .toSorted((a, b) => a.at - b.at)
    return end === undefined ? turn : { ...turn, text: text.slice(0, end.at + end.length) }
  })
}

/** Is this all that was said, and nothing else? */
export function isAsSaid(result: ParseResult, { calls, content, reasoning }: Said): boolean {
  const { toolCalls, incomplete } = result
  return (
    result.content.trim() === content &&
    result.reasoning.trim() === reasoning &&
    incomplete.length === 0 &&
    toolCalls.length === calls.length &&
    toolCalls.every((call) => call.repairs.length === 0) &&
    areSaid(result, calls)
  )
}

/** Is each complete call of a known tool one that was made, in the order in which they were made? */
function areSaid({ toolCalls }: ParseResult, calls: Said['calls']): boolean {
  let at = 0
  for (const call of toolCalls.filter(({ known }) => known)) {
    const isIt = (said: Said['calls'][number]) => said.name === call.name && isSameJson(said.arguments, call.arguments)
    while (at < calls.length && !isIt(calls[at] as Said['calls'][number])) at++
    if (at++ >= calls.length) return false
  }
  return true
}

const SIZES = [[1], [2], [3], [5, 1], [17]] as const

/**
 * Tries a format on turns: whole, cut in two and in small chunks, damaged, and rendered by itself. `cutEvery`: a turn is cut behind
 * each of so many characters.
 */
export function tryFormat(format: Format, turns: readonly Turn[], cutEvery = 1): Trial {
  const right: ProbeName[] = []
  const wrong: ProbeName[] = []
  let [chunkings, otherwiseChunked, damaged, madeUp, rendered] = [0, 0, 0, 0, 0]
  // Those of a turn without a value of its own are the template's: `<b>` in a value is not.
  const markers = new Set(
    turns.filter(({ probe }) => OWN_MARKERS.includes(probe)).flatMap(({ text }) => markersIn(text)),
  )
  for (const turn of turns) {
    const { probe, said, text } = turn
    const whole = readTurn(format, turn)
    if (!isAsSaid(whole, said)) {
      wrong.push(probe)
      continue
    }
    right.push(probe)
    const expected = JSON.stringify(whole)
    const halves = cutsOf(text, cutEvery).map((at) => [at, text.length])
    for (const sizes of [...SIZES, ...halves]) {
      chunkings++
      if (JSON.stringify(readTurn(format, turn, { sizes })) !== expected) otherwiseChunked++
    }
    if (said.calls.length === 0) continue
    for (const broken of damage(text, markers, cutEvery)) {
      damaged++
      if (!areSaid(readTurn(format, turn, { text: broken }), said.calls)) madeUp++
    }
    if (rendersBack(format, said)) rendered++
  }
  return { right, wrong, chunkings, otherwiseChunked, damaged, madeUp, rendered }
}

const OWN_MARKERS: readonly ProbeName[] = ['answer', 'one call', 'two calls', 'reasoning and a call']

/** Where a text is cut: behind each of so many characters. */
function cutsOf({ length }: string, every: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil(length / every) - 1) }, (_, i) => (i + 1) * every)
}

/** The text up to each cut, and without each of the markers. */
function* damage(text: string, markers: ReadonlySet<string>, cutEvery: number): Generator<string> {
  for (const at of cutsOf(text, cutEvery)) yield text.slice(0, at)
  for (const { isMarker, text: marker, from, to } of piecesOf(text))
    if (isMarker && markers.has(marker)) yield text.slice(0, from) + text.slice(to)
}

function rendersBack(format: Format, said: Said): boolean {
  const text = written(format, said)
  return text !== undefined && isAsSaid(readTurn(format, { prompt: '', text, said }), said)
}

/** What the format itself writes, with these ids if it has any; undefined where it cannot. */
export function written(
  format: Format,
  { calls, content, reasoning }: Said,
  ids: readonly string[] = [],
): string | undefined {
  try {
    const withIds = calls.map((call, i) => ({ ...call, id: ids[i] }))
    return renderFormat(format, withIds, { content, reasoning }, readTools(TOOLS))
  } catch {
    return undefined
  }
}
