const KEYWORD = /^(?:if|and|or|in|is|not|for|else)(?![\p{L}\p{N}_])/u
const WORD = /[\p{L}\p{N}_]/u
/** How much text behind a quote is needed to tell what it is. */
const LOOKAHEAD = 6

/** What a quote in a Python string is: its end, data, or unknown. `more`: more text decides. */
export type InnerQuote = 'closes' | 'apostrophe' | 'opens' | 'ends' | 'unknown' | 'more'

/**
 * Is the quote at `at`, which is like the one that opened the string, data that the model forgot to escape? Only where
 * Python could not continue behind it: an apostrophe, or quotes around a word. `isInner`: such a word is open.
 *
 *     say(text='it's fine')        say(text="a "quoted" word")
 */
export function innerQuote(text: string, at: number, before: string, isInner: boolean, ended: boolean): InnerQuote {
  const quote = text.charAt(at)
  const behind = text.slice(at + 1, at + 1 + LOOKAHEAD)
  const next = behind.charAt(0)
  if (behind.length < LOOKAHEAD && !ended && (next === '' || (WORD.test(next) && !isInner))) return 'more'
  if (isInner) {
    return next === '' || next === quote || ',)]}:'.includes(next) ? 'unknown' : 'ends'
  }
  if (!WORD.test(next) || KEYWORD.test(behind) || isPrefix(behind)) return 'closes'
  if (quote === "'" && WORD.test(before)) return 'apostrophe'
  return before === '' || ' \t\n([{-'.includes(before) ? 'opens' : 'closes'
}

/** `'a' r'b'`: another literal continues the string. */
function isPrefix(behind: string): boolean {
  return /^[rRuUbBfF]{1,2}["']/.test(behind)
}
