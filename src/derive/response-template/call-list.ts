import { fault } from './fault.js'
import type { Value } from './value.js'

const SPACE = ' \t\n\r'
const CONSTANTS: Readonly<Record<string, string>> = {
  True: 'true',
  true: 'true',
  False: 'false',
  false: 'false',
  None: 'null',
  null: 'null',
}
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '\\': '\\', "'": "'", '"': '"', '/': '/' },
  ...{ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' },
}
const DEEPEST = 100

/**
 * Reads a list of calls in the strict grammar of response templates: keyword arguments only, no trailing comma.
 * @example readCallList("[f(city='Oslo')]") // [{ name: 'f', arguments: { city: 'Oslo' } }]
 */
export function readCallList(text: string): Value {
  return new CallList(text).read()
}

class CallList {
  private at = 0

  constructor(private readonly text: string) {}

  read(): Value {
    this.expect('[')
    const items = this.items(']', () => this.call())
    this.skip()
    if (this.at < this.text.length) this.fail('the end')
    return { items }
  }

  private fail(expected: string): never {
    return fault(
      `expected ${expected} in the list of calls, found ${JSON.stringify(this.text.slice(this.at, this.at + 20))}`,
    )
  }

  private skip(): void {
    while (this.at < this.text.length && SPACE.includes(this.text.charAt(this.at))) this.at++
  }

  private stands(character: string): boolean {
    this.skip()
    return this.text.charAt(this.at) === character
  }

  private expect(character: string): void {
    if (!this.stands(character)) this.fail(`"${character}"`)
    this.at++
  }

  /** What stands between commas, up to a closer. */
  private items<T>(closer: string, item: () => T): T[] {
    const items: T[] = []
    if (!this.stands(closer)) {
      do items.push(item())
      while (this.stands(',') && this.at++ >= 0)
    }
    this.expect(closer)
    return items
  }

  private call(): Value {
    const name = this.name('the name of a tool')
    this.expect('(')
    const args = this.members(')', '=', () => this.name('a keyword'), 0)
    return {
      members: new Map([
        ['name', { text: name }],
        ['arguments', args],
      ]),
    }
  }

  private members(closer: string, separator: string, key: () => string, depth: number): Value {
    const members = new Map<string, Value>()
    this.items(closer, () => {
      const name = key()
      if (members.has(name)) this.fail(`no second "${name}"`)
      this.expect(separator)
      members.set(name, this.value(depth))
    })
    return { members }
  }

  private name(what: string): string {
    this.skip()
    const from = this.at
    while (this.at < this.text.length && isNamed(this.text.charAt(this.at))) this.at++
    const name = this.text.slice(from, this.at)
    if (!/^[A-Za-z_]/.test(name) || /[-.](?:[-.]|$)/.test(name)) this.fail(what)
    return name
  }

  private value(depth: number): Value {
    this.skip()
    const { text, at } = this
    const character = text.charAt(at)
    if (character === '"' || character === "'") return { json: JSON.stringify(this.string(character)) }
    if (character === '[' || character === '{') {
      if (depth >= DEEPEST) this.fail(`at most ${DEEPEST} lists and objects in one another`)
      this.at++
      if (character === '{') return this.members('}', ':', () => this.key(), depth + 1)
      return { items: this.items(']', () => this.value(depth + 1)) }
    }
    while (this.at < text.length && isNamed(text.charAt(this.at), '+')) this.at++
    const word = text.slice(at, this.at)
    const json = CONSTANTS[word] ?? numberOf(word)
    if (json === undefined) {
      this.at = at
      this.fail('a value')
    }
    return { json }
  }

  private key(): string {
    this.skip()
    const quote = this.text.charAt(this.at)
    return quote === '"' || quote === "'" ? this.string(quote) : this.fail('a key in quotes')
  }

  /** A string, at its opening quote. */
  private string(quote: string): string {
    const { text } = this
    let read = ''
    this.at++
    for (;;) {
      const character = text.charAt(this.at)
      if (character === '' || character === '\n' || character === '\r') this.fail('the end of a string')
      this.at++
      if (character === quote) break
      read += character === '\\' ? this.escape() : character
    }
    return /\p{Surrogate}/u.test(read) ? this.fail('no half of a character in a string') : read
  }

  private escape(): string {
    const letter = this.text.charAt(this.at++)
    const found = ESCAPES[letter]
    if (found !== undefined) return found
    const hex = this.text.slice(this.at, this.at + 4)
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex)) this.fail('an escape that JSON has')
    this.at += 4
    return String.fromCharCode(Number.parseInt(hex, 16))
  }
}

function isNamed(character: string, others = ''): boolean {
  return /[A-Za-z0-9_.-]/.test(character) || (character !== '' && others.includes(character))
}

/** A number as JSON has it, within what a double holds. */
function numberOf(word: string): string | undefined {
  if (!/^-?\d/.test(word) || word.length > 400) return undefined
  try {
    const number: unknown = JSON.parse(word)
    const isWhole = !/[.eE]/.test(word)
    if (typeof number !== 'number' || !Number.isFinite(number)) return undefined
    return isWhole && !Number.isSafeInteger(number) ? undefined : word
  } catch {
    return undefined
  }
}
