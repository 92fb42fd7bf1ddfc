/** The text as the inside of a JSON string. */
export function insideJson(text: string): string {
  return (text.length < 48 ? escaped(text) : undefined) ?? JSON.stringify(text).slice(1, -1)
}

/** Does a character stand for itself in a JSON string? Half a surrogate pair does not, and no half says that it is one. */
export function isPlain(code: number): boolean {
  return code >= 0x20 && code !== 0x22 && code !== 0x5c && (code & 0xf800) !== 0xd800
}

/**
 * The same for a short text that needs only the common escapes, as nearly all chunks do; undefined for others. Four times
 * as fast as `JSON.stringify`.
 */
function escaped(text: string): string | undefined {
  let out = ''
  let from = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (isPlain(code)) continue
    const sequence = code === 0x0a ? '\\n' : code === 0x22 ? '\\"' : code === 0x5c ? '\\\\' : undefined
    if (sequence === undefined) return undefined
    out += text.slice(from, i) + sequence
    from = i + 1
  }
  return from === 0 ? text : out + text.slice(from)
}
