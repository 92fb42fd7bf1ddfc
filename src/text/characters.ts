/** The first half of a pair of UTF-16 units that make one character: what follows it belongs to it. */
export function isHighSurrogate(code: number): boolean {
  return (code & 0xfc00) === 0xd800
}

/** White space of JSON. */
export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9
}
