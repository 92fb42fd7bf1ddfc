import type { ContentMarker } from './grammar.js'
import { isCloser } from './orphan-closer.js'
import type { Reading } from './reading.js'

/**
 * Counts a marker that is text in a quotation or a fence. Where values are raw, it may begin or end one that is quoted: what
 * opens a call in that is quoted too, also behind a blank line.
 * @example > <tool_call>\n<function=write>\n<parameter=text>\nSee:\n\n<tool_call>…
 */
export function countPart({ text, grammar }: Reading, marker: ContentMarker): void {
  if (grammar.valueEnds.size === 0 || (marker.kind === 'opener' && marker.bare)) return
  const closes = marker.kind === 'opener' ? marker.text.startsWith('</') : isCloser(marker)
  if (closes && !grammar.valueStarts.has(marker.text)) {
    text.holdQuotation()
    text.closePart()
  } else if (text.isApart && text.showsCall) text.parts++
}
