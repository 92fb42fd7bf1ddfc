import { type Cursor, WAIT } from '../text/cursor.js'

/** How far a key is looked for, with the white space before it. */
const LONGEST = 60

/** A key and its colon, behind a comma or none, and what may become them. */
const KEY = /^,?\s{0,40}(["'])([\w.-]{1,56})\1\s{0,4}:/
const KEY_BEGUN = /^,?\s{0,40}(?:(["'])[\w.-]{0,56}(?:\1\s{0,4})?)?$/

/**
 * The key that stands at the cursor, with its colon: behind the brace of a call it shows that the brace came too early.
 * Undefined for none; `WAIT` where more text decides; empty where the text ends in the middle of one.
 * @example '{"name": "f"}, "arguments": {…}}'    '{"name": "f",} "arguments": {…}}'
 */
export function keyAhead({ window, at, ended }: Cursor): string | undefined | typeof WAIT {
  const ahead = window.slice(at, at + LONGEST)
  const key = KEY.exec(ahead)?.[2]
  if (key !== undefined || ahead.length >= LONGEST || !KEY_BEGUN.test(ahead)) return key
  return ended ? '' : WAIT
}
