/**
 * The letters and digits of a text, in lower case: they still identify a marker whose brackets, bars or blanks are
 * wrong.
 */
export function lettersOf(text: string): string {
  let letters = ''
  for (const character of text) if (isLetter(character)) letters += character
  return letters.toLowerCase()
}

function isLetter(character: string): boolean {
  const code = character.charCodeAt(0)
  // Nearly all characters are ASCII, and those need no regular expression.
  if (code > 127) return /[\p{L}\p{N}]/u.test(character)
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39)
}

/**
 * Do two words differ only in one stretch of at most `most` letters? By default one letter in a short word, two in a
 * longer.
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
