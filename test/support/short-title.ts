/** Characters that a title of a test may have: it stands in one line of a terminal, and in one of a report. */
export const LONGEST_TITLE = 120

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/**
 * A title in one line: what would break the line or cannot be seen is escaped, and a long one loses its middle.
 * @example shortTitle('a\nb') // 'a\\nb'
 */
export function shortTitle(title: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const line = title.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]|\p{Surrogate}/gu, escaped)
  const runs = line.replace(/(.)\1{19,}/gu, (run: string, character: string) => `${character}×${[...run].length}`)
  const characters = [...runs]
  if (characters.length <= LONGEST_TITLE) return runs
  const kept = LONGEST_TITLE - 1
  const tail = Math.floor(kept / 3)
  return `${characters.slice(0, kept - tail).join('')}…${characters.slice(-tail).join('')}`
}

/** The titles of one suite, short, and each different from the others: one that comes again is numbered. */
export function shortTitles(titles: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return titles.map(shortTitle).map((title) => {
    const count = (seen.get(title) ?? 0) + 1
    seen.set(title, count)
    if (count === 1) return title
    const number = ` (${count})`
    return title.length + number.length <= LONGEST_TITLE
      ? title + number
      : `${title.slice(0, LONGEST_TITLE - number.length - 1)}…${number}`
  })
}

function escaped(character: string): string {
  return ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
