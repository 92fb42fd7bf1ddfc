const KEYWORD = /^(?:if|and|or|in|is|not|for|else)(?![\p{L}\p{N}_])/u
const WORD = /[\p{L}\p{N}_]/u
/** Behind a quote, so much tells what it is. */
const LOOK = 6

/** What a quote in a Python string is: its end, data, or nobody's guess; `more` text decides. */
export type InnerQuote = 'closes' | 'apostrophe' | 'opens' | 'ends' | 'unknown' | 'more'

/**
 * Is the quote at `at`, of the kind that opened the string, one that the model did not escape? Only where no Python could
 * go on behind it: an apostrophe, or a word in quotes. `isInner`: a word in quotes was opened.
 *
 *     say(text='it's fine')        say(text="a "quoted" word")
 */
export function innerQuote(text: string, at: number, before: string, isInner: boolean, ended: boolean): InnerQuote {
  const quote = text.charAt(at)
  const behind = text.slice(at + 1, at + 1 + LOOK)
  const next = behind.charAt(0)
  if (behind.length < LOOK && !ended && (next === '' || (WORD.test(next) && !isInner))) return 'more'
  if (isInner) {
    return next === '' || next === quote || ',)]}:'.includes(next) ? 'unknown' : 'ends'
  }
  if (!WORD.test(next) || KEYWORD.test(behind) || isPrefix(behind)) return 'closes'
  if (quote === "'" && WORD.test(before)) return 'apostrophe'
  return before === '' || ' \t\n([{-'.includes(before) ? 'opens' : 'closes'
}

/** `'a' r'b'`: another literal goes on with the string. */
function isPrefix(behind: string): boolean {
  return /^[rRuUbBfF]{1,2}["']/.test(behind)
}
