import { QUOTATIONS } from '../engine/grammar.js'

/**
 * What is still open at the end of a text and would make a call behind it a quotation: a comment, a quoted line, inline
 * code. Undefined if nothing is.
 * @example quotedEnd('I write `') // 'inline code'
 */
export function quotedEnd(content: string): string | undefined {
  for (const [open, close] of QUOTATIONS) {
    const at = content.startsWith(open) ? 0 : content.lastIndexOf(`\n${open}`)
    if ((at > 0 || content.startsWith(open)) && content.indexOf(close, at) < 0) return open
  }
  const line = content.slice(content.lastIndexOf('\n') + 1)
  if (line.trimStart().startsWith('>')) return 'a quoted line'
  if (line.split('`').length % 2 === 0) return 'inline code'
  return /\\[nrt"']$/.test(content) ? 'a string' : undefined
}
