import type { ReasoningDescription } from '../../described/format-description.js'
import type { Frame } from '../../engine/format.js'
import { markersIn, piecesOf, spaceBefore, spaceBehind } from './pieces.js'
import type { Probed, Turn } from './probe.js'
import { ANSWER, NAME, type ProbeName, type Said, THOUGHT, wordsOf } from './sentinels.js'

/** What a template writes, cut: the calls alone, and what stands around them. */
export interface Talk {
  /** What was written for the calls of a probe, with what ends the turn. */
  calls(probe: ProbeName): Turn | undefined
  readonly reasoning: ReasoningDescription | undefined
  /** Does the prompt end inside the reasoning? Undefined where it depends on the request. */
  readonly promptOpensReasoning: boolean | undefined
  readonly frame: Frame | undefined
  /** What ends a turn, the ordinary one first. More are found behind the calls. */
  readonly stops: readonly string[]
  readonly headers: readonly string[]
  /** Without those that the template writes as several messages. */
  readonly turns: readonly Turn[]
}

/** Cuts what was written into what every family needs. `source`: of the template, where a closer can be looked up. */
export function cutTalk(probed: Probed, source: string): Talk {
  const reasoning = reasoningOf(probed, source)
  const { frame, stops: ends } = endOf(probed)
  const stops = ends.filter((end) => end !== reasoning?.close)
  const one = probed.turn('one call')?.text ?? ''
  // What stands before a call too ends no turn there.
  const lasts = stops.filter((stop) => !one.slice(0, one.indexOf(NAME)).includes(stop))
  const opens = ({ open }: ReasoningDescription, prompt: string) => prompt.trimEnd().endsWith(open)
  const { default: usual, thinking, plain } = probed.prompts
  const settled =
    reasoning && [usual, thinking, plain].every((one) => opens(reasoning, one) === opens(reasoning, usual))
  const header = reasoning === undefined ? probed.header : (probed.header.split(reasoning.open)[0] ?? '')
  return {
    reasoning,
    promptOpensReasoning: reasoning === undefined || settled !== true ? undefined : opens(reasoning, usual),
    frame,
    stops,
    turns: probed.turns.filter(({ text, said }) => !goesOnBehind(text, said, lasts)),
    headers: header.trim() === '' || header.length > 80 ? [] : [header],
    calls(probe) {
      const turn = probed.turn(probe)
      return turn && { ...turn, text: withoutEmptyReasoning(turn.text, reasoning) }
    },
  }
}

/** Is something said behind what ends the turn? */
function goesOnBehind(text: string, said: Said, stops: readonly string[]): boolean {
  const words = wordsOf(said)
  return stops.some((stop) => {
    const at = text.indexOf(stop)
    return at >= 0 && words.some((word) => text.lastIndexOf(word) > at)
  })
}

/** Templates write reasoning blocks around nothing, or close what the prompt opened. */
function withoutEmptyReasoning(text: string, reasoning: ReasoningDescription | undefined): string {
  if (reasoning === undefined) return text
  let rest = text.trimStart()
  const before = rest
  for (const marker of [reasoning.open, reasoning.close])
    if (rest.startsWith(marker)) rest = rest.slice(marker.length).trimStart()
  return rest === before ? text : rest
}

function reasoningOf(probed: Probed, source: string): ReasoningDescription | undefined {
  const turn = probed.turn('reasoning and a call') ?? probed.turn('reasoning and an answer')
  return (turn && writtenReasoning(probed, turn)) ?? promptedReasoning(probed, source)
}

/** What stands around the thought that the template wrote; where the prompt opened it, what the prompt ends with. */
function writtenReasoning(probed: Probed, { text, prompt }: Turn): ReasoningDescription | undefined {
  const at = text.indexOf(THOUGHT)
  const isPrompted = text.slice(0, at).trim() === ''
  const before = isPrompted ? prompt : text.slice(0, at)
  const after = text.slice(at + THOUGHT.length)
  const close = firstPiece(after)
  if (close === '') return undefined
  const others = [probed.turn('one call')?.text ?? '', probed.turn('answer')?.text ?? '']
  for (const piece of piecesOf(before).slice(-4).reverse()) {
    const open = before.slice(piece.from).trim()
    // What opens messages of every kind is a header.
    const isHeader = others.some((other) => other.includes(open) && !other.includes(close))
    if (!piece.isMarker || isHeader || (isPrompted && !/think|thought|reason/i.test(open))) continue
    const closed = after.indexOf(close) + close.length
    const closer = after.slice(0, closed) + spaceBefore(after.slice(closed))
    return { open, close, written: { open: open + spaceBehind(before), close: closer } }
  }
  return undefined
}

/** The prompt opens a block whose closer the source of the template holds. */
function promptedReasoning({ prompts }: Probed, source: string): ReasoningDescription | undefined {
  for (const prompt of [prompts.default, prompts.thinking, prompts.plain]) {
    const markers = markersIn(prompt.slice(-200)).reverse()
    for (const open of markers.slice(0, 2)) {
      const close = open.replace(/^([<[])/, '$1/')
      if (/^[<[][^/|]/.test(open) && /think|reason|thought/i.test(open) && source.includes(close))
        return { open, close }
    }
  }
  return undefined
}

function firstPiece(text: string): string {
  const [piece] = piecesOf(text)
  return piece === undefined ? '' : piece.isMarker ? piece.text : (piece.text.trim().split('\n')[0] ?? '')
}

/** What stands behind an answer, and around it. */
function endOf(probed: Probed): { frame: Frame | undefined; stops: string[] } {
  const text = probed.turn('answer')?.text
  if (text === undefined) return { frame: undefined, stops: [] }
  const at = text.indexOf(ANSWER)
  const before = piecesOf(text.slice(0, at)).filter(({ isMarker }) => isMarker)
  const behind = text.slice(at + ANSWER.length)
  const [first, second] = markersIn(behind)
  const open = before.at(-1)?.text
  const isFrame = open !== undefined && first !== undefined && second !== undefined && !/^<\//.test(open)
  if (isFrame) return { frame: { open, close: first }, stops: [second] }
  const stop = first ?? behind.trim().split('\n')[0] ?? ''
  return { frame: undefined, stops: stop === '' ? [] : [stop] }
}
