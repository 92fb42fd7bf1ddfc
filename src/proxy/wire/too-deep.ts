/**
 * How many levels of lists and objects JSON may have. Requests of agents have ten or twenty; code that walks a value runs
 * out of stack at some thousand, and the engine's own reader takes seconds for millions.
 */
export const DEEPEST = 256

const QUOTE = 0x22
const BACKSLASH = 0x5c

/**
 * Whether JSON is nested more deeply than it may be. One pass that ends where it is known; strings are jumped over.
 *
 * @example isTooDeep('['.repeat(22_000_000)) // true, after 257 characters
 */
export function isTooDeep(json: string): boolean {
  if (json.length <= DEEPEST) return false
  let depth = 0
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i)
    if (code === QUOTE) {
      i = closingQuote(json, i + 1)
      if (i < 0) return false // no JSON, which its reader says
    } else if (code === 0x5b || code === 0x7b) {
      if (++depth > DEEPEST) return true
    } else if (code === 0x5d || code === 0x7d) depth--
  }
  return false
}

/** Where the string that begins here ends: at the first quote with an even number of backslashes in front. */
function closingQuote(json: string, from: number): number {
  for (let at = json.indexOf('"', from); at >= 0; at = json.indexOf('"', at + 1)) {
    let before = at
    while (before > from && json.charCodeAt(before - 1) === BACKSLASH) before--
    if ((at - before) % 2 === 0) return at
  }
  return -1
}
