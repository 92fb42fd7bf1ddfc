import type { Matcher } from '../../text/matcher.js'

/**
 * The index behind the comment that continues at `from`. A line break ends it, and so does a marker. If it does not end
 * yet: the complement of the index up to which it was read.
 * @example commentEnd('# one\n2', 0, stops, false) // 5
 */
export function commentEnd(text: string, from: number, ends: Matcher<string>, ended: boolean): number {
  const line = text.indexOf('\n', from)
  const marker = ends.find(line < 0 ? text : text.slice(0, line), from, ended || line >= 0)
  if (ends.hit !== undefined) return marker
  return line < 0 ? ~marker : line
}
