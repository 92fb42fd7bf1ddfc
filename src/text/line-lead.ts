/** What the beginning of a line shows so far: whether Markdown quotes the line, as `> text` and `- > text` do. */
export type LineLead = 'open' | 'number' | 'mark' | 'quoted' | 'text'

const SPACE = 32
const QUOTE = 0x3e

/**
 * What a line's beginning shows once `text` from `from` on is read as well. White space and the marks of list items
 * (`-`, `*`, `+`, `12.`, `3)`, each before white space) leave it open.
 * @example leadBehind('open', '- > a') // 'quoted'
 */
export function leadBehind(lead: LineLead, text: string, from = 0): LineLead {
  let now = lead
  for (let i = from; i < text.length && now !== 'quoted' && now !== 'text'; i++) now = step(now, text.charCodeAt(i))
  return now
}

function step(lead: LineLead, code: number): LineLead {
  if (lead === 'mark') return code <= SPACE ? 'open' : 'text'
  if (code >= 0x30 && code <= 0x39) return 'number'
  // `1.` and `1)`
  if (lead === 'number') return code === 0x2e || code === 0x29 ? 'mark' : 'text'
  if (code <= SPACE) return 'open'
  if (code === QUOTE) return 'quoted'
  // `*`, `+` and `-`
  return code === 0x2a || code === 0x2b || code === 0x2d ? 'mark' : 'text'
}

/** Does Markdown quote this line? */
export function isQuotedLine(line: string): boolean {
  return leadBehind('open', line) === 'quoted'
}
