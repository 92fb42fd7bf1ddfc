import type { Cursor } from '../cursor.js'

/** Where a value's JSON text goes, piece by piece. Offsets are those of the source that the piece was read from. */
export interface JsonSink {
  json(text: string, from: number, to: number): void
  repair(kind: string, from: number, to: number, before: string, after: string): void
  bigInteger(from: number, to: number): void
}

/** What the reader expects next. */
const VALUE = 0
const VALUE_OR_CLOSE = 1
const KEY = 2
const KEY_OR_CLOSE = 3
const COLON = 4
const COMMA_OR_CLOSE = 5
const STRING = 6
const TOKEN = 7
const DONE = 8
const BAD = 9
type State = typeof VALUE | typeof VALUE_OR_CLOSE | typeof KEY | typeof KEY_OR_CLOSE | typeof COLON | typeof COMMA_OR_CLOSE | typeof STRING | typeof TOKEN | typeof DONE | typeof BAD

/** By state. */
const EXPECTED = ['a value', 'a value or `]`', 'a key', 'a key or `}`', '`:`', '`,` or a closing bracket', 'more of the string', 'a value']

const OBJECT = 0x7d // the code of its closer: }
const ARRAY = 0x5d // ]
const TUPLE = 0x29 // ), of Python

const QUOTE = 0x22
const APOSTROPHE = 0x27
const BACKSLASH = 0x5c

/** Where a value may be taken up: at its start, or inside an object whose reader found that it is plain data. */
export type JsonStart = 'value' | 'key' | 'after-key' | 'after-value'

const STARTS = { value: VALUE, key: KEY, 'after-key': COLON, 'after-value': COMMA_OR_CLOSE } as const

/**
 * Reads one JSON value from a cursor and hands its text on while it comes: strict JSON as slices of the source, and what
 * models write instead (Python quotes and literals, raw control characters, trailing commas, ...) rewritten as it goes by,
 * each listed as a repair. It ends by the value's own grammar: what stands inside a string is data.
 *
 * `scan` reads what is there and returns true when the value is done (`done`), cannot be read on (`bad`), or the text is
 * over. It holds back only what it cannot decide yet: an escape, a number, a comma.
 */
export class JsonValue {
  private state: State = VALUE
  private readonly stack: number[] = []
  private sink!: JsonSink
  private quote = QUOTE
  private inKey = false
  /** A number or word whose end has not come yet, and the offset where it began. */
  private token = ''
  private tokenFrom = 0
  /** A comma and the space behind it: written once something follows, left out before a closer. */
  private gap = ''
  private gapFrom = 0
  /** Scan-local: rewritten text, and the index in the window that what is still to write begins at. */
  private out = ''
  private from = 0
  /** Offset up to which the sink has everything. */
  private writtenTo = 0
  private previous = 0
  /** Words and operators where a value should be: no repair can know what they mean. */
  hopeless = false

  constructor(
    private readonly cursor: Cursor,
    private readonly lenient: boolean,
    private readonly depthLimit: number,
  ) {}

  begin(sink: JsonSink, start: JsonStart = 'value', closers: readonly number[] = []): this {
    this.sink = sink
    this.stack.length = 0
    for (const closer of closers) this.stack.push(closer)
    this.state = STARTS[start]
    this.token = ''
    this.gap = ''
    this.inKey = false
    this.hopeless = false
    this.writtenTo = this.cursor.offset
    return this
  }

  /** How many containers are open. */
  get depth(): number {
    return this.stack.length
  }

  get done(): boolean {
    return this.state === DONE
  }

  get bad(): boolean {
    return this.state === BAD
  }

  /** What should have stood where reading stopped, for messages. */
  get expected(): string {
    return EXPECTED[this.resume] as string
  }

  /** True when only closers are missing: the value could end here. */
  get closable(): boolean {
    return this.resume === COMMA_OR_CLOSE || this.resume === VALUE_OR_CLOSE || this.resume === KEY_OR_CLOSE || this.gap !== ''
  }
  private resume: State = VALUE

