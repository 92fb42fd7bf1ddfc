import { type Policy, quote } from './policy.js'

/** What stands behind the fence of calls or arguments as a matter of course. */
const USUAL = ['', 'json', 'python']

/** Tells of another word behind the backticks of a fence that was read as markup: it means nothing. `from`: where it stands. */
export function noteFenceLabel(out: Policy, label: string, from: number): void {
  const word = label.trim()
  if (USUAL.includes(word.toLowerCase())) return
  const at = from + label.indexOf(word)
  out.note('unknown-member', `${quote(word)} behind a fence means nothing and was left out`, at, at + word.length)
}
