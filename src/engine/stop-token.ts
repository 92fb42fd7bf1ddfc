import { WAIT } from '../text/cursor.js'
import type { Read } from '../text/step.js'
import type { Reading } from './reading.js'

/** So much white space behind a stop token is read to see whether the text goes on. */
const MOST_SPACE = 64

/**
 * Does the stop token at the cursor end the text? In code and in quotation marks, one that more text follows is what the model writes
 * about, and `</s>` closes an element that the text opened. Reads nothing.
 * @example Use `<|im_end|>` to end a turn.    It is <s>$10</s> $8.
 */
export function* endsText({ cursor, text }: Reading, stop: string): Read<boolean> {
  if (text.elements > 0 && isCloseTag(stop)) return false
  if (!text.fenced && text.quotation === undefined) return true
  const from = cursor.offset
  cursor.keep(from)
  cursor.at += stop.length
  const behind = cursor.offset
  while (cursor.skipSpace() === WAIT && cursor.offset - behind < MOST_SPACE) yield
  const ends = cursor.peek() < 0 || cursor.offset - behind >= MOST_SPACE
  cursor.rewind(from)
  cursor.drop()
  return ends
}

/** Ends the text at the stop token at the cursor. What follows it is left out. */
export function* readStop({ cursor, out }: Reading, stop: string): Read<void> {
  const from = cursor.offset
  out.mark('end')
  cursor.at += stop.length
  out.note('stop-token', `${stop} ended the text`, from, cursor.offset)
  const to = cursor.offset
  let blank = true
  const rest = {
    scan() {
      if (cursor.skipSpace() >= 0) blank = false
      cursor.at = cursor.window.length
      return cursor.ended
    },
  }
  if (!rest.scan()) yield rest
  if (!blank) out.note('text-after-stop', 'text after the stop token was left out', to, cursor.offset)
}

/** Makes a stop token that ends nothing content. */
export function passStop({ cursor, out, text }: Reading, stop: string): void {
  const from = cursor.offset
  if (text.elements > 0 && isCloseTag(stop)) text.elements--
  text.track(stop)
  cursor.at += stop.length
  out.release('marker-in-text', `${stop} does not end the text here`, stop, from)
}

/** Is a stop token written as a tag that closes an element of HTML? */
function isCloseTag(stop: string): boolean {
  return stop.startsWith('</')
}