  /** Writes the closers that are missing, at the place where the cursor stands. For a span whose end is known. */
  close(): void {
    const at = this.cursor.offset
    let closers = ''
    while (this.stack.length > 0) closers += this.stack.pop() === OBJECT ? '}' : ']'
    if (this.gap !== '') this.sink.repair('trailing-comma', this.gapFrom, this.gapFrom + 1, ',', '')
    this.gap = ''
    this.sink.repair('missing-closer', at, at, '', closers)
    this.sink.json(closers, at, at)
    this.state = DONE
  }

  scan(): boolean {
    const { cursor } = this
    const text = cursor.window
    const n = text.length
    const start = cursor.at
    let i = start
    this.from = i
    this.out = ''
    while (i < n && this.state < DONE) {
      if (this.state === STRING) i = this.string(text, i, n)
      else if (this.state === TOKEN) i = this.word(text, i, n)
      else i = this.structure(text, i)
      if (i < 0) {
        // Held back: the rest of the window is needed again.
        i = ~i
        break
      }
    }
    if (cursor.ended && i === n && this.state === TOKEN) this.finishToken(i)
    this.flush(text, i)
    cursor.at = i
    return this.state >= DONE || cursor.ended
  }

  /** Hands on what was read in this scan, in one piece. */
  private flush(text: string, i: number): void {
    const held = this.gap !== '' ? this.gapFrom : this.token !== '' ? this.tokenFrom : -1
    const end = held >= 0 ? this.from : i
    const piece = this.out === '' ? text.slice(this.from, end) : this.out + text.slice(this.from, end)
    const to = held >= 0 ? held : this.cursor.base + i
    if (piece === '') return
    this.sink.json(piece, this.writtenTo, to)
    this.writtenTo = to
  }

  private replace(text: string, i: number, length: number, kind: string, after: string): void {
    const at = this.cursor.base + i
    this.sink.repair(kind, at, at + length, text.slice(i, i + length), after)
    this.out += text.slice(this.from, i) + after
    this.from = i + length
  }

  private fail(hopeless: boolean): void {
    this.resume = this.state
    this.hopeless = hopeless
    this.state = BAD
  }

  /** One step outside strings and words. Returns the next index, or the complement of it to hold back. */
  private structure(text: string, i: number): number {
    const code = text.charCodeAt(i)
    if (code === 32 || code === 10 || code === 13 || code === 9) {
      if (this.gap !== '') this.gap += text[i]
      return i + 1
    }
    if (this.gap !== '' && !this.endGap(code, i)) return ~i
    switch (this.state) {
      case VALUE_OR_CLOSE:
      case KEY_OR_CLOSE:
      case COMMA_OR_CLOSE:
        if (code === OBJECT || code === ARRAY || code === TUPLE) return this.closer(text, i, code)
    }
    switch (this.state) {
      case VALUE:
      case VALUE_OR_CLOSE:
        return this.value(text, i, code)
      case KEY:
      case KEY_OR_CLOSE:
        return this.key(text, i, code)
      case COLON:
        if (code === 0x3a) {
          this.state = VALUE
          return i + 1
        }
        this.fail(true)
        return ~i
      default:
        return this.comma(text, i, code)
    }
  }

  private value(text: string, i: number, code: number): number {
    if (code === QUOTE || (code === APOSTROPHE && this.lenient)) {
      this.state = STRING
      this.inKey = false
      this.openString(text, i, code)
      return i + 1
    }
    if (code === 0x7b || code === 0x5b || (code === 0x28 && this.lenient)) {
      if (this.stack.length >= this.depthLimit) {
        this.fail(false)
        return ~i
      }
      if (code === 0x28) this.replace(text, i, 1, 'python-tuple', '[')
      this.stack.push(code === 0x7b ? OBJECT : code === 0x5b ? ARRAY : TUPLE)
      this.state = code === 0x7b ? KEY_OR_CLOSE : VALUE_OR_CLOSE
      return i + 1
    }
    if (isWordCode(code)) {
      this.inKey = false
      return this.openToken(text, i)
    }
    this.fail(code !== 0x2c && code !== OBJECT && code !== ARRAY && code !== 0x3c)
    return ~i
  }

