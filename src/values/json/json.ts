import type { ParseEvent } from '../../event/event.js'
import { isHighSurrogate, isSpace } from '../../text/characters.js'
import type { Cursor } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import { quote } from '../../text/quote.js'
import type { FastPath } from '../../text/step.js'
import {
  APOSTROPHE,
  ARRAY,
  BACKSLASH,
  closerText,
  controlEscape,
  hexEnd,
  isCloser,
  isOperator,
  isStart,
  isWordCode,
  OBJECT,
  plainEnd,
  QUOTE,
  specialIn,
  startsSomething,
  TUPLE,
  wordEnd,
} from './json-characters.js'
import type { JsonSink } from './json-sink.js'
import {
  BAD,
  COLON,
  COMMA_OR_CLOSE,
  DONE,
  EXPECTED,
  type JsonStart,
  KEY,
  KEY_OR_CLOSE,
  STARTS,
  STRING,
  type State,
  VALUE,
  VALUE_OR_CLOSE,
  WORD,
} from './json-states.js'
import { WholeObjects } from './whole-object.js'

/** By code: 1 if a backslash before it makes an escape of JSON, except for the backslash itself. */
const ESCAPED = /* @__PURE__ */ Uint8Array.from({ length: 128 }, (_, code) =>
  Number('"/bfnrt'.includes(String.fromCharCode(code))),
)

const NO_CLOSERS: readonly number[] = []

/** Strings are first read by a loop, this far, since most end by then. For the rest `PLAIN` is faster. */
const NEAR = 32
/** As much of a word that is no value is shown. */
const LONGEST_SHOWN = 24

/**
 * Reads one JSON value from a cursor and hands its text on as it arrives. Strict JSON goes out as slices of the source;
 * what models write instead (Python quotes and literals, raw control characters, trailing commas, ...) is rewritten, each
 * time as a listed repair. Only the grammar of the value ends it: markers inside strings are data.
 *
 * `scan` reads the text at hand. It returns true once the value is complete (`done`), cannot be read further (`bad`), or
 * the text has ended. It holds back only what the next characters decide: an escape, a number, a comma.
 *
 * One class in one file on purpose: its steps share their state, and V8 inlines them into the loop of `scan`.
 */
export class JsonValue {
  protected state: State = VALUE
  protected readonly stack: number[] = []
  protected sink!: JsonSink
  protected quote = QUOTE
  protected inKey = false
  /** Text that was read but not written yet: a word that may continue, or a comma and the space behind it. */
  protected held = ''
  protected heldFrom = 0
  /** During one `scan`: the rewritten text, and `from`, the index of the text that is to be written behind it. */
  private out = ''
  /** Offset behind the source of `out`. */
  private outTo = 0
  protected from = 0
  /** Offset up to which the sink has everything. */
  private writtenTo = 0
  /** The last escape was a backslash, directly before a quote. */
  private doubled = false
  /** The state in which a word began, or in which reading failed. */
  private resume: State = VALUE
  /** Words or operators stand where a value should be: no repair can know what they mean. */
  hopeless = false
  /** Where a container stands that is nested too deep, or -1. */
  private deepAt = -1
  /** The last closer is not written, so that the caller can add members. */
  private leavesLast = false
  /** The value is a name or a key: a line break in it shows that its quote is missing. Set after `begin`. */
  isName = false
  /** The place of the closer that was not written; empty if it is missing in the text. */
  lastFrom = 0
  lastTo = 0
  /** How many keys were read. */
  keys = 0
  /** Nothing was read since it began. */
  protected fresh = false
  private wholes: WholeObjects | undefined

  constructor(
    protected readonly cursor: Cursor,
    protected readonly lenient: boolean,
    private readonly depthLimit: number,
    /** Called where the limit is reached. */
    private readonly tooDeep?: (at: number) => void,
    /** Markers that look like the beginning of a list: `[TOOL_CALLS]`. In the place of a value they end it. */
    private readonly brackets?: Matcher<unknown>,
    /** Python's spelling is the format's own, and no repair. */
    private readonly isPython = false,
  ) {}

