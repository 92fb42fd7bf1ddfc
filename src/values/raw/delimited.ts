import type { ParseEvent } from '../../event/event.js'
import { isHighSurrogate, isSpace } from '../../text/characters.js'
import { type Cursor, END, WAIT } from '../../text/cursor.js'
import { GrowingText } from '../../text/growing-text.js'
import type { Matcher } from '../../text/matcher.js'
import type { FastPath, HoldBack, Scanner } from '../../text/step.js'
import { type Tag, tagOf } from '../../text/tag.js'
import type { NearTag, Tags } from '../../text/tags.js'
import { JsonQuotes } from '../json/json-quotes.js'
import type { DelimitedRules, DelimitedValue, Ending } from './delimited-rules.js'
import { type CloseKind, Nesting, type Verdict } from './nesting.js'
import { RawText } from './raw-text.js'

/** A longer chunk is looked at as a whole. */
const LONGEST_PASS = 32
/** White space between a close marker and what follows it, and close markers one behind the other. */
const LONGEST_SPACE = 1024
const MOST_CLOSERS = 8
/** What a damaged close marker may be called besides. */
const KINDS = ['param', 'arg', 'argument', 'value', 'string']

/**
 * Finds the end of a raw value, which nothing escapes: a close marker counts only before what may legally follow it, else
 * it is data. Hands the value on while it comes, but for what could still be markup: a newline, the beginning of a tag, and
 * a close marker until what follows has decided about it. Linear in the text, however it is cut.
 *
 * One class in one file: the loop of `scan` runs over every character of a raw value, and the closer that waits, the text behind
 * it and the counts of tags inside are one state.
 */
export class DelimitedScanner implements Scanner {
  ending: Ending = 'cut'
  /** Where the marker that ended the value stands. */
  endFrom = 0
  endTo = 0
  /** It was ended by `</parameter1>` or the like. */
  loose = false
  endText = ''
  /** A special token ended it, in the middle of a line. */
  isBroken = false
  /** The first close marker inside the value that could have ended it, or -1. */
  ambiguousFrom = -1
  ambiguousTo = -1
  /** Close markers too many behind the first, or -1. */
  surplusFrom = -1
  surplusTo = -1
  surplusText = ''
  /** The value holds a tag of the format. */
  holdsTag = false
  /** It begins with the tag that opened it, once more, and nothing in it closes that. */
  isDoubled = false
  /** It begins with that tag, closed or not. */
  startsTagged = false

  private value!: DelimitedValue
  private readonly quotes = new JsonQuotes()
  private readonly nesting: Nesting
  private readonly text: RawText
  /** A close marker (or stop token) that is read and waits, with the white space behind it, for what follows. */
  private closer: Tag | 'stop' | undefined
  private atLine = false
  /** Offset behind the last tag of the value's own that was counted. */
  private countedTo = -1
  private readonly waiting = new GrowingText()
  private waitingFrom = 0
  /** Offset of a stop token that waits, or -1. */
  private stopFrom = -1
  /** What more there is of close markers, behind the one that waits. */
  private closers = 0
  private secondFrom = -1
  /** Tags of parameters without a name that the value holds, and that nothing in it has closed. */
  private unnamed = 0
  /** The close marker that waits is an opener without a name. */
  private isHeldOpener = false
  /** The short form of the parameter's word whose tag the value opened (`<param name="a">`): its closer is the value's text. */
  private openShort = ''
  /** The tag that was read last has no name; one begins the value. */
  private isNameless = false
  private startsNameless = false
  /** The text ends inside the tag at the cursor, and nothing else is waited for. */
  private inTag = false

  constructor(
    private readonly cursor: Cursor,
    private readonly tags: Tags,
    private readonly stops: Matcher<string>,
    private readonly rules: DelimitedRules,
  ) {
    this.nesting = new Nesting(rules)
    this.text = new RawText(rules.trim)
  }