  private key(text: string, i: number, code: number): number {
    if (code === QUOTE || (code === APOSTROPHE && this.lenient)) {
      this.state = STRING
      this.inKey = true
      this.openString(text, i, code)
      return i + 1
    }
    if (this.lenient && isWordCode(code)) {
      this.inKey = true
      return this.openToken(text, i)
    }
    this.fail(false)
    return ~i
  }

  private comma(text: string, i: number, code: number): number {
    const top = this.stack[this.stack.length - 1]
    if (code === 0x2c) {
      this.state = top === OBJECT ? KEY : VALUE
      if (startsSomething(text, i + 1)) return i + 1
      // `from` stays before the comma, which waits in `gap` until it is known to separate two things.
      this.out += text.slice(this.from, i)
      this.from = i + 1
      this.gap = ','
      this.gapFrom = this.cursor.base + i
      return i + 1
    }
    if (this.lenient && top === OBJECT && (code === QUOTE || code === APOSTROPHE)) {
      this.replace(text, i, 0, 'missing-comma', ',')
      this.state = KEY
      return i
    }
    this.fail(isWordCode(code) || isOperator(code))
    return ~i
  }

  /** What follows a comma and its space decides whether they are written. */
  private endGap(code: number, i: number): boolean {
    if (this.lenient && (code === OBJECT || code === ARRAY || code === TUPLE)) {
      this.sink.repair('trailing-comma', this.gapFrom, this.gapFrom + 1, ',', '')
      this.out += this.gap.slice(1)
      this.state = COMMA_OR_CLOSE
    } else if (isStart(code)) {
      this.out += this.gap
    } else {
      this.fail(false)
      return false
    }
    this.from = i
    this.gap = ''
    return true
  }

  private closer(text: string, i: number, code: number): number {
    const { stack } = this
    const top = stack[stack.length - 1]
    if (code !== top) {
      if (!this.lenient || stack[stack.length - 2] !== code) {
        this.fail(false)
        return ~i
      }
      this.replace(text, i, 0, 'missing-closer', top === OBJECT ? '}' : ']')
      stack.pop()
    }
    if (code === TUPLE) this.replace(text, i, 1, 'python-tuple', ']')
    stack.pop()
    this.state = stack.length === 0 ? DONE : COMMA_OR_CLOSE
    return i + 1
  }

  private openString(text: string, i: number, code: number): void {
    this.quote = code
    this.previous = 0
    if (code === APOSTROPHE) this.replace(text, i, 1, 'python-quotes', '"')
  }

  /** Inside a string: to its end, an escape or something that JSON does not allow there. */
  private string(text: string, i: number, n: number): number {
    const { quote } = this
    for (let at = i; at < n; at++) {
      const code = text.charCodeAt(at)
      if (code === quote) return this.closeString(text, at, n)
      if (code === BACKSLASH) {
        const next = this.escape(text, at, n)
        if (next < 0) return next
        at = next - 1
      } else if (code < 32) {
        if (!this.lenient) {
          this.fail(false)
          return ~at
        }
        this.replace(text, at, 1, 'control-character', controlEscape(code))
      } else if (code === QUOTE) {
        this.replace(text, at, 1, 'python-quotes', '\\"')
      }
    }
    // A surrogate pair that the chunk's end cuts stays together.
    if ((text.charCodeAt(n - 1) & 0xfc00) === 0xd800 && !this.cursor.ended && n - 1 >= i) return ~(n - 1)
    return n
  }

