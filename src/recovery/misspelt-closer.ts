/** Nothing longer stands for a marker. */
const LONGEST = 80
const ONE_TAG = /^<[^<>\n]{1,78}>$/

/**
 * May this stand for a close marker (decision 13)? A spelling of it: cut at an end, in other case, without its bars, with a
 * blank; or any one tag, which in the place of the closer is meant as it. Asked only of all that stands between a whole
 * payload and what follows its call.
 * @example isMisspeltCloser('<|tool call end', '<｜tool▁call▁end｜>') // true
 */
export function isMisspeltCloser(text: string, marker: string): boolean {
  if (text === '' || text.length > LONGEST) return false
  return ONE_TAG.test(text) || lettersOf(text) === lettersOf(marker)
}

function lettersOf(text: string): string {
  let letters = ''
  for (const character of text) if (/[\p{L}\p{N}]/u.test(character)) letters += character.toLowerCase()
  return letters
}