  /** Begins a value at the cursor, directly behind its opening tag. */
  begin(value: DelimitedValue): this {
    this.value = value
    this.quotes.begin()
    this.nesting.begin()
    this.text.begin(value.sink)
    this.loose = this.isBroken = false
    this.closer = undefined
    this.countedTo = -1
    this.ending = 'cut'
    this.ambiguousFrom = this.ambiguousTo = -1
    this.surplusFrom = -1
    this.holdsTag = this.isDoubled = this.startsTagged = this.startsNameless = false
    this.unnamed = 0
    this.openShort = ''
    if (value.isFinal === true) this.cursor.pause()
    return this
  }

  /** The value holds a close marker that may be its own, and the tag of a parameter that nothing in it closes. */
  get leavesOpen(): boolean {
    return this.ambiguousFrom >= 0 && this.nesting.opened > 0
  }

  get fastPath(): FastPath | undefined {
    const isPlain = this.closer === undefined && !this.value.json && this.text.isInside
    return isPlain && this.value.sink.streams === true ? this : undefined
  }

  /**
   * Reads a whole chunk in which no tag begins, and no newline ends it. The fast path of strings that nothing escapes.
   * (A 100 KB string in tokens: 1.9 ms, 2.2 by `scan`.)
   */
  pass(text: string): ParseEvent[] | undefined {
    const { length } = text
    if (length > LONGEST_PASS) return undefined
    let isEscaped = false
    let code = 10
    for (let i = 0; i < length; i++) {
      code = text.charCodeAt(i)
      if (code === 0x3c || (code & 0xf800) === 0xd800) return undefined
      if (code < 32 || code === 0x22 || code === 0x5c) isEscaped = true
    }
    if (code === 10 || code === 13 || (isEscaped && this.text.isOneLine)) return undefined
    const events = this.value.sink.chunk?.(text, isEscaped, this.cursor.base)
    if (events !== undefined) this.cursor.base += length
    return events
  }

  /** The value begins on the line of its tag, although the template begins another one there: so may further tags. */
  get isOneLine(): boolean {
    return this.rules.trim === 'newline' && this.text.isOneLine
  }

  get holdBack(): HoldBack | undefined {
    return this.inTag ? this.tags.holdBack : undefined
  }

  scan(): boolean {
    this.inTag = false
    for (;;) {
      const done = this.closer === undefined ? this.body() : this.lookAhead()
      if (done === true) this.cursor.resume()
      if (done !== undefined) return done
    }
  }

  /** Reads on to what may end the value. True: it ended; false: more text is needed; undefined: a close marker waits. */
  private body(): boolean | undefined {
    const { cursor, value, quotes, text } = this
    const { window, ended } = cursor
    const n = window.length
    const from = text.lead(window, cursor.at, ended)
    if (from === WAIT) return false
    for (let i = from; ; ) {
      const at = window.indexOf('<', i)
      if (value.json) quotes.read(window, i, at < 0 ? n : at)
      if (at < 0) {
        const to = !ended && n > from && isHighSurrogate(window.charCodeAt(n - 1)) ? n - 1 : n
        text.hand(window, from, to, cursor.base)
        cursor.at = to
        return ended ? this.end('cut') : false
      }
      const tag = this.tagAt(window, at)
      const isData =
        tag === undefined ? this.stopAt(window, at) === 0 : tag !== WAIT && this.isData(tag, window, from, at)
      if (!isData) {
        text.hand(window, from, at, cursor.base)
        cursor.at = at
        return tag === undefined ? this.stopped() : tag === WAIT ? this.cut() : this.closes(tag)
      }
      i = at + 1
      if (value.json) quotes.read(window, at, i)
    }
  }

