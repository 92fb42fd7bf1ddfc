import { QUOTATIONS } from '../engine/grammar.js'
import { OpenString } from '../engine/open-string.js'
import { isQuotedLine } from '../text/line-lead.js'

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
  if (isQuotedLine(line)) return 'a quoted line'
  if (line.split('`').length % 2 === 0) return 'inline code'
  const string = new OpenString()
  string.read(content)
  return string.isOpen || /\\[nrt"']$/.test(content) ? 'a string' : undefined
}
