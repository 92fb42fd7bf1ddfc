import { QUOTATIONS } from '../engine/quotations.js'
import { fencesIn } from '../text/fences.js'
import { isQuotedLine } from '../text/line-lead.js'
import { endsInOpeningQuote } from '../text/opening-quote.js'

/** So much of a line, or of the markup before a place, is looked at. */
const LONGEST_LINE = 1024
const LONGEST_MARKUP = 320
/** Markup before a place that may belong to the same quotation: `<tool_calls><tool_call>get_weather` */
const MARKUP_BEFORE = /(?:<[^<>\n]{1,80}>[\w.\s-]{0,64}){1,4}$/

/**
 * Is a place in inline code, a quoted line, quotation marks, a comment or an echoed result, or in a fence that text opened before it?
 * @param fences the lines that open and close fences, at least up to the place; asked last, since it takes longest
 */
export function isQuoted(text: string, at: number, fences = () => fencesIn(text.slice(0, at))): boolean {
  return isQuotedInLine(text, at) || isInQuotation(text, at) || fences().filter((fence) => fence < at).length % 2 === 1
}

/** Is a place in inline code, in a quoted line, or right behind a quotation mark that opens? */
function isQuotedInLine(text: string, at: number): boolean {
  const line = text.slice(Math.max(text.lastIndexOf('\n', at - 1) + 1, at - LONGEST_LINE), at)
  if (at > 0 && (isQuotedLine(line) || line.split('`').length % 2 === 0)) return true
  const before = text.slice(Math.max(0, at - LONGEST_MARKUP), at)
  return endsInOpeningQuote(before) || endsInOpeningQuote(before.replace(MARKUP_BEFORE, ''))
}

/** Is a place in a comment or an echoed result? What opens one begins a line. */
function isInQuotation(text: string, at: number): boolean {
  return QUOTATIONS.some(({ open, ends }) => {
    const from = text.lastIndexOf(open, at)
    if (from < 0 || text.slice(text.lastIndexOf('\n', from - 1) + 1, from).trim() !== '') return false
    const found = ends.map((end) => text.indexOf(end, from + open.length)).filter((to) => to >= 0)
    return found.length === 0 || Math.min(...found) >= at
  })
}