  /** Is the tag at `at` part of the value, as far as this window shows? `from` is where the text not yet handed on begins. */
  private isData(tag: Tag, window: string, from: number, at: number): boolean {
    const offset = this.cursor.base + at
    const opensAgain = this.isNameless || (tag.kind === 'parameter' && tag.name === this.value.key)
    if (opensAgain && this.text.isBlank && window.slice(from, at).trim() === '') {
      this.startsTagged = true
      this.startsNameless = this.isNameless
    }
    this.atLine = (at > from ? window.charCodeAt(at - 1) === 10 : this.text.atLine) || offset === this.countedTo
    const { depth } = this.nesting
    const verdict = this.judge(tag)
    if (this.nesting.depth !== depth) this.countedTo = offset + tag.length
    if (verdict === 'ends') return false
    if (verdict === 'perhaps') {
      let next = at + tag.length
      while (isSpace(window.charCodeAt(next))) next++
      if (next === window.length) return false
      if (this.isDoubledCloser(tag, window, next)) return false
      const legal = this.successor(window, next, tag)
      if (legal !== false) return false
      this.refute(tag, tag.loose === true && isOpener(this.tags.at(window, at)))
    }
    if (tag.kind !== 'other' && tag.kind !== 'other-end' && !tag.loose) this.holdsTag = true
    this.noteAmbiguous(tag, offset)
    return true
  }

  /** The tag at `at`, or what stands in the place of the value's own close marker. */
  private tagAt(window: string, at: number): Tag | undefined | typeof WAIT {
    const tag = this.tags.at(window, at)
    this.isNameless = false
    if (tag === WAIT) return this.cursor.ended ? (this.nearCloser(window, at) ?? tag) : tag
    if (tag === undefined) {
      if (!this.cursor.ended && this.mayMeet(window, at + 1)) return WAIT
      this.meetOther(window, at + 1)
    }
    const isOther = tag === undefined || tag.broken || tag.kind === 'other-end' || tag.kind === 'other'
    if (isOther) return this.nearCloser(window, at) ?? tag
    if (tag.kind !== 'parameter' || tag.name !== undefined) return tag
    // `<parameter>`: its slash is missing. Where keys stand elsewhere, it may as well open the value once more.
    this.isNameless = this.tags.syntax.names === 'elements'
    return looseEnd(tag.length)
  }

  /** Does the text end in a word that other grammars write too? */
  private mayMeet(window: string, at: number): boolean {
    const { call, parameter } = this.tags.syntax
    const longest = Math.max(call.length, parameter.length)
    if (window.length - at > longest) return false
    const rest = window.slice(at)
    return call.startsWith(rest) || parameter.startsWith(rest)
  }

  /** What other grammars write with the same words: `<function=f>`, `<function name="f">`, `<param name="a">`. Their closers are their own. */
  private meetOther(window: string, at: number): void {
    const { call, parameter } = this.tags.syntax
    const next = window.charCodeAt(at + call.length)
    if (window.startsWith(call, at) && (isSpace(next) || next === EQUALS)) this.nesting.meet(OTHER_CALL)
    else this.openShort = shortOpener(window, at, parameter) || this.openShort
  }

  /** `</parameter` at the end of its line, `</PARAMETER>`, `</content>` behind the value of `content`. */
  private nearCloser(window: string, at: number): Tag | undefined | typeof WAIT {
    const near = this.tags.near.closer(window, at, this.cursor.ended, this.value.key)
    if (near === undefined || near === WAIT) return near
    if (!near.isOpen || near.isJunk || near.name !== undefined) return undefined
    const word = near.word.toLowerCase().replace(/^\w{1,20}:/, '')
    if (near.isEnd && word !== '' && word === this.openShort) {
      this.openShort = ''
      return undefined
    }
    const isOwn =
      near.kind === 'parameter' || (near.isEnd && (word === this.value.key.toLowerCase() || KINDS.includes(word)))
    return isOwn ? looseEnd(near.length) : undefined
  }

