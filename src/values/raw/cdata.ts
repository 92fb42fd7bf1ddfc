import { isHighSurrogate } from '../../text/characters.js'
import { type Cursor, WAIT } from '../../text/cursor.js'
import { MarkerSet, Matcher } from '../../text/matcher.js'
import type { Scanner } from '../../text/step.js'
import type { RawSink } from './delimited-rules.js'

export const CDATA_OPEN = '<![CDATA['
export const CDATA_CLOSE = ']]>'
const END = /* @__PURE__ */ new MarkerSet([[CDATA_CLOSE, CDATA_CLOSE]])

/** White space before a section is no longer. */
const LONGEST_SPACE = 64

/** Where a section begins behind so much white space: the index behind its opener; 0 for none, or `WAIT`. */
export function cdataAt({ window, at, ended }: Cursor, space = LONGEST_SPACE): number {
  let i = at
  while (i - at < space && ' \n\r\t'.includes(window.charAt(i) || 'x')) i++
  if (window.startsWith(CDATA_OPEN, i)) return i + CDATA_OPEN.length
  const mayCome = CDATA_OPEN.startsWith(window.slice(i, i + CDATA_OPEN.length))
  return mayCome && !ended ? WAIT : 0
}

/** Hands the text of a section on as it is, to behind its end: `<![CDATA[if (a < b) {}]]>`. */
export class Cdata implements Scanner {
  private readonly end = new Matcher(END)

  constructor(
    private readonly cursor: Cursor,
    private readonly sink: RawSink,
  ) {}

  scan(): boolean {
    const { cursor, sink, end } = this
    const { window, at, base, ended } = cursor
    let to = end.find(window, at, ended)
    const { hit } = end
    if (hit === undefined && !ended && to > at && isHighSurrogate(window.charCodeAt(to - 1))) to--
    if (to > at) sink.text(window.slice(at, to), base + at)
    cursor.at = to + (hit?.length ?? 0)
    return hit !== undefined || ended
  }
}
