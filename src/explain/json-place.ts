/** The first place where a text is not JSON, and what was expected there. Lines and columns count from 1. */
export interface JsonFault {
  readonly line: number
  readonly column: number
  readonly message: string
}

/**
 * Finds the first place where a text is not JSON; undefined if it is JSON. `JSON.parse` names the place of some errors
 * only, and words them differently in each version.
 * @example findJsonFault('{"a": x}') // { line: 1, column: 7, message: 'expected a value, got x' }
 */
export function findJsonFault(text: string): JsonFault | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch {
    const { at, expected } = new Check(text).run()
    return { ...placesIn(text)(at), message: `expected ${expected}, got ${whatStands(text, at)}` }
  }
}

/**
 * Makes a function that converts offsets of a text to line and column (from 1, in UTF-16 units).
 * @example placesIn('a\nbc')(3) // { line: 2, column: 2 }
 */
export function placesIn(text: string): (offset: number) => { line: number; column: number } {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let line = 0
    for (let beyond = starts.length; beyond - line > 1; ) {
      const middle = (line + beyond) >>> 1
      if ((starts[middle] ?? 0) <= offset) line = middle
      else beyond = middle
    }
    return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  }
}

function whatStands(text: string, at: number): string {
  if (at >= text.length) return 'the end'
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
  if (character === '\n') return 'a line break'
  if (character === "'") return "' (JSON takes double quotes)"
  if (text.startsWith('//', at) || text.startsWith('/*', at)) return 'a comment (JSON has none)'
  return character
}

interface Fault {
  at: number
  expected: string
}

const LITERALS = ['true', 'false', 'null']
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y

/** What was found: an error, what the next value has to be, or (undefined) the end of a value. */
type Step = Fault | string | undefined

/** A JSON reader that keeps the open brackets in a list instead of recursing, so that any depth is fine. */
class Check {
  private at = 0
  private readonly open: ('{' | '[')[] = []

  constructor(private readonly text: string) {}

  run(): Fault {
    let step: Step = 'a value'
    for (;;) {
      if (typeof step === 'object') return step
      step = typeof step === 'string' ? this.value(step) : this.behindValue()
    }
  }

  /** Reads a value, or the opening of one. */
  private value(expected: string): Step {
    this.space()
    const { text, at } = this
    const next = text[at]
    if (next === '"') return this.string()
    if (next === '{' || next === '[') {
      this.at++
      this.open.push(next)
      this.space()
      if (text[this.at] === (next === '{' ? '}' : ']')) return undefined
      return next === '{' ? this.key('a key in double quotes or }') : 'a value or ]'
    }
    const literal = LITERALS.find((word) => text.startsWith(word, at))
    NUMBER.lastIndex = at
    const length = literal?.length ?? NUMBER.exec(text)?.[0].length
    if (length === undefined) return { at, expected }
    this.at += length
    return undefined
  }

  /** Reads the bracket or the comma behind a value. */
  private behindValue(): Step {
    this.space()
    const bracket = this.open.at(-1)
    if (bracket === undefined) {
      return { at: this.at, expected: this.at < this.text.length ? 'nothing after the value' : 'JSON' }
    }
    const close = bracket === '{' ? '}' : ']'
    const next = this.text[this.at]
    if (next === close) {
      this.at++
      this.open.pop()
      return undefined
    }
    if (next !== ',') return { at: this.at, expected: `, or ${close}` }
    this.at++
    return bracket === '{' ? this.key('a key in double quotes') : 'a value'
  }

  private key(expected: string): Step {
    this.space()
    if (this.text[this.at] !== '"') return { at: this.at, expected }
    const fault = this.string()
    if (fault !== undefined) return fault
    this.space()
    if (this.text[this.at] !== ':') return { at: this.at, expected: 'a colon after the key' }
    this.at++
    return 'a value'
  }

  private string(): Fault | undefined {
    const { text } = this
    for (let at = this.at + 1; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (code === 0x22) {
        this.at = at + 1
        return undefined
      }
      if (code < 0x20) return { at, expected: 'the closing quote of the string on the same line' }
      if (code === 0x5c) {
        const escaped = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(at + 1, at + 6))
        if (escaped === null)
          return { at: at + 1, expected: 'an escape such as \\n, \\" or \\u00e9 after the backslash' }
        at += escaped[0].length
      }
    }
    return { at: text.length, expected: 'a closing quote' }
  }

  private space(): void {
    while (this.at < this.text.length && ' \t\n\r'.includes(this.text.charAt(this.at))) this.at++
  }
}
