import { noteFenceLabel } from '../../engine/fence-label.js'
import type { Reading } from '../../engine/reading.js'
import { type Cursor, WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'

export const FENCE = '```'

/**
 * Reads the fence before the arguments, if one stands there, with its label and the space behind it.
 * @example NAME\n```json\n{…}
 */
export function* readFence(reading: Reading): Read<void> {
  const { cursor, out } = reading
  let found: number
  while ((found = cursor.starts(FENCE)) === WAIT) yield
  if (found === 0) return skipCutFence(cursor)
  cursor.at += FENCE.length
  // Read as they come: however many there are, none is looked at again.
  while (skipBlanks(cursor) && !cursor.ended) yield
  let length: number
  while ((length = labelLength(cursor.window, cursor.at)) === WAIT && !cursor.ended) yield
  // The text ended in the label: the arguments never came.
  const end = length === WAIT ? cursor.window.length : cursor.at + length
  noteFenceLabel(out, cursor.window.slice(cursor.at, end), cursor.offset)
  cursor.at = end
  yield* readEscapedSpace(reading)
}

/** One or two backticks at the very end: the text was cut in the fence. */
function skipCutFence(cursor: Cursor): void {
  const rest = cursor.window.slice(cursor.at)
  if (cursor.ended && FENCE.startsWith(rest)) cursor.at = cursor.window.length
}

/** Reads white space, and line breaks that the model wrote as a backslash and an n: each of those is a repair. */
export function* readEscapedSpace(reading: Reading): Read<void> {
  const { cursor, out } = reading
  for (;;) {
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    if (code !== 0x5c || !out.settings.repair) return
    while (cursor.at + 1 === cursor.window.length && !cursor.ended) yield
    const at = cursor.offset
    const before = cursor.window.slice(cursor.at, cursor.at + 2)
    if (before !== '\\n' && before !== '\\r') return
    out.repair('literal-newline', at, at + 2, before, before === '\\n' ? '\n' : '\r')
    cursor.at += 2
  }
}

/**
 * Passes line breaks that the model wrote as a backslash and an n, and white space among them.
 * @returns where the first of them stands, or -1
 */
export function* passEscapedNewlines(cursor: Cursor): Read<number> {
  for (let first = -1; ; ) {
    while (cursor.at + 1 === cursor.window.length && !cursor.ended) yield
    if (!cursor.window.startsWith('\\n', cursor.at)) return first
    if (first < 0) first = cursor.offset
    cursor.at += 2
    while (cursor.skipSpace() === WAIT) yield
  }
}

/** Reads spaces and tabs. True at the end of what has come. */
function skipBlanks(cursor: Cursor): boolean {
  const { window } = cursor
  while (window[cursor.at] === ' ' || window[cursor.at] === '\t') cursor.at++
  return cursor.at === window.length
}

/** Length of the label behind a fence: a word of at most 20 characters, or none. `WAIT` where the text ends in it. */
function labelLength(text: string, from: number): number {
  let i = from
  while (i < text.length && i - from < 20 && /[\w+-]/.test(text[i] as string)) i++
  return i === text.length && i - from < 20 ? WAIT : i - from
}