  private judge(tag: Tag): Verdict {
    const { mayFollow, declares } = this.value
    if (tag.broken) {
      this.nesting.meet(tag)
      return 'data'
    }
    if (!this.value.json || !this.quotes.isJson) return this.nesting.judge(tag, this.atLine, mayFollow, declares)
    if (tag.kind === 'other' || tag.kind === 'other-end') return 'data'
    if (!this.quotes.inString) return 'ends'
    // No JSON string goes on over a line: one that seems to was not closed.
    return tag.kind === 'parameter-end' ? this.nesting.judge(tag, false, mayFollow, declares) : 'data'
  }

  private noteAmbiguous(tag: Tag, from: number): void {
    if (this.ambiguousFrom >= 0 || tag.loose || this.quotes.inString) return
    if (tag.kind !== 'parameter-end' && tag.kind !== 'call-end' && tag.kind !== 'block-end') return
    this.ambiguousFrom = from
    this.ambiguousTo = from + tag.length
  }

  /** What stands at `i`: legal behind the close marker, illegal, a stop token, or not yet known. */
  private successor(window: string, i: number, closer: Tag | 'stop'): boolean | 'stop' | typeof WAIT {
    const tag = this.tags.at(window, i)
    if (tag === WAIT) {
      if (!this.cursor.ended) return WAIT
      return this.nearSuccessor(window, i, closer) === true ? true : 'stop'
    }
    if (tag !== undefined && !tag.broken && this.nesting.legal.includes(tag.kind)) return true
    const stop = this.stopAt(window, i)
    if (stop !== 0) return stop === WAIT ? WAIT : 'stop'
    return this.nearSuccessor(window, i, closer)
  }

  /** A damaged tag may follow a close marker that is none itself: of two damaged ones neither shows what the other is. */
  private nearSuccessor(window: string, i: number, closer: Tag | 'stop'): boolean | typeof WAIT {
    if (closer === 'stop' || closer.loose || closer.kind !== 'parameter-end') return false
    if (this.nesting.depth > 0 || this.unnamed > 0) return false
    const near = this.tags.near.at(window, i, this.cursor.ended)
    if (near === WAIT) return WAIT
    return near !== undefined && this.isNearLegal(near)
  }

  private isNearLegal({ kind, name, word, isOpen, isEnd, isJunk }: NearTag): boolean {
    const { value, nesting } = this
    const { legal } = nesting
    if (isJunk) return kind === 'parameter' && isOpen && legal.includes('parameter')
    if (name !== undefined) {
      if (kind === 'call' || kind === 'block') return isOpen && legal.includes('call')
      if (!legal.includes('parameter')) return false
      const isHeader = kind === 'parameter' && isOpen
      // Elements have two markers more that tell what it is: whatever its key, it stands behind the value.
      if (isHeader && this.tags.syntax.names === 'elements') return true
      return value.mayFollow(name) && (value.declares(name) || isHeader)
    }
    if (kind === 'call') return legal.includes('call-end')
    if (kind === 'block') return legal.includes('block-end') || legal.includes('block')
    return isEnd && word === value.call && legal.includes('call-end')
  }

  /** `</parameter></parameter>` or the same on two lines: what follows the second decides about both. */
  private isDoubledCloser(closer: Tag | 'stop', window: string, i: number): boolean {
    if (closer === 'stop' || closer.loose || closer.kind !== 'parameter-end') return false
    if (this.nesting.depth > 0 || this.unnamed > 0) return false
    const tag = this.tags.at(window, i)
    return tag === WAIT ? !this.cursor.ended : tag?.kind === 'parameter-end' && !tag.loose
  }

  /** The tag at an index of a text seemed to end the value, and is data: `<parameter>` that is closed, or what closes it. */
  private refute(tag: Tag, opens: boolean): void {
    this.nesting.refuted(tag)
    if (tag.kind !== 'parameter-end') return
    if (!tag.loose) this.unnamed = Math.max(0, this.unnamed - 1)
    else if (opens) this.unnamed++
  }