  /** `last`: whether the last closer of an object is `written`, or `left` for the caller to write. */
  begin(
    sink: JsonSink,
    start: JsonStart = 'value',
    closers: readonly number[] = NO_CLOSERS,
    last: 'written' | 'left' = 'written',
  ): this {
    this.sink = sink
    this.leavesLast = last === 'left'
    this.keys = 0
    this.isName = false
    // Setting the length is slower than removing the few elements that are left.
    while (this.stack.length > 0) this.stack.pop()
    for (const closer of closers) this.stack.push(closer)
    this.state = STARTS[start]
    this.held = ''
    this.fresh = this.stack.length === 0
    this.inKey = this.hopeless = false
    this.writtenTo = this.cursor.offset
    return this
  }

  /** Does a character begin an object? */
  opens(code: number): boolean {
    return code === 0x7b
  }

  /** How many containers are open. */
  get depth(): number {
    return this.stack.length
  }

  /** Their closers, from the outside in. */
  get closers(): readonly number[] {
    return this.stack
  }

  get done(): boolean {
    return this.state === DONE
  }

  get bad(): boolean {
    return this.state === BAD
  }

  /** What was expected where reading stopped, for messages. */
  get expected(): string {
    const expected = EXPECTED[this.resume] as string
    const isWord = this.bad && !this.inKey && isWordCode(this.held.charCodeAt(0))
    return isWord ? `${expected} (${quote(this.held.slice(0, LONGEST_SHOWN))} is none in JSON)` : expected
  }

  /** True when only closers are missing: the value could end here. Behind a comma or an opener, more of it was to come. */
  get closable(): boolean {
    return (this.resume === COMMA_OR_CLOSE || this.resume === WORD) && !this.held.startsWith(',')
  }

  /** Writes the missing closers at the cursor, where the caller knows that the value ends. */
  close(): void {
    const at = this.cursor.offset
    let closers = ''
    while (this.stack.length > 0) closers += closerText(this.stack.pop())
    this.held = ''
    this.sink.repair('missing-closer', at, at, '', closers)
    this.sink.json(this.leavesLast ? closers.slice(0, -1) : closers, at, at)
    this.lastFrom = this.lastTo = at
    this.state = DONE
  }

  get fastPath(): FastPath | undefined {
    const inString = this.state === STRING && this.quote === QUOTE
    return inString && this.sink.jsonChunk !== undefined ? this : undefined
  }

  /**
   * Reads a whole chunk inside a string, if nothing in it ends the string or needs a closer look.
   *
   * The fast path of arguments. (A string in tokens: 24 ns a chunk with its event, 51 by `scan`.)
   */
  pass(text: string): ParseEvent[] | undefined {
    const { length } = text
    if (length > NEAR) return undefined
    let code = 0xd800
    for (let i = 0; i < length; i++) {
      code = text.charCodeAt(i)
      if (code === BACKSLASH) {
        // Only simple escapes: a backslash may be doubled, and `\u` may be cut.
        if (++i === length || ESCAPED[text.charCodeAt(i)] !== 1) return undefined
      } else if (code === QUOTE || code < 32) return undefined
    }
    // The chunk is empty, or ends inside a surrogate pair.
    if ((code & 0xfc00) === 0xd800) return undefined
    return this.passed(text, length)
  }

  /** A chunk of this length was read, and is written as `json`. */
  protected passed(json: string, length: number): ParseEvent[] | undefined {
    const from = this.writtenTo
    const to = from + length
    this.writtenTo = this.cursor.base = to
    return this.sink.jsonChunk?.(json, from, to)
  }

  scan(): boolean {
    const { cursor } = this
    const text = cursor.window
    const n = text.length
    let i = cursor.at
    if (this.fresh && i < n) {
      this.fresh = false
      if (text.charCodeAt(i) === 0x7b && this.readWhole(text, i)) return true
    }
    this.from = i
    this.out = ''
    while (i < n && this.state < DONE) {
      if (this.state === STRING) i = this.string(text, i, n)
      else if (this.state === WORD) i = this.word(text, i, n)
      else i = this.structure(text, i)
      if (i < 0) {
        // Held back: the rest of the window is needed again.
        i = ~i
        break
      }
    }
    if (cursor.ended && i === n && this.state === WORD) this.finishWord(i)
    const holds = this.held !== ''
    let to = i
    if (this.leavesLast && this.state === DONE) {
      to = i - 1
      this.lastFrom = cursor.base + to
      this.lastTo = cursor.base + i
    }
    this.give(holds ? '' : text.slice(this.from, to), holds ? this.heldFrom : cursor.base + to)
    cursor.at = i
    if (this.deepAt >= 0) {
      this.tooDeep?.(this.deepAt)
      this.deepAt = -1
    }
    return this.state >= DONE || cursor.ended
  }

