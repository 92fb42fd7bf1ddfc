import { type MarkerSet, Matcher } from './matcher.js'

/**
 * The last marker of a set in a text: its index (-1 without one) and its end (then 0). One pass looks for all of them, which
 * `lastIndexOf` does for one. (What closes reasoning in any format, in 64 KB: 0.6 ms by `lastIndexOf`, and 0.07 so.)
 */
export function lastMarker(text: string, markers: MarkerSet<unknown>): { readonly from: number; readonly to: number } {
  const matcher = new Matcher(markers)
  let from = -1
  let to = 0
  for (let at = matcher.find(text, 0, true); at < text.length; at = matcher.find(text, to, true)) {
    from = at
    to = matcher.end
  }
  return { from, to }
}
