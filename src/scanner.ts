import { isHighSurrogate, isSpace } from './characters.js'
import type { Cursor } from './cursor.js'
import type { Where } from './format.js'
import type { ContentMarker, OpenerMarker } from './grammar.js'
import { type Matcher, SHORT } from './matcher.js'
import { opensNothing } from './opens-call.js'
import type { Policy } from './policy.js'
import type { Reading, Scanner } from './reader.js'

/** Hands content on as it comes, up to the next marker. Holds back only what may become one. */
export class TextScanner implements Scanner {
  /** The marker that stands at the cursor after `scan` returned true; undefined at the end of the text. */
  hit: ContentMarker | undefined
  /** Nothing but white space has been content so far. */
  blank = true
  /** Inside a code fence. */
  fenced = false
  /** Nothing but white space stands between the last newline and the cursor. */
  private lineBlank = true
  /** Backticks that opened the inline code of this line: as many close it. */
  private opened = 0
  /** Backticks that stand right before the cursor. */
  private run = 0

  private readonly cursor: Cursor
  private readonly out: Policy
  private readonly kinds: Uint8Array

  constructor(
    private readonly r: Reading,
    readonly matcher: Matcher<ContentMarker>,
  ) {
    this.cursor = r.cursor
    this.out = r.out
    this.kinds = matcher.kinds
  }

  scan(): boolean {
    const { cursor, matcher } = this
    const { window, at, ended } = cursor
    for (;;) {
      const to = textEnd(cursor, matcher)
      const { hit } = matcher
      this.hit = hit
      if (to > cursor.at) this.look(window.slice(cursor.at, to))
      cursor.at = to
      if (hit?.kind !== 'opener' || !hit.bare || !this.passes(hit)) break
    }
    // One piece, whatever braces stand in it.
    if (cursor.at > at) {
      const whole = at === 0 && cursor.at === window.length
      this.out.content(whole ? window : window.slice(at, cursor.at), cursor.base + at)
    }
    return this.hit !== undefined || ended
  }

  /** Reads a brace, or what else may begin a call without a marker, if none begins here, as in nearly all ordinary text. */
  private passes(marker: OpenerMarker): boolean {
    const { cursor } = this
    const { at } = cursor
    if (!opensNothing(this.r, marker, cursor.offset)) return false
    if (cursor.at > at) this.look(cursor.window.slice(at, cursor.at))
    else {
      cursor.at += marker.text.length
      this.wrote()
    }
    return true
  }

  /** Something that is no white space became content otherwise. */
  wrote(ticks = 0): void {
    if (this.out.muted) return
    this.blank = false
    this.lineBlank = false
    if (ticks === 0) this.endRun()
    this.run += ticks
  }

  /** Inside inline code, as far as the line tells so far. */
  get inCode(): boolean {
    return this.run === 0 ? this.opened > 0 : this.run !== this.opened
  }

  /** Something else follows the backticks: they open code, close it, or are part of it. */
  private endRun(): void {
    const { run } = this
    if (run === 0) return
    this.run = 0
    if (this.opened === 0) this.opened = run
    else if (this.opened === run) this.opened = 0
  }

  /** Goes on where another scanner of the same text stands. */
  adopt(other: TextScanner): void {
    this.blank = other.blank
    this.fenced = other.fenced
    this.lineBlank = other.lineBlank
    this.opened = other.opened
    this.run = other.run
  }

  get atLineStart(): boolean {
    return this.lineBlank
  }

  allows(where: Where | undefined): boolean {
    return where === 'line-start' ? this.lineBlank && !this.fenced : where === 'text-start' ? this.blank : true
  }

  /** Takes in text that became content, whoever handed it on: where lines begin, and whether all was blank so far. */
  look(text: string): void {
    if (text === '') return
    // What stands before the last line break does not matter any more.
    const line = text.lastIndexOf('\n') + 1
    const breaks = line > 0
    if (breaks) this.opened = this.run = 0
    for (let i = line, tick: number; i < text.length; i = tick + 1) {
      tick = text.indexOf('`', i)
      if (tick !== i) this.endRun()
      if (tick < 0) break
      this.run++
    }
    let blank = true
    for (let i = text.length - 1; i >= line && blank; i--) blank = isSpace(text.charCodeAt(i))
    this.lineBlank = blank && (breaks || this.lineBlank)
    if (this.blank && text.trim() !== '') this.blank = false
  }

  /** Like `find` and `look` in one, of a short text behind which nothing has to be held back. */
  isPlain(text: string): boolean {
    const n = text.length
    if (n === 0 || n > SHORT) return false
    const { kinds } = this
    // Of the characters since the last newline; before the first one, of the line that goes on.
    let blank = this.lineBlank
    let breaks = false
    let code = 0
    for (let i = 0; i < n; i++) {
      code = text.charCodeAt(i)
      const kind = code < 128 ? kinds[code] : this.wide(code)
      if (kind === 0) blank = false
      else if (kind === 2) blank = breaks = true
      else if (kind !== 1) return false
    }
    if ((code & 0xfc00) === 0xd800) return false
    // A backtick is a marker's first character: a fence's.
    if (breaks) this.opened = this.run = 0
    else if (this.run !== 0) this.endRun()
    this.lineBlank = blank
    return true
  }

  private wide(code: number): number {
    return this.matcher.begins(code) ? 3 : 0
  }
}

/**
 * Index in the window up to which text can be handed on: the next marker (`matcher.hit` says which), or what may become one.
 * A surrogate pair that the chunk's end cuts stays together.
 */
export function textEnd<T>({ window, at, ended }: Cursor, matcher: Matcher<T>): number {
  const to = matcher.find(window, at, ended)
  const cutsPair = to === window.length && to > at && !ended && isHighSurrogate(window.charCodeAt(to - 1))
  return matcher.hit === undefined && cutsPair ? to - 1 : to
}
