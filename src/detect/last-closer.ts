import type { Format } from '../engine/format.js'
import { markerSet } from '../engine/grammar.js'
import { lastMarker } from '../text/last-marker.js'

/** Where reasoning ended last in a text: the closer's index (-1 without one), and its end (then 0). */
export type FindCloser = (text: string) => ReturnType<typeof lastMarker>

/** Finds where reasoning of some formats ended last in a text: what stands before may be a thought, which holds drafts. */
export function lastCloser(formats: readonly Format[]): FindCloser {
  const closers = markerSet(formats.flatMap(({ reasoning }) => reasoning?.blocks ?? []).map(({ close }) => close))
  return (text) => lastMarker(text, closers)
}

/** Where the message begins, behind reasoning and white space. */
export function messageStart(text: string, closer: FindCloser): number {
  return text.length - text.slice(closer(text).to).trimStart().length
}