  /** A stop token stands at the cursor, or what may become one. */
  private stopped(): boolean | undefined {
    const { cursor } = this
    const length = this.stopAt(cursor.window, cursor.at)
    if (length === WAIT) return false
    if (this.rules.stop === 'always') return this.end('stop')
    this.stopFrom = cursor.offset
    this.hold('stop', length)
    return undefined
  }

  /** The text ends inside a tag. */
  private cut(): boolean {
    const { cursor } = this
    if (!cursor.ended) {
      this.inTag = this.tags.at(cursor.window, cursor.at) === WAIT
      return false
    }
    cursor.at = cursor.window.length
    return this.end('cut')
  }

  /** The tag at the cursor ends the value, or may end it. */
  private closes(tag: Tag): boolean | undefined {
    if (tag.kind === 'parameter' || tag.kind === 'call' || tag.kind === 'block') return this.end('opener')
    if (this.value.json && this.quotes.isJson && !this.quotes.inString) {
      const { cursor } = this
      const from = cursor.at
      cursor.at += tag.length
      return this.endBy(tag, cursor.base + from, cursor.window.slice(from, cursor.at))
    }
    if (
      tag.name === '' ||
      (tag.kind === 'parameter-end' && !tag.loose && this.nesting.depth === 0 && this.rules.closers === 'certain')
    ) {
      const { cursor } = this
      this.isBroken = !this.atLine
      cursor.at += tag.length
      return this.endBy(tag, cursor.offset - tag.length, cursor.window.slice(cursor.at - tag.length, cursor.at))
    }
    this.stopFrom = -1
    this.hold(tag, tag.length)
    return undefined
  }

  /** Reads what stands at the cursor, and lets it wait for what follows. */
  private hold(closer: Tag | 'stop', length: number): void {
    const { cursor } = this
    // What follows decides, and may be read again.
    cursor.resume()
    this.closer = closer
    // Asked here: what follows it in this window tells, and the text that waits ends with it.
    this.isHeldOpener = closer !== 'stop' && closer.loose === true && isOpener(this.tags.at(cursor.window, cursor.at))
    this.closers = 1
    this.secondFrom = -1
    this.waiting.clear()
    this.waiting.add(cursor.window.slice(cursor.at, cursor.at + length))
    this.waitingFrom = cursor.offset
    cursor.at += length
  }

  private lookAhead(): boolean | undefined {
    const { cursor, closer } = this
    if (closer === undefined) return undefined
    const from = cursor.at
    const code = cursor.skipSpace()
    if (cursor.at > from) this.waiting.add(cursor.window.slice(from, cursor.at))
    if (code === WAIT) return false
    if (code === END) return this.decide(closer, this.mayEnd(closer))
    if (this.stopFrom >= 0) return this.decide(closer, false)
    if (this.waiting.length > LONGEST_SPACE) return this.decide(closer, false)
    if (this.closers < MOST_CLOSERS && this.isDoubledCloser(closer, cursor.window, cursor.at)) {
      const second = this.tags.at(cursor.window, cursor.at)
      if (second === WAIT || second === undefined) {
        this.inTag = second === WAIT
        return false
      }
      if (this.secondFrom < 0) this.secondFrom = cursor.offset
      this.closers++
      this.waiting.add(cursor.window.slice(cursor.at, cursor.at + second.length))
      cursor.at += second.length
      this.surplusTo = cursor.offset
      return undefined
    }
    const next = this.successor(cursor.window, cursor.at, closer)
    if (next === WAIT) {
      this.inTag = this.tags.at(cursor.window, cursor.at) === WAIT
      return false
    }
    if (next !== 'stop') return this.decide(closer, next)
    // The end of the text, or nearly: a stop token that may be the last thing in it, or a tag that it cuts.
    const length = this.stopAt(cursor.window, cursor.at)
    if (length <= 0) return this.decide(closer, closer !== 'stop' && closer.kind === 'parameter-end')
    if (this.rules.stop === 'always') return this.decide(closer, this.mayEnd(closer))
    this.stopFrom = cursor.offset
    this.waiting.add(cursor.window.slice(cursor.at, cursor.at + length))
    cursor.at += length
    return undefined
  }

