/** Letters and digits of a text, in lower case: what is left of a marker whose brackets, bars or blanks are wrong. */
export function lettersOf(text: string): string {
  let letters = ''
  for (const character of text) if (isLetter(character)) letters += character
  return letters.toLowerCase()
}

function isLetter(character: string): boolean {
  const code = character.charCodeAt(0)
  // Nearly all are ASCII, of which the classes need not be asked.
  if (code > 127) return /[\p{L}\p{N}]/u.test(character)
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39)
}

/**
 * Do two words differ in one stretch, of `most` letters at most? By default one letter in a short word, two in a long one.
 * @example isAlike('paramter', 'parameter') // true
 */
export function isAlike(word: string, known: string, most = known.length < 6 ? 1 : 2): boolean {
  if (Math.abs(word.length - known.length) > most) return false
  let from = 0
  while (from < word.length && word[from] === known[from]) from++
  let end = 0
  const shorter = Math.min(word.length, known.length) - from
  while (end < shorter && word[word.length - 1 - end] === known[known.length - 1 - end]) end++
  return Math.max(word.length, known.length) - from - end <= most
}
