/** Longer patterns are not run. */
const LENGTH_LIMIT = 256
/** Each `?` can double the work. */
const OPTIONAL_LIMIT = 3

/**
 * Compiles the `pattern` of a JSON Schema if it evidently takes linear time on every text. Schemas come from untrusted
 * places (an MCP server), and a model's text must not be able to stall the process.
 *
 * Allowed: characters, classes and escapes of one character, each with an optional fixed count; in patterns that begin
 * with `^` also up to three `?` and one of `*`, `+`, `{n,}` or `{n,m}`. Not allowed: groups, alternatives, references,
 * look-around.
 * @returns undefined for a pattern that is not evidently linear, and for anything but a pattern
 * @example linearPattern('^[A-Z]{3}-\\d+$')?.test('ABC-12') // true
 * @example linearPattern('^(a+)+$') // undefined
 */
export function linearPattern(pattern: unknown): RegExp | undefined {
  if (typeof pattern !== 'string' || pattern.length > LENGTH_LIMIT || !isLinear(pattern)) return undefined
  try {
    return new RegExp(pattern, 'u')
  } catch {
    return undefined
  }
}

function isLinear(pattern: string): boolean {
  const anchored = pattern.startsWith('^')
  let optional = 0
  let repeated = 0
  let length = pattern.length
  let at = anchored ? 1 : 0
  while (at < pattern.length) {
    const end = atomEnd(pattern, at)
    if (end < 0) return false
    at = end
    const char = pattern.charAt(at)
    if (char === '?') optional++
    else if (char === '*' || char === '+') repeated++
    else if (char !== '{') continue
    at++
    if (char === '{') {
      const close = pattern.indexOf('}', at)
      if (close < 0) return false
      if (pattern.slice(at, close).includes(',')) repeated++
      // `a{200}` costs as much as 200 characters.
      else length += Number(pattern.slice(at, close))
      at = close + 1
    }
    if (pattern.charAt(at) === '?') at++
  }
  const varies = optional + repeated > 0
  return (anchored || !varies) && optional <= OPTIONAL_LIMIT && repeated <= 1 && length <= 2 * LENGTH_LIMIT
}

/** The index behind the one atom at `at`, or -1 if it is something else. */
function atomEnd(pattern: string, at: number): number {
  const char = pattern.charAt(at)
  if (char === '$') return at === pattern.length - 1 ? at + 1 : -1
  if ('()|^*+?{}]'.includes(char)) return -1
  if (char === '\\') return escapeEnd(pattern, at)
  if (char !== '[') return at + 1
  let end = pattern.charAt(at + 1) === '^' ? at + 2 : at + 1
  for (; end < pattern.length && pattern.charAt(end) !== ']'; end++) if (pattern.charAt(end) === '\\') end++
  return end < pattern.length ? end + 1 : -1
}

function escapeEnd(pattern: string, at: number): number {
  const char = pattern.charAt(at + 1)
  // References (\1, \k<name>), \p{…} and hexadecimal escapes are more than one character.
  const isLetter = (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || (char >= '0' && char <= '9')
  return char === '' || (isLetter && !'dDwWsStnrfv'.includes(char)) ? -1 : at + 2
}