  /** Reads the object at `from` by the shortcut for complete objects, if it can. */
  private readWhole(text: string, from: number): boolean {
    const { cursor, leavesLast, sink } = this
    this.wholes ??= new WholeObjects(this.depthLimit, this.brackets)
    const whole = this.wholes.read(text, from, cursor.base)
    if (whole === undefined) return false
    const { end, keys, value } = whole
    const to = leavesLast ? end - 1 : end
    this.state = DONE
    this.keys = keys
    if (leavesLast) {
      this.lastFrom = cursor.base + to
      this.lastTo = cursor.base + end
    }
    cursor.at = end
    this.put(text.slice(from, to), cursor.base + to)
    sink.whole?.(value, end - from, leavesLast ? 1 : 0)
    return true
  }

  /** Hands on the rewritten text, and the plain text behind it that ends at `to`. */
  private give(plain: string, to: number): void {
    const { out } = this
    if (out === '') this.put(plain, to)
    else {
      this.out = ''
      if (plain === '') this.put(out, this.outTo)
      else if (this.fits(out.length + plain.length)) this.put(out + plain, to)
      else {
        this.put(out, to - plain.length)
        this.put(plain, to)
      }
    }
  }

  private fits(length: number): boolean {
    const { room = length } = this.sink
    return length <= room
  }

  private put(piece: string, to: number): void {
    const from = this.writtenTo
    this.writtenTo = to
    if (piece !== '') this.sink.json(piece, from, to)
  }

  /** Adds plain text, and behind it `after`, which replaces the source from..to. */
  protected rewrite(plain: string, after: string, from: number, to: number): void {
    if (this.fits(this.out.length + plain.length + after.length)) {
      this.out += plain + after
      if (after !== '') this.outTo = to
      else if (plain !== '') this.outTo = from
    } else {
      this.give(plain, from)
      this.put(after, to)
    }
  }

  protected replace(text: string, i: number, length: number, kind: string, after: string): number {
    const at = this.cursor.base + i
    this.mend(kind, at, at + length, text.slice(i, i + length), after)
    this.rewrite(text.slice(this.from, i), after, at, at + length)
    this.from = i + length
    return this.from
  }

  private mend(kind: string, from: number, to: number, before: string, after: string): void {
    if (!(this.isPython && kind.startsWith('python-'))) this.sink.repair(kind, from, to, before, after)
  }

  /** Stops at `i`, which cannot be read. */
  protected fail(i: number, hopeless = false): number {
    this.resume = this.state
    this.hopeless = hopeless
    this.state = BAD
    return ~i
  }

  /** Keeps text from being written until the text behind it decides. */
  private hold(text: string, i: number, held: string): void {
    this.heldFrom = this.cursor.base + i
    this.rewrite(text.slice(this.from, i), '', this.heldFrom, this.heldFrom)
    this.from = i + held.length
    this.held = held
  }

  protected endValue(i: number): number {
    this.state = this.stack.length === 0 ? DONE : COMMA_OR_CLOSE
    return i
  }

  /** One step outside strings and words. Returns the next index, or the complement of it to hold back. */
  protected structure(text: string, i: number): number {
    const code = text.charCodeAt(i)
    if (isSpace(code)) {
      if (this.held !== '') this.held += text[i]
      return i + 1
    }
    if (this.held !== '' && !this.decideComma(code, i)) return ~i
    const { state, stack } = this
    const asPython = this.lenient || this.isPython
    if ((state & 1) === 1 && isCloser(code)) return this.closer(text, i, code)
    if (state === COMMA_OR_CLOSE) return this.comma(text, i, code)
    if (state === COLON) {
      if (code !== 0x3a) return this.fail(i, true)
      this.state = VALUE
      return i + 1
    }
    const inKey = state >= KEY
    this.inKey = inKey
    if (inKey) this.keys++
    if (code === QUOTE || (code === APOSTROPHE && asPython)) {
      this.state = STRING
      this.quote = code
      this.doubled = false
      return code === QUOTE ? i + 1 : this.replace(text, i, 1, 'python-quotes', '"')
    }
    if (isWordCode(code) && (this.lenient || !inKey)) return this.openWord(text, i)
    if (inKey || !(code === 0x7b || code === 0x5b || (code === 0x28 && asPython))) {
      return this.fail(i, !inKey && code !== 0x2c && code !== OBJECT && code !== ARRAY && code !== 0x3c)
    }
    const { brackets } = this
    if (code === 0x5b && brackets?.at(text, i, this.cursor.ended)) return brackets.hit === undefined ? ~i : this.fail(i)
    if (stack.length >= this.depthLimit) {
      this.deepAt = this.cursor.base + i
      return this.fail(i)
    }
    stack.push(code === 0x7b ? OBJECT : code === 0x5b ? ARRAY : TUPLE)
    this.state = code === 0x7b ? KEY_OR_CLOSE : VALUE_OR_CLOSE
    return code === 0x28 ? this.replace(text, i, 1, 'python-tuple', '[') : i + 1
  }

