/**
 * The backticks that open a code fence: three, or more around text that holds fences itself. Or tildes, before one word at
 * most: a line of many, or with words in it, is an ornament.
 */
const OPENS = /^(?:`{3,40}|~{3,7}(?=[^\s~]{0,40}\s{0,40}(?:\n|$)))/
const FENCE = /`{3}|~{3}/g

/**
 * The backticks or tildes of the code fence that is open behind a line; empty outside of fences. As many as opened a fence
 * close it, or more.
 * @param open those of the fence that is open before the line
 * @param line without the white space before it
 */
export function fenceBehind(open: string, line: string): string {
  const run = OPENS.exec(line)?.[0] ?? ''
  if (run === '' || !run.startsWith(open)) return open
  return open === '' ? run : ''
}

/** So much of a line says whether it opens a fence. */
const LONGEST_LINE = 96
/** A line that is longer before its backticks begins no fence. */
const LONGEST_INDENT = 256

/** Offsets of the lines that open and close the code fences of a text, by turns: those of their backticks or tildes. */
export function fencesIn(text: string): number[] {
  const fences: number[] = []
  let open = ''
  for (const { index: at } of text.matchAll(FENCE)) {
    const line = text.slice(Math.max(text.lastIndexOf('\n', at - 1) + 1, at - LONGEST_INDENT), at)
    if (line.trim() !== '') continue
    const behind = fenceBehind(open, text.slice(at, at + LONGEST_LINE))
    if (behind !== open) fences.push(at)
    open = behind
  }
  return fences
}
