import type { Format } from '../../engine/format.js'
import { markersIn } from './pieces.js'
import { PROBES, type ProbeName, VALUE } from './sentinels.js'
import type { Talk } from './talk.js'
import { endedTurns, isAsSaid, readTurn, written } from './trial.js'

/** What is known already of what a template writes. */
export interface Known {
  /** The format that reads all of it and whose calls look the same. */
  readonly equal: Format | undefined
  /** The format that comes nearest to it. */
  readonly nearest: Format | undefined
  readonly why: string
}

interface Candidate {
  readonly format: Format
  /** Turns that it reads exactly. */
  readonly right: readonly ProbeName[]
  /** How its calls are as the template writes them, as `ALIKE` has it in words; 0: they are not. */
  readonly alike: 0 | 1 | 2 | 3 | 4
  /** What it shares of stop tokens, headers and reasoning. */
  readonly shared: number
}

/** Looks for a format among those that are known, by reading and writing what the template wrote. */
export function findKnown(talk: Talk, ends: readonly string[], formats: readonly Format[]): Known {
  const { turns } = talk
  const candidates = formats.map((format): Candidate => {
    const right = endedTurns(turns, ends, format)
      .filter((turn) => isAsSaid(readTurn(format, turn), turn.said))
      .map(({ probe }) => probe)
    return { format, right, alike: likeness(format, talk, ends), shared: sharedWith(format, talk) }
  })
  // Of formats that do equally well, the first of the list is meant.
  const [best] = candidates.toSorted(
    (a, b) => b.right.length - a.right.length || b.alike - a.alike || b.shared - a.shared,
  )
  if (best === undefined || !best.right.some((probe) => PROBES[probe].calls.length > 0))
    return { equal: undefined, nearest: undefined, why: 'no known format reads a call of it' }
  const calls = turns.filter(({ said }) => said.calls.length > 0 && said.reasoning === '' && said.content === '')
  const readsAll = calls.every(({ probe }) => best.right.includes(probe))
  const { id } = best.format
  const share = `${best.right.length} of ${turns.length} turns`
  if (!readsAll || best.alike === 0)
    return { equal: undefined, nearest: best.format, why: `${id} comes nearest: it reads ${share}` }
  return { equal: best.format, nearest: best.format, why: `${id} reads ${share} and writes calls ${ALIKE[best.alike]}` }
}

const ALIKE = [
  '',
  'with the same markers',
  'so, but for their end',
  'so, but for white space',
  'so, to the letter',
] as const

function likeness(format: Format, talk: Talk, ends: readonly string[]): Candidate['alike'] {
  const turn = talk.calls('one call')
  if (turn === undefined) return 0
  // The prompt may have begun the message of the call.
  const text = turn.prompt.slice(-100) + turn.text
  const markers = markersIn(turn.text).filter((marker) => !format.stops.includes(marker) && !ends.includes(marker))
  const likenessOf = (own: string): Candidate['alike'] => {
    if (!markers.every((marker) => own.includes(marker))) return 0
    if (text.includes(own)) return 4
    if (packed(text).includes(packed(own))) return 3
    return packed(text).includes(packed(own.slice(0, own.lastIndexOf(VALUE)))) ? 2 : 0
  }
  const owns = [turn.ids, []].map((ids) => written(format, PROBES['one call'], ids)?.trim())
  const start = turn.text.trimStart()
  const openers = format.families.flatMap((family) => family.openers).map(({ marker }) => marker.trimStart())
  const isOpener =
    openers.some((marker) => marker.length > 4 && start.startsWith(marker)) ||
    (start.startsWith('{') && format.nativelyBare === true)
  const isOwn = (marker: string) =>
    openers.includes(marker) || [format.wire, ...owns].some((text) => text?.includes(marker))
  const isLike = isOpener || (markers.length > 0 && markers.every(isOwn))
  return Math.max(isLike ? 1 : 0, ...owns.map((own) => (own === undefined ? 0 : likenessOf(own)))) as Candidate['alike']
}

const packed = (text: string): string => text.replace(/\s{1,20}/g, '')

function sharedWith(format: Format, { stops, headers, reasoning }: Talk): number {
  const hasStop = stops.some((stop) => format.stops.includes(stop))
  const hasHeader = headers.some((header) => format.headers.includes(header))
  const hasReasoning = format.reasoning?.blocks.some(({ open }) => open === reasoning?.open) === true
  return Number(hasStop) * 2 + Number(hasHeader) + Number(hasReasoning)
}