  private comma(text: string, i: number, code: number): number {
    const inObject = this.stack[this.stack.length - 1] === OBJECT
    const next = inObject ? KEY : VALUE
    if (code === 0x2c) {
      this.state = next
      if (!startsSomething(text, i + 1)) this.hold(text, i, ',')
      return i + 1
    }
    if (!this.lenient || !inObject || (code !== QUOTE && code !== APOSTROPHE)) {
      return this.fail(i, isWordCode(code) || isOperator(text[i]))
    }
    this.state = next
    return this.replace(text, i, 0, 'missing-comma', ',')
  }

  /** What follows a comma and its space decides whether they are written. */
  private decideComma(code: number, i: number): boolean {
    if (this.lenient && isCloser(code)) {
      this.sink.repair('trailing-comma', this.heldFrom, this.heldFrom + 1, ',', '')
      this.rewrite('', this.held.slice(1), this.heldFrom, this.cursor.base + i)
      this.state = COMMA_OR_CLOSE
    } else if (isStart(code)) {
      this.rewrite('', this.held, this.heldFrom, this.cursor.base + i)
    } else {
      this.fail(i)
      return false
    }
    this.from = i
    this.held = ''
    return true
  }

  private closer(text: string, i: number, code: number): number {
    const { stack } = this
    const top = stack.pop()
    if (code !== top) {
      if (!this.lenient || stack[stack.length - 1] !== code) {
        if (top !== undefined) stack.push(top)
        return this.fail(i)
      }
      this.replace(text, i, 0, 'missing-closer', closerText(top))
      stack.pop()
    }
    return this.endValue(code === TUPLE ? this.replace(text, i, 1, 'python-tuple', ']') : i + 1)
  }

  /** Inside a string: to its end, an escape or something that JSON does not allow there. */
  protected string(text: string, i: number, n: number): number {
    const { quote } = this
    for (let at = i; ; ) {
      const near = quote === QUOTE ? Math.min(n, at + NEAR) : n
      at = specialIn(text, at, near, quote)
      if (at === near && at < n) at = plainEnd(text, at)
      if (at === n) break
      const code = text.charCodeAt(at)
      if (code === quote) return this.closeString(text, at, n)
      if (code === BACKSLASH) {
        at = this.escape(text, at, n)
        if (at < 0) return at
      } else if (code === QUOTE) at = this.replace(text, at, 1, 'python-quotes', '\\"')
      else if (this.lenient && !(code === 10 && (this.inKey || this.isName)))
        at = this.replace(text, at, 1, 'control-character', controlEscape(code))
      else return this.fail(at)
    }
    // Keeps a surrogate pair together that the end of the chunk cuts.
    return i < n && isHighSurrogate(text.charCodeAt(n - 1)) && !this.cursor.ended ? ~(n - 1) : n
  }

  protected closeString(text: string, at: number, n: number): number {
    const { quote } = this
    if (this.doubled && text.charCodeAt(at - 1) === BACKSLASH && this.lenient && quote === QUOTE) {
      const legal = this.legalAfterString(text, at + 1, n)
      if (legal === undefined) return ~(at - 2)
      if (!legal) {
        // `\\"` instead of `\"`, so the string continues: "say \\"hi\\" now"
        this.doubled = false
        return this.replace(text, at - 2, 3, 'doubled-escape', '\\"')
      }
    }
    if (quote === APOSTROPHE) this.replace(text, at, 1, 'python-quotes', '"')
    if (!this.inKey) return this.endValue(at + 1)
    this.state = COLON
    return at + 1
  }

