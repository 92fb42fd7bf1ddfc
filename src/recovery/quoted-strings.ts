const LITERALS = new Set(['true', 'false', 'null', 'True', 'False', 'None'])
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '/': '/',
  "'": "'",
  '"': '"',
  '\\': '\\',
}

/**
 * The strings and keys of damaged JSON, in order. Undefined where there are words outside quotes that are no literal,
 * number or key (prose, arithmetic, placeholders), or a quote that is never closed: what stands there is anybody's guess.
 * @example quotedStrings("{a: 'b', \"c\": [1 2]}") // ['a', 'b', 'c']
 */
export function quotedStrings(text: string): string[] | undefined {
  const strings: string[] = []
  let word = ''
  for (let i = 0; i <= text.length; i++) {
    const character = text[i] ?? ' '
    if (/[\w.+-]/.test(character)) {
      word += character
      continue
    }
    if (word !== '' && character === ':') strings.push(word)
    else if (word !== '' && !LITERALS.has(word) && Number.isNaN(Number(word))) return undefined
    word = ''
    if (character === '"' || character === "'") {
      const end = stringEnd(text, i)
      if (end < 0) return undefined
      strings.push(unescaped(text.slice(i + 1, end)))
      i = end
    } else if (!' \t\r\n{}[],:'.includes(character)) return undefined
  }
  return strings
}

/**
 * Does text behind the arguments of a call leave a string open, in double quotes or the delimiters of its format? Then they were
 * closed too early, and what follows is data of the call.
 * @example leavesStringOpen(', "content": "See:') // true
 */
export function leavesStringOpen(text: string, delimiter?: string): boolean {
  let isOpen = false
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === '"') isOpen = !isOpen
  }
  return isOpen || (delimiter !== undefined && text.split(delimiter).length % 2 === 0)
}

/** Index of the quote that closes the one at `from`, or -1. */
function stringEnd(text: string, from: number): number {
  const quote = text[from]
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === quote) return i
  }
  return -1
}

/** As JSON reads it; a backslash before anything else stays. */
function unescaped(text: string): string {
  let out = ''
  let from = 0
  for (let i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', from)) {
    const next = text[i + 1] ?? ''
    const hex = text.slice(i + 2, i + 6)
    const isUnicode = next === 'u' && /^[\da-f]{4}$/i.test(hex)
    const plain = isUnicode ? String.fromCharCode(Number.parseInt(hex, 16)) : (ESCAPES[next] ?? `\\${next}`)
    out += text.slice(from, i) + plain
    from = i + (isUnicode ? 6 : 1 + next.length)
  }
  return out + text.slice(from)
}

/** The keys and strings of a JSON value. Its depth is bounded by whoever calls. */
export function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(stringsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => [key, ...stringsIn(member)])
}
