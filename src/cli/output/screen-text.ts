/**
 * Text for screens. Model text and file names may hold anything, also what a terminal takes for commands: every control
 * character is shown as a picture of itself, and so are marks of no width and those that turn the direction of writing.
 */
import stringWidth from 'string-width'
import { INVISIBLE } from '../../explain/invisible.js'

/** Text whose control characters are visible; line breaks and tabs stay (tabs as two spaces). */
export function visible(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(INVISIBLE, (character) => {
    if (character === '\n') return '\n'
    if (character === '\t') return '  '
    return picture(character)
  })
}

/** The same on one line: line breaks are shown as `↵`. */
export function oneLine(text: string): string {
  return text.replace(INVISIBLE, (character) => (character === '\t' ? ' ' : picture(character)))
}

/** Text in quotes, on one line, cut to at most 80 characters: for messages. */
export function quoted(text: string): string {
  return `"${clip(oneLine(text), 80)}"`
}

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (character === '\n') return '↵'
  if (code < 0x20) return String.fromCharCode(0x2400 + code)
  if (code === 0x7f) return '␡'
  const digits = code.toString(16).padStart(4, '0')
  return code > 0xffff ? `\\u{${digits}}` : `\\u${digits}`
}

/** How many columns a terminal gives to a text of one line. */
export function columnsOf(text: string): number {
  return stringWidth(text)
}

/** The same of one character; most need no look. */
function widthOf(character: string): number {
  return character < '\u0300' ? 1 : stringWidth(character)
}

/** Text of one line in at most so many columns; `…` stands for what was cut. */
export function clip(text: string, columns: number): string {
  if (text.length <= columns && columnsOf(text) <= columns) return text
  let used = 1
  let end = 0
  for (const character of text) {
    used += widthOf(character)
    if (used > columns) break
    end += character.length
  }
  return `${text.slice(0, end)}…`
}

/** Lines of at most so many columns, broken at spaces where there are any. Text is made `visible` first. */
export function wrap(text: string, columns: number): string[] {
  return visible(text)
    .split('\n')
    .flatMap((line) => wrapLine(line, columns))
}

// `wrap-ansi` would do, but it composes letters and their marks: what is shown has to be what stands there.
function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = []
  let from = 0
  let used = 0
  let at = 0
  let space = -1 // behind the last space of this line
  for (const character of line) {
    const width = widthOf(character)
    // A space may stand beyond the edge: nobody sees it.
    while (used + width > columns && at > from && character !== ' ') {
      const cut = space > from ? space : at
      lines.push(line.slice(from, cut).trimEnd())
      from = cut
      used = columnsOf(line.slice(from, at))
    }
    used += width
    at += character.length
    if (character === ' ') space = at
  }
  lines.push(line.slice(from).trimEnd())
  return lines
}