  private closeString(text: string, at: number, n: number): number {
    if (this.lenient && this.previous === BACKSLASH && text[at - 1] === '\\' && this.quote === QUOTE) {
      const legal = this.legalAfterString(text, at + 1, n)
      if (legal === undefined) return ~(at - 2)
      if (!legal) {
        // `\\"` where `\"` was meant: the string goes on. "say \\"hi\\" now"
        this.replace(text, at - 2, 3, 'doubled-escape', '\\"')
        this.previous = 0
        return at + 1
      }
    }
    if (this.quote === APOSTROPHE) this.replace(text, at, 1, 'python-quotes', '"')
    this.state = this.inKey ? COLON : this.stack.length === 0 ? DONE : COMMA_OR_CLOSE
    return at + 1
  }

  private legalAfterString(text: string, from: number, n: number): boolean | undefined {
    const limit = Math.min(n, from + 32)
    for (let i = from; i < limit; i++) {
      const code = text.charCodeAt(i)
      if (code === 32 || code === 10 || code === 13 || code === 9) continue
      return code === 0x2c || code === OBJECT || code === ARRAY || code === 0x3a || code === 0x3c || code === TUPLE
    }
    return n - from >= 32 || this.cursor.ended ? true : undefined
  }

  /** A backslash and what it escapes. Returns the index behind it, or the complement of the place to hold back. */
  private escape(text: string, at: number, n: number): number {
    if (at + 1 >= n) return this.cursor.ended ? n : ~at
    const code = text.charCodeAt(at + 1)
    // For a quote that follows `\\`, remember that the escape was a backslash, and only directly before it.
    this.previous = 0
    switch (code) {
      case BACKSLASH:
        // `\\"`: keep the three together, so that a doubled escape can still be told from the end of the string.
        if (at + 2 >= n && !this.cursor.ended && this.lenient && this.quote === QUOTE) return ~at
        if (text.charCodeAt(at + 2) === QUOTE) this.previous = BACKSLASH
        return at + 2
      case QUOTE:
      case 0x2f:
      case 0x62:
      case 0x66:
      case 0x6e:
      case 0x72:
      case 0x74:
        return at + 2
      case 0x75:
        return this.unicodeEscape(text, at, n)
    }
    if (!this.lenient) {
      this.fail(false)
      return ~at
    }
    return this.oddEscape(text, at, n, code)
  }

  private unicodeEscape(text: string, at: number, n: number): number {
    for (let i = at + 2; i < at + 6; i++) {
      if (i >= n) return this.cursor.ended ? n : ~at
      if (!isHex(text.charCodeAt(i))) {
        if (!this.lenient) {
          this.fail(false)
          return ~at
        }
        this.replace(text, at, 1, 'invalid-escape', '\\\\')
        return at + 1
      }
    }
    return at + 6
  }

  /** Escapes that JSON does not know. */
  private oddEscape(text: string, at: number, n: number, code: number): number {
    if (code === 0x5f) {
      // Markdown: get\_weather
      this.replace(text, at, 2, 'escaped-underscore', '_')
      return at + 2
    }
    if (code === APOSTROPHE) {
      this.replace(text, at, 2, this.quote === APOSTROPHE ? 'python-quotes' : 'invalid-escape', "'")
      return at + 2
    }
    if (this.quote === APOSTROPHE && code === 0x78) {
      if (at + 4 > n) return this.cursor.ended ? n : ~at
      if (isHex(text.charCodeAt(at + 2)) && isHex(text.charCodeAt(at + 3))) {
        this.replace(text, at, 4, 'python-quotes', `\\u00${text.slice(at + 2, at + 4)}`)
        return at + 4
      }
    }
    this.replace(text, at, 1, 'invalid-escape', '\\\\')
    return at + 1
  }

  private openToken(text: string, i: number): number {
    const end = wordEnd(text, i)
    if (end < text.length && !this.inKey && this.isLiteral(text.slice(i, end), i, end)) {
      this.state = this.stack.length === 0 ? DONE : COMMA_OR_CLOSE
      return end
    }
    this.out += text.slice(this.from, i)
    this.from = i
    this.token = ''
    this.tokenFrom = this.cursor.base + i
    this.resume = this.state
    this.state = TOKEN
    return i
  }

