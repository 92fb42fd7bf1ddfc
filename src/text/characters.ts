/** Is this the first half of a surrogate pair? The UTF-16 unit behind it then belongs to the same character. */
export function isHighSurrogate(code: number): boolean {
  return (code & 0xfc00) === 0xd800
}

/** Is this white space in JSON? */
export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9
}

/** Index behind the white space at `from`. */
export function spaceEnd(text: string, from: number): number {
  let i = from
  while (i < text.length && isSpace(text.charCodeAt(i))) i++
  return i
}

/** Is the character at an index white space of any kind, as `trim` defines it? */
export function isBlank(text: string, i: number): boolean {
  const code = text.charCodeAt(i)
  return isSpace(code) || ((code < 0x20 || code > 0x7f) && text.charAt(i).trim() === '')
}

/** Does text begin or end as no name does: with a bracket, a quote or punctuation that models write around names? */
export function isWrapped(text: string): boolean {
  return /^["'([]|["'()[\],:=]$/.test(text)
}
