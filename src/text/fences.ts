/** The backticks that open a code fence: three, or more around text that holds fences itself. */
const OPENS = /^`{3,40}/

/**
 * The backticks of the code fence that is open behind a line; empty outside of fences. As many backticks as opened a fence
 * close it, or more.
 * @param open the backticks of the fence that is open before the line
 * @param line without the white space before it
 */
export function fenceBehind(open: string, line: string): string {
  const run = OPENS.exec(line)?.[0] ?? ''
  if (run === '' || !run.startsWith(open)) return open
  return open === '' ? run : ''
}

/** A line that is longer before its backticks begins no fence. */
const LONGEST_INDENT = 256

/** Offsets of the lines that open and close the code fences of a text, by turns: those of their backticks. */
export function fencesIn(text: string): number[] {
  const fences: number[] = []
  let open = ''
  for (let at = text.indexOf('```'); at >= 0; at = text.indexOf('```', at + 3)) {
    const line = text.slice(Math.max(text.lastIndexOf('\n', at - 1) + 1, at - LONGEST_INDENT), at)
    if (line.trim() !== '') continue
    const behind = fenceBehind(open, text.slice(at, at + 40))
    if (behind !== open) fences.push(at)
    open = behind
  }
  return fences
}