  private word(text: string, i: number, n: number): number {
    const at = wordEnd(text, i)
    this.token += text.slice(i, at)
    this.from = at
    if (at < n) this.finishToken(at)
    return this.state === BAD ? ~at : at
  }

  private finishToken(at: number): void {
    const { token, cursor } = this
    this.state = this.resume
    const to = cursor.base + at
    if (this.inKey) {
      this.rewriteToken('unquoted-key', to, JSON.stringify(token))
      this.token = ''
      this.state = COLON
      return
    }
    if (this.isLiteral(token, at - token.length, at)) {
      this.out += token
    } else {
      const python = token === 'True' ? 'true' : token === 'False' ? 'false' : token === 'None' ? 'null' : undefined
      if (python === undefined || !this.lenient) {
        this.fail(true)
        return
      }
      this.rewriteToken('python-literal', to, python)
    }
    this.from = at
    this.token = ''
    this.state = this.stack.length === 0 ? DONE : COMMA_OR_CLOSE
  }

  private isLiteral(token: string, from: number, to: number): boolean {
    if (token === 'true' || token === 'false' || token === 'null') return true
    if (!isJsonNumber(token)) return false
    if (token.length > 15 && isUnsafeInteger(token)) this.sink.bigInteger(this.cursor.base + from, this.cursor.base + to)
    return true
  }

  private rewriteToken(kind: string, to: number, after: string): void {
    this.sink.repair(kind, this.tokenFrom, to, this.token, after)
    this.out += after
  }
}

function isWordCode(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x2d ||
    code === 0x2b ||
    code === 0x2e ||
    code === 0x5f ||
    code === 0x24
  )
}

function wordEnd(text: string, from: number): number {
  let i = from
  while (i < text.length && isWordCode(text.charCodeAt(i))) i++
  return i
}

/** Can a key or a value begin with this character? */
function isStart(code: number): boolean {
  return code === QUOTE || code === APOSTROPHE || code === 0x7b || code === 0x5b || code === 0x28 || isWordCode(code)
}

/** Does a key or a value stand behind the space at `from`, as far as can be seen? */
function startsSomething(text: string, from: number): boolean {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return isStart(code)
  }
  return false
}

function isOperator(code: number): boolean {
  return code === 0x2f || code === 0x2a || code === 0x25 || code === 0x28 || code === 0x5e || code === 0x60
}

function isHex(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66)
}

function controlEscape(code: number): string {
  if (code === 10) return '\\n'
  if (code === 13) return '\\r'
  if (code === 9) return '\\t'
  return `\\u${code.toString(16).padStart(4, '0')}`
}

/** Is this the whole text of a JSON number that is finite? `-0`, `1e21`; not `007`, `.5`, `1e999`. */
export function isJsonNumber(text: string): boolean {
  let i = text.charCodeAt(0) === 0x2d ? 1 : 0
  const first = text.charCodeAt(i)
  if (!(first >= 0x30 && first <= 0x39)) return false
  i = first === 0x30 ? i + 1 : digitsEnd(text, i)
  if (i < text.length && text.charCodeAt(i) === 0x2e) {
    const end = digitsEnd(text, i + 1)
    if (end === i + 1) return false
    i = end
  }
  if (i < text.length && (text.charCodeAt(i) | 0x20) === 0x65) {
    i++
    const sign = text.charCodeAt(i)
    if (sign === 0x2b || sign === 0x2d) i++
    const end = digitsEnd(text, i)
    if (end === i) return false
    i = end
  }
  return i === text.length && Number.isFinite(Number(text))
}

function digitsEnd(text: string, i: number): number {
  while (i < text.length && text.charCodeAt(i) >= 0x30 && text.charCodeAt(i) <= 0x39) i++
  return i
}

function isUnsafeInteger(number: string): boolean {
  return digitsEnd(number, number.charCodeAt(0) === 0x2d ? 1 : 0) === number.length && !Number.isSafeInteger(Number(number))
}

/** The closers of the containers that a value may be taken up in. */
export const JSON_CLOSERS = { object: OBJECT, array: ARRAY } as const