  /**
   * Behind the end of the text more could have come. The marker that closes the call itself is trusted there only where it
   * stands as the template would have it, and the model ended the text.
   */
  private mayEnd(closer: Tag | 'stop'): boolean {
    if (closer === 'stop' || closer.kind === 'parameter-end') return true
    if (this.cursor.peek() >= 0 && this.rules.stop === 'always') return true
    const inLayout = this.atLine || this.text.isOneLine
    return this.rules.atEnd === 'trusted' && inLayout && this.cursor.reason === 'stop'
  }

  private decide(closer: Tag | 'stop', legal: boolean): boolean | undefined {
    const { cursor, waitingFrom } = this
    const text = this.waiting.toString()
    this.closer = undefined
    const inString = this.value.json && this.quotes.inString
    if (legal && (!inString || text.includes('\n'))) {
      if (this.stopFrom >= 0) cursor.rewind(this.stopFrom)
      return closer === 'stop' ? this.end('stop') : this.endBy(closer, waitingFrom, text)
    }
    this.closers = 0
    if (closer !== 'stop') {
      this.refute(closer, this.isHeldOpener)
      if (!closer.loose) this.holdsTag = true
      this.noteAmbiguous(closer, waitingFrom)
    }
    if (this.value.json) this.quotes.read(text, 0, text.length)
    this.text.hand(text, 0, text.length, waitingFrom)
    if (this.value.isFinal === true) cursor.pause()
    return undefined
  }

  private endBy(tag: Tag, from: number, text: string): true {
    this.ending = tag.kind as CloseKind
    this.loose = tag.loose
    this.endText = text.slice(0, tag.length)
    this.text.close(from, this.ending === 'parameter-end')
    if (this.ending === 'parameter-end' && this.closers > 1) {
      this.surplusFrom = this.secondFrom
      this.surplusText = text.slice(this.secondFrom - from, this.surplusTo - from)
    }
    this.isDoubled = this.startsTagged && (this.value.json || this.nesting.opened > 0 || this.startsNameless)
    this.closers = 0
    this.endFrom = from
    this.endTo = from + tag.length
    return true
  }

  private end(ending: 'opener' | 'stop' | 'cut'): true {
    this.ending = ending
    if (ending === 'opener') this.text.close(this.cursor.offset, false)
    this.isDoubled = this.startsTagged
    this.endFrom = this.endTo = this.cursor.offset
    return true
  }

  /** Length of the stop token at `i`, 0 for none, or `WAIT`. */
  private stopAt(window: string, i: number): number {
    const { stops, cursor } = this
    if (!stops.at(window, i, cursor.ended)) return 0
    return stops.hit === undefined ? WAIT : stops.end - i
  }
}

function isOpener(tag: Tag | undefined | typeof WAIT): boolean {
  return typeof tag === 'object' && tag.kind === 'parameter'
}

/** A tag that closes a parameter, as only its place tells. */
function looseEnd(length: number): Tag {
  return tagOf('parameter-end', length, { loose: true })
}

/** The short form of a word with which an opener with attributes begins: `param` of `param name="a"`; `''` for none. */
function shortOpener(text: string, at: number, word: string): string {
  let length = 0
  while (length < word.length && text.charCodeAt(at + length) === word.charCodeAt(length)) length++
  return length >= SHORTEST && length < word.length && isSpace(text.charCodeAt(at + length))
    ? word.slice(0, length)
    : ''
}

/** Fewer letters are the beginning of many words. */
const SHORTEST = 3
const EQUALS = 0x3d
const OTHER_CALL = { kind: 'call' } as const
