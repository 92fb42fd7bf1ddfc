/** Where a JSON text stands, outside of its strings: what may come next. */
type Next = 'key' | 'colon' | 'value' | 'comma'

const QUOTE = 34
const BACKSLASH = 92
const UNICODE_DIGITS = 4

/** The arguments of one call on their way to a client that may run what it is given. */
export interface ArgumentText {
  /**
   * What of the text may go out before it is known whether the call is whole: strict JSON without the brace that closes
   * the object. All else is held back.
   */
  push(delta: string): string
  /** The call is whole: what was held back. */
  rest(): string
  /**
   * The call is not: a text that ends the arguments so that they are no JSON, and cannot be made one, and says why. What was
   * held back never goes out.
   */
  spoil(word: string, why?: string): string
}

/**
 * Follows the arguments of one call.
 *
 * A reader of partial JSON closes strings and braces that are open, or goes back to the last value that was whole. So
 * the open token is finished, and a string with an escape that does not exist stands where the next value belongs: what
 * comes before it cannot be had without it. Nothing helps against readers that swallow every error and give what they
 * had so far (`partial-json` does): these must not see the text before the call is whole.
 *
 * @example
 * const text = createArgumentText()
 * text.push('{"path": "/sr') + text.spoil('truncated') // '{"path": "/sr\\u<truncated>"…'
 */
export function createArgumentText(): ArgumentText {
  const open: ('object' | 'list')[] = []
  let next: Next = 'value'
  let place: 'between' | 'string' | 'plain' = 'between'
  let isKey = false
  let pending = 0 // within `\u12`: characters still to come, with the `u`; 5 after the backslash
  let passes = true // false behind the closing brace, and from the first character that is no JSON
  let held = ''

  function endValue(): void {
    place = 'between'
    next = 'comma'
  }
  function inString(code: number): void {
    if (pending > UNICODE_DIGITS) pending = code === 117 ? UNICODE_DIGITS : 0
    else if (pending > 0) pending--
    else if (code === BACKSLASH) pending = UNICODE_DIGITS + 1
    else if (code === QUOTE && isKey) {
      place = 'between'
      next = 'colon'
    } else if (code === QUOTE) endValue()
  }
  /** Takes a character outside of a string; false where it is none that may go out. */
  function takes(char: string): boolean {
    const inside = open.at(-1)
    switch (char) {
      case ' ':
      case '\n':
      case '\r':
      case '\t':
        return true
      case '"':
        if (inside === undefined || (next !== 'key' && next !== 'value')) return false
        place = 'string'
        isKey = next === 'key'
        return true
      case '{':
      case '[':
        if (next !== 'value' || (inside === undefined && char === '[')) return false
        open.push(char === '{' ? 'object' : 'list')
        next = char === '{' ? 'key' : 'value'
        return true
      case '}':
      case ']':
        if (inside !== (char === '}' ? 'object' : 'list') || open.length === 1) return false
        open.pop()
        endValue()
        return true
      case ':':
        if (next !== 'colon') return false
        next = 'value'
        return true
      case ',':
        if (next !== 'comma') return false
        next = inside === 'object' ? 'key' : 'value'
        return true
      default:
        if (inside === undefined || next !== 'value' || !isPlain(char.charCodeAt(0))) return false
        place = 'plain'
        return true
    }
  }
  /** How far the text may go out. */
  function reach(text: string): number {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (place === 'string') {
        inString(code)
        continue
      }
      if (place === 'plain') {
        if (isPlain(code)) continue
        endValue()
      }
      if (!takes(text.charAt(i))) return i
    }
    return text.length
  }

  return {
    push(delta) {
      const end = passes ? reach(delta) : 0
      if (end === delta.length) return delta
      passes = false
      held += delta.slice(end)
      return delta.slice(0, end)
    },
    rest() {
      const text = held
      held = ''
      return text
    },
    spoil(word, why = '') {
      const bad = `\\u<${word}>`
      // A repair tool may have lost count of the quotes before: behind it stand as many closers as can be open, the ends of
      // all that such a tool reads over (comments, regular expressions), and what is no string, inside quotes and outside.
      return `${spoiltValue(bad)}${'}]'.repeat(open.length + 1)}${bad}\n*/"${bad}"/"${bad}", ${bad}"${why === '' ? '' : ` (${plain(why)})`}`
    },
  }

  /** The end of the open token, and a string that is none where the next value belongs. */
  function spoiltValue(bad: string): string {
    const pair = `"${bad}": "${bad}"`
    if (place === 'string') {
      const behindEscape = pending > UNICODE_DIGITS ? bad.slice(1) : pending > 0 ? bad.slice(2) : bad
      return isKey ? `${behindEscape}": "${bad}"` : `${behindEscape}"`
    }
    if (place === 'plain' || next === 'comma') return open.at(-1) === 'object' ? `, ${pair}` : `, "${bad}"`
    return next === 'key' ? pair : `${next === 'colon' ? ': ' : ''}"${bad}"`
  }
}

/** A sentence without what JSON could take for anything. */
function plain(why: string): string {
  return why.replace(/["\\{}[\]:,\n\r]/g, ' ')
}

/** Numbers, and the words `true`, `false` and `null`. */
function isPlain(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 97 && code <= 122) ||
    code === 43 ||
    code === 45 ||
    code === 46 ||
    code === 69
  )
}
