import { quote } from '../text/quote.js'
import type { Policy } from './policy.js'

/** Labels that need no note. */
const USUAL = ['', 'json', 'python']

/**
 * Notes an unusual label of a fence that was read as markup, since the label is left out. `from`: the label's offset.
 */
export function noteFenceLabel(out: Policy, label: string, from: number): void {
  const word = label.trim()
  if (USUAL.includes(word.toLowerCase())) return
  const at = from + label.indexOf(word)
  out.note('unknown-member', `${quote(word)} after a fence means nothing and was left out`, at, at + word.length)
}
