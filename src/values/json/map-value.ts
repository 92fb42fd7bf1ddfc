import type { ParseEvent } from '../../event/event.js'
import { isHighSurrogate, isSpace } from '../../text/characters.js'
import type { Cursor } from '../../text/cursor.js'
import type { FastPath } from '../../text/step.js'
import { pythonNumber, pythonWord } from '../python/python-number.js'
import { insideJson } from './inside-json.js'
import { JsonValue } from './json.js'
import { controlEscape, isCloser, OBJECT, QUOTE, specialIn, TUPLE } from './json-characters.js'
import type { JsonSink } from './json-sink.js'
import { COLON, COMMA_OR_CLOSE, KEY, KEY_OR_CLOSE, STRING, VALUE, VALUE_OR_CLOSE } from './json-states.js'

const LT = 0x3c
const EQUALS = 0x3d
const PAREN = 0x28
const OBJECT_OPENER = 0x7b
const BACKSLASH = 0x5c
/** Instead of the code of a quote: the string is between delimiters. */
const DELIMITED = 0
/** A longer chunk takes the slow path. */
const LONGEST_PASS = 32
/** Nothing longer counts as a key, a number or words without delimiters. */
const LONGEST_BARE = 256
/** Characters that end a bare key or value. */
const MARKUP = '{}[]()<>"\'`,:\n'
/** Words that stand without delimiters: nothing that could be markup, or two numbers. */
const WORDS = /^(?:[\p{L}_@#$%&][\p{L}\p{M}\p{N}_@#$%&+ ./-]{0,255}|\p{N}[\p{L}\p{M}\p{N}_@#$%&+./-]{0,255})$/u

/** What ends a string without its first delimiter, whose punctuation may be its own. */
const AFTER_TEXT = '{}[]<>\n'
/** The next member of a map, or of a Python call. */
const NEXT_KEY = /,\s{0,8}[\p{L}\p{N}_.$-]{1,128}\s{0,8}:/u
const NEXT_PYTHON_KEY = /,\s{0,8}[\p{L}\p{N}_.$-]{1,128}\s{0,8}=/u

/** What keys are. Others may be a key and damage beside it. */
const BARE_KEY = /^[\p{L}\p{N}_.$-]{1,128}$/u
const LITERAL = /^(?:true|false|null|none|\d[\d.e+-]{0,255})$/i
/** `108.`, `.5` */
const POINTED = /^[+-]?(?:\d{1,256}\.|\.\d{1,256})$/

/**
 * Reads a map as Gemma writes it, and hands it on as JSON. Keys are bare, strings are between two delimiters and have no
 * escapes, and all else is as in JSON. Keys may have delimiters too. Strings stream.
 *
 *     {city:<|"|>Oslo<|"|>,days:2,near:{sea:true},tags:[<|"|>a<|"|>]}
 *
 * As listed repairs: strings in the quotes of JSON or Python, words without delimiters, or without the first of the two, and
 * the parentheses and equals signs of a Python call around and between the members: `(city=<|"|>Oslo<|"|>)`.
 */
export class MapValue extends JsonValue {
  /** The members stand in parentheses. */
  private inParens = false

  constructor(
    cursor: Cursor,
    lenient: boolean,
    depthLimit: number,
    private readonly delimiter: string,
    tooDeep: (at: number) => void,
  ) {
    super(cursor, lenient, depthLimit, tooDeep)
  }

  override begin(...all: Parameters<JsonValue['begin']>): this {
    super.begin(...all)
    // The place of a duplicate key cannot be told, since the source is not JSON.
    this.keys = Number.POSITIVE_INFINITY
    // No shortcut for strict JSON: its quotes are repairs here, however the text is cut.
    this.fresh = false
    this.inParens = false
    return this
  }

  override opens(code: number): boolean {
    return code === OBJECT_OPENER || (code === PAREN && this.lenient)
  }

  override get fastPath(): FastPath | undefined {
    if (this.quote !== DELIMITED) return super.fastPath
    return this.state === STRING && this.sink.jsonChunk !== undefined ? this : undefined
  }

  /** A string that lost its delimiter is read again, so its text is kept. */
  readonly keeps = true

  override pass(text: string): ParseEvent[] | undefined {
    const events = this.quote === DELIMITED ? this.passDelimited(text) : super.pass(text)
    if (events !== undefined) this.cursor.keepPassed(text)
    return events
  }

  /** Reads a whole chunk inside a string, if no delimiter begins in it, and no half of a surrogate pair stands in it. */
  private passDelimited(text: string): ParseEvent[] | undefined {
    const { length } = text
    if (length === 0 || length > LONGEST_PASS) return undefined
    let isPlain = true
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code === LT || (code & 0xf800) === 0xd800) return undefined
      if (code === QUOTE || code === BACKSLASH || code < 32) isPlain = false
    }
    const json = isPlain ? text : insideJson(text)
    const { room = json.length } = this.sink as JsonSink
    return json.length > room ? undefined : this.passed(json, length)
  }

  protected override structure(text: string, i: number): number {
    const code = text.charCodeAt(i)
    const { state } = this
    const isKey = state === KEY || state === KEY_OR_CLOSE
    if (this.depth === 0 && state === VALUE && code === PAREN && this.lenient) {
      this.inParens = true
      this.stack.push(OBJECT)
      this.state = KEY_OR_CLOSE
      return this.replace(text, i, 1, 'misspelt-marker', '{')
    }
    if (this.inParens && this.depth === 1) {
      if (code === OBJECT) return this.fail(i)
      if (code === TUPLE && (state === KEY_OR_CLOSE || state === COMMA_OR_CLOSE)) {
        this.stack.pop()
        return this.endValue(this.replace(text, i, 1, 'misspelt-marker', '}'))
      }
      if (code === EQUALS && state === COLON) {
        this.state = VALUE
        return this.replace(text, i, 1, 'misspelt-marker', ':')
      }
    }
    if (isSpace(code) || !(isKey || state === VALUE || state === VALUE_OR_CLOSE)) return super.structure(text, i)
    if (code === LT) return this.openDelimited(text, i, isKey)
    if (code === QUOTE) return this.openQuoted(text, i)
    if (code === 0x27 || code === 0x7b || code === 0x5b || code === 0x28 || code === 0x2c || isCloser(code))
      return super.structure(text, i)
    return this.bare(text, i, isKey)
  }

  /** Writes the comma before what begins at `i`. */
  private endComma(i: number): void {
    if (this.held === '') return
    this.rewrite('', this.held, this.heldFrom, this.cursor.base + i)
    this.from = i
    this.held = ''
  }

  private openDelimited(text: string, i: number, isKey: boolean): number {
    const { delimiter } = this
    if (!text.startsWith(delimiter, i)) {
      const isCut = !this.cursor.ended && delimiter.startsWith(text.slice(i, i + delimiter.length))
      return isCut ? ~i : super.structure(text, i)
    }
    this.endComma(i)
    this.inKey = isKey
    this.quote = DELIMITED
    this.state = STRING
    this.write(text, i, delimiter.length, '"')
    return this.from
  }

  /** Plain text up to `i`, and what is written for the `length` characters there. */
  private write(text: string, i: number, length: number, after: string): void {
    const at = this.cursor.base + i
    this.rewrite(text.slice(this.from, i), after, at, at + length)
    this.from = i + length
  }

  /** `"` in the place of a delimiter. */
  private openQuoted(text: string, i: number): number {
    if (!this.lenient) return this.fail(i)
    this.noteQuote(i)
    return super.structure(text, i)
  }

  private noteQuote(i: number): void {
    const at = this.cursor.base + i
    this.sink.repair('json-quotes', at, at + 1, '"', this.delimiter)
  }

  protected override string(text: string, i: number, n: number): number {
    if (this.quote !== DELIMITED) return super.string(text, i, n)
    const { delimiter } = this
    for (let at = i; ; ) {
      const lt = text.indexOf('<', at)
      const end = lt < 0 ? n : lt
      for (at = specialIn(text, at, end, QUOTE); at < end; at = specialIn(text, at, end, QUOTE)) {
        const code = text.charCodeAt(at)
        this.write(text, at, 1, code === QUOTE ? '\\"' : code === BACKSLASH ? '\\\\' : controlEscape(code))
        at++
      }
      if (lt < 0) break
      if (text.startsWith(delimiter, lt)) {
        this.write(text, lt, delimiter.length, '"')
        if (this.inKey) this.state = COLON
        else this.endValue(lt)
        return lt + delimiter.length
      }
      if (!this.cursor.ended && delimiter.startsWith(text.slice(lt, lt + delimiter.length))) return ~lt
      at = lt + 1
    }
    return i < n && isHighSurrogate(text.charCodeAt(n - 1)) && !this.cursor.ended ? ~(n - 1) : n
  }

  protected override closeString(text: string, at: number, n: number): number {
    const next = super.closeString(text, at, n)
    if (this.quote === QUOTE && this.state !== STRING && next >= 0) this.noteQuote(at)
    return next
  }

  /** Reads a key, a number, a literal or words without delimiters. Waits until what ends it has come. */
  private bare(text: string, i: number, isKey: boolean): number {
    this.endComma(i)
    let end = i
    const markup = isKey && this.inParens ? `${MARKUP}=` : MARKUP
    while (end < text.length && end - i < LONGEST_BARE && !markup.includes(text.charAt(end))) end++
    if (end === text.length) return this.cursor.ended ? end : ~i
    const unopened = isKey || !this.lenient ? 0 : this.unopened(text, i, end)
    if (unopened !== 0) return unopened
    const raw = text.slice(i, end).trimEnd()
    const code = text.charCodeAt(end)
    const ends = isKey ? code === 0x3a || (this.inParens && code === EQUALS) : code === 0x2c || isCloser(code)
    if (!ends || raw === '') return this.fail(i, !isKey)
    if (isKey) {
      if (!BARE_KEY.test(raw)) this.sink.oddKey?.(raw)
      this.write(text, i, raw.length, JSON.stringify(raw))
      this.state = COLON
      return i + raw.length
    }
    const from = this.cursor.base + i
    const json = this.bareJson(raw, from)
    if (json === undefined) return this.fail(i, true)
    this.write(text, i, raw.length, json)
    return this.endValue(i + raw.length)
  }

  /**
   * Reads a string that lost its first delimiter, and whose first words end at `wordsTo`: `{city:Paris, France<|"|>,…`. 0 if there is
   * none; negative: more text decides.
   */
  private unopened(text: string, i: number, wordsTo: number): number {
    const { delimiter, cursor } = this
    const words = text.slice(i, wordsTo)
    const after = text.charCodeAt(wordsTo)
    // A number or a literal with such an end may be either, and the word of the delimiter is what is left of it: `escapeOslo<escape>`.
    const isOpen = delimiter.startsWith('<') && words.startsWith(delimiter.slice(1, -1))
    if (isOpen || !WORDS.test(words) || (LITERAL.test(words) && (after === LT || after === 0x2c || isCloser(after))))
      return 0
    let end = wordsTo
    // Between the elements of a list a comma parts two of them.
    const isMember = this.stack.at(-1) === OBJECT
    while (isMember && end < text.length && end - i < LONGEST_BARE && !AFTER_TEXT.includes(text.charAt(end))) end++
    const raw = text.slice(i, end)
    if (raw.length > words.length && (this.inParens ? NEXT_PYTHON_KEY : NEXT_KEY).test(raw)) return 0
    const behind = end + delimiter.length
    if (!text.startsWith(delimiter, end)) return !cursor.ended && delimiter.startsWith(text.slice(end, behind)) ? ~i : 0
    if (behind === text.length) return cursor.ended ? 0 : ~i
    const next = text.charCodeAt(behind)
    if (next !== 0x2c && !isCloser(next)) return 0
    const from = cursor.base + i
    const json = JSON.stringify(raw)
    this.sink.repair('missing-quotes', from, cursor.base + behind, raw + delimiter, json)
    this.write(text, i, behind - i, json)
    return this.endValue(behind)
  }

  private bareJson(raw: string, from: number): string | undefined {
    if (this.isLiteral(raw, from)) return raw
    if (!this.lenient) return undefined
    const literal = pythonWord(raw) ?? (POINTED.test(raw) ? pythonNumber(raw) : undefined)
    if (literal === undefined && !WORDS.test(raw)) return undefined
    const after = literal ?? JSON.stringify(raw)
    this.sink.repair(literal === undefined ? 'missing-quotes' : 'python-literal', from, from + raw.length, raw, after)
    return after
  }
}
