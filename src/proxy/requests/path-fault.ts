/** So often can a path be escaped on top of its escapes before nobody means well by it. */
const ROUNDS = 4

/**
 * What is wrong with the path of a request, or undefined. A path goes to the upstream byte for byte, and there or on the
 * way somebody may read it in other ways than this proxy: undo escapes once or twice, take a backslash for a slash, drop
 * what follows a semicolon, fold wide dots. So a path is refused if it would go up, or hide a part of itself, in any of
 * these readings. An escaped slash alone is fine: names of models have one.
 *
 * @example pathFault('/v1/models/Qwen%2FQwen3-8B?a=..') // undefined
 * @example pathFault('/v1/%2e%2e/admin') // 'a segment of dots, which leads outside'
 */
export function pathFault(target: string): string | undefined {
  if (!target.startsWith('/')) return 'no path: this is not a forward proxy; set its address as the client’s base URL'
  if (hasControl(target) || /[ #]/.test(target)) return 'a control character, a blank or #'
  let path = target.split('?', 1)[0] ?? ''
  if (/%(?![0-9a-f]{2})/i.test(path)) return 'a % that is not an escape'
  for (let round = 0; round <= ROUNDS; round++) {
    const fault = faultOf(path)
    if (fault !== undefined) return fault
    const plain = unescaped(path)
    if (plain === undefined) return 'escapes that are not UTF-8'
    if (plain === path) return undefined
    path = plain
  }
  return 'escapes of escapes of escapes'
}

function faultOf(path: string): string | undefined {
  if (path.includes('\\')) return 'a backslash'
  if (hasControl(path)) return 'a control character'
  if (path.includes('//')) return 'an empty segment (//); does the base URL of the client end in a slash?'
  for (const segment of path.split('/')) {
    // `..;x` is `..` to servers that take the rest for parameters; `．．` is `..` to those that fold wide characters.
    const pieces = segment.normalize('NFKC').split(/[;/\\]/)
    if (pieces.some((piece) => /^\.{1,2}$/.test(piece.trim()))) return 'a segment of dots, which leads outside'
  }
  return undefined
}

/** One reading of the escapes. What is none stays, since a `%25` may have been a percent sign. */
function unescaped(path: string): string | undefined {
  const wide = path.replace(/%u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
  const strays = wide.replace(/%(?![0-9a-f]{2})/gi, '%25')
  try {
    return decodeURIComponent(strays)
  } catch {
    return undefined
  }
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}