  private legalAfterString(text: string, from: number, n: number): boolean | undefined {
    const limit = Math.min(n, from + 32)
    for (let i = from; i < limit; i++) {
      const code = text.charCodeAt(i)
      if (!isSpace(code)) return code === 0x2c || code === 0x3a || code === 0x3c || isCloser(code)
    }
    return n - from >= 32 || this.cursor.ended ? true : undefined
  }

  /** A backslash and what it escapes. Returns the index behind it, or the complement of the place to hold back. */
  private escape(text: string, at: number, n: number): number {
    const cut = this.cursor.ended ? n : ~at
    if (at + 1 >= n) return cut
    const code = text.charCodeAt(at + 1)
    // For a quote that follows `\\`, remember that the escape was a backslash, and only directly before it.
    this.doubled = false
    if (code === BACKSLASH) {
      // `\\"`: keeps the three together, to tell a doubled escape from the end of the string.
      if (at + 2 >= n && this.lenient && this.quote === QUOTE && !this.cursor.ended) return ~at
      this.doubled = text.charCodeAt(at + 2) === QUOTE
      return at + 2
    }
    if ('"/bfnrt'.includes(text.charAt(at + 1))) return at + 2
    if (code === 0x75) {
      const end = hexEnd(text, at + 2, at + 6)
      if (end === at + 6) return end
      if (end === n) return cut
    }
    const python = this.isPython || this.quote === APOSTROPHE
    if (python && (this.lenient || this.isPython)) {
      if (code === APOSTROPHE) return this.replace(text, at, 2, 'python-quotes', "'")
      if (code === 0x78) {
        if (at + 4 > n) return cut
        if (hexEnd(text, at + 2, at + 4) === at + 4)
          return this.replace(text, at, 4, 'python-quotes', `\\u00${text.slice(at + 2, at + 4)}`)
      }
    }
    if (!this.lenient) return this.fail(at)
    // Markdown: get\_weather
    if (code === 0x5f) return this.replace(text, at, 2, 'escaped-underscore', '_')
    if (code === APOSTROPHE) return this.replace(text, at, 2, 'invalid-escape', "'")
    return this.replace(text, at, 1, 'invalid-escape', '\\\\')
  }

  private openWord(text: string, i: number): number {
    const end = wordEnd(text, i)
    if (end < text.length && !this.inKey && this.isLiteral(text.slice(i, end), this.cursor.base + i)) {
      return this.endValue(end)
    }
    this.hold(text, i, text.slice(i, end))
    this.resume = this.state
    this.state = WORD
    return end
  }

  private word(text: string, i: number, n: number): number {
    const at = wordEnd(text, i)
    this.held += text.slice(i, at)
    if (at < n) this.finishWord(at)
    return this.state === BAD ? ~at : at
  }

  private finishWord(at: number): void {
    const { held, heldFrom, inKey } = this
    const to = heldFrom + held.length
    this.state = this.resume
    let after = held
    if (inKey) after = JSON.stringify(held)
    else if (!this.isLiteral(held, heldFrom)) {
      after = held === 'True' ? 'true' : held === 'False' ? 'false' : held === 'None' ? 'null' : ''
      if (after === '' || !(this.lenient || this.isPython)) {
        this.fail(at, true)
        return
      }
    }
    if (after !== held) this.mend(inKey ? 'unquoted-key' : 'python-literal', heldFrom, to, held, after)
    this.rewrite('', after, heldFrom, to)
    this.held = ''
    this.from = at
    if (inKey) this.state = COLON
    else this.endValue(at)
  }

  /** `true`, `false`, `null` or a finite number as JSON writes it: `-0`, `1e21`; not `007`, `.5`, `1e999`. */
  protected isLiteral(word: string, from: number): boolean {
    if (word === 'true' || word === 'false' || word === 'null') return true
    const value = Number(word)
    if (!Number.isFinite(value)) return false
    if (String(value) !== word) {
      // Not spelled as JavaScript would. Does JSON allow it?
      try {
        JSON.parse(word)
      } catch {
        return false
      }
    }
    if (Math.abs(value) > Number.MAX_SAFE_INTEGER && !/[.eE]/.test(word)) {
      this.sink.bigInteger(from, from + word.length)
    }
    return true
  }
}
