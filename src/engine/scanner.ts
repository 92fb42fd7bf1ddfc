import type { ParseEvent } from '../event/event.js'
import { isHighSurrogate, isSpace } from '../text/characters.js'
import { type Cursor, WAIT } from '../text/cursor.js'
import { type LineLead, leadBehind } from '../text/line-lead.js'
import { BEGINS, BRACKET, BREAK, type Matcher, PLAIN, SHORT } from '../text/matcher.js'
import { endsInOpeningQuote } from '../text/opening-quote.js'
import type { FastPath, HoldBack, Scanner } from '../text/step.js'
import type { FamilyReaders, Where } from './format.js'
import { type ContentMarker, type OpenerMarker, TILDES } from './grammar.js'
import { OpenString } from './open-string.js'
import type { Policy } from './policy.js'
import { beginsWithToken } from './special-token.js'

/** No marker is longer. */
const LONGEST_MARKER = 256

/** What a call can stand in where it is quoted and not made. */
export type Quotation = 'inline code' | 'a quoted line' | 'quotation marks' | 'a string' | 'a value of another call'

/**
 * Hands content on as it comes, up to the next marker, and holds back only what may become one. It is one file, since
 * the fast path (`pass`) must update the same line state as the slow path (`track`).
 */
export class TextScanner implements Scanner {
  /** The marker at the cursor after `scan` returned true; undefined at the end of the text. */
  hit: ContentMarker | undefined
  /** Nothing but white space has been content so far. */
  blank = true
  /** The backticks or tildes that opened the code fence around the cursor, and will close it; empty outside. */
  fence = ''
  /** A block of calls whose marker opened a fence was left before its end: backticks on a line of their own open nothing. */
  owesFence = false
  /** The code fence opened the message, so it is the model's wrapper around its calls. */
  wrapped = false
  /** Nothing but white space since the start of the text, or since the last call or reasoning block. */
  fresh = true
  /** The last of the content is a marker that is text, and white space; or an object or a list behind it, up to the end of the line. */
  private behind: 'marker' | 'object' | undefined
  /** What the beginning of the current line shows: `> ` and `- > ` quote it as in Markdown. */
  private lead: LineLead = 'open'
  /** The string of JSON that the content leaves open. */
  private readonly string = new OpenString()
  /** The end of the content: at least its last two characters. */
  private tail = ''
  /** The quotation that holds a call: it continues over line breaks, up to its own end or a blank line. */
  private held: Quotation | undefined
  /** How many parts of a call that is text are open (in a quotation, in a fence, or of a tool that was not given): all in them is data. */
  parts = 0
  /** How many elements of HTML the content has opened whose close tag is a stop token too. */
  elements = 0
  /** There is only white space between the last line break and the cursor. */
  private lineBlank = true
  /** How many backticks opened the inline code of this line: as many close it. */
  private opened = 0
  /** How many backticks are directly before the cursor. */
  private run = 0

  constructor(
    private readonly cursor: Cursor,
    private readonly out: Policy,
    private readonly readers: FamilyReaders,
    /** The kinds of characters, by code, once content has begun (`Grammar.inside`). */
    private readonly kinds: Uint8Array,
    readonly matcher: Matcher<ContentMarker>,
    /** The markers of calls. */
    private readonly openers: ReadonlyMap<string, OpenerMarker>,
  ) {}

  get fastPath(): FastPath | undefined {
    return this.blank || this.fresh || (this.behind ?? this.held) !== undefined ? undefined : this
  }

  get holdBack(): HoldBack | undefined {
    return this.matcher.holdBack
  }

  scan(): boolean {
    const { cursor, matcher } = this
    const { window, at, ended } = cursor
    for (;;) {
      const to = textEnd(cursor, matcher)
      const { hit } = matcher
      this.hit = hit
      if (to > cursor.at) this.trackPlain(window.slice(cursor.at, to))
      cursor.at = to
      if (hit?.kind === 'fence' && this.fenced) {
        if (this.passFence(hit.text)) continue
        this.hit = undefined
        break
      }
      if (hit?.kind !== 'opener' || !hit.bare) break
      // An object that a string of other lines holds is no call: {"content": "a↵{"name": …
      if (this.quotation !== undefined || this.string.isCut || this.inPart) {
        this.passBare(hit.text.length)
        continue
      }
      const opens = this.opens(hit)
      if (opens === WAIT) this.hit = undefined
      if (opens !== false) break
    }
    const begun = ended && this.hit === undefined ? this.begunAt(at) : -1
    const to = begun < 0 ? cursor.at : begun
    // All text up to the marker is one event, whatever braces it holds.
    if (to > at) {
      const whole = at === 0 && to === window.length
      this.out.content(whole ? window : window.slice(at, to), cursor.base + at)
    }
    if (begun >= 0) {
      const marker = window.slice(begun)
      this.out.fail('truncated')
      this.out.release(
        'marker-in-text',
        `the text ended in ${marker}, which begins a call's marker`,
        marker,
        cursor.base + begun,
      )
    }
    return this.hit !== undefined || ended
  }

  /** The text has ended: where in the window the beginning of an opener stands that holds a whole special token, or -1. */
  private begunAt(at: number): number {
    const { window } = this.cursor
    if (this.quotation !== undefined || this.fenced) return -1
    const begun = this.matcher.find(window, Math.max(at, window.length - LONGEST_MARKER), false)
    const text = window.slice(begun)
    if (!beginsWithToken(text)) return -1
    for (const opener of this.openers.keys()) if (opener.length > text.length && opener.startsWith(text)) return begun
    return -1
  }

  /**
   * Reads backticks or tildes in a fence: content, and the end of the fence if they begin a line and are as many as opened it.
   * False: more text decides.
   */
  private passFence(marker: string): boolean {
    const { cursor, fence } = this
    const closes = this.lineBlank ? cursor.starts(fence) : 0
    if (closes === WAIT) return false
    cursor.at += closes === 1 ? fence.length : 3
    this.sawContent(closes === 1 || marker === TILDES ? 0 : 3)
    if (closes === 1) {
      this.fence = ''
      this.parts = 0
    }
    return true
  }

  /**
   * Reads a bare opener, and further ones, if the character behind each shows that it opens nothing: `{most}`, `{{`.
   */
  private passText({ text, before, alone }: OpenerMarker): boolean {
    const { cursor } = this
    const { window, at } = cursor
    if (before === undefined || text.length > 1) return false
    const code = window.charCodeAt(at)
    let to = at
    while (to + 1 < window.length && before[window.charCodeAt(to + 1)] !== 1) {
      to++
      if (!alone || window.charCodeAt(to) !== code) break
    }
    if (to === at) return false
    this.passBare(to - at)
    return true
  }

  /**
   * May a call begin with this bare opener (`{`, `[`)? In ordinary text nearly never: then it is read as content.
   * `WAIT`: the next few characters decide.
   */
  private opens(marker: OpenerMarker): boolean | typeof WAIT {
    const { cursor } = this
    const { at } = cursor
    if (this.passText(marker)) return false
    const opens = this.mayOpen(marker, cursor.offset)
    if (opens === WAIT) {
      // Waiting here means asking again from the start, so only for short texts; longer ones are left to a reader.
      if (cursor.window.length - at > SHORT) return true
      cursor.at = at
    } else if (!opens) {
      if (cursor.at > at) this.trackPlain(cursor.window.slice(at, cursor.at))
      else this.passBare(marker.text.length)
    }
    return opens
  }

  /** Does any candidate find a header here? For nearly every brace of ordinary text no, at once. */
  private mayOpen({ candidates }: OpenerMarker, from: number): boolean | typeof WAIT {
    let may: boolean | typeof WAIT = false
    for (const { opener, family, where } of candidates) {
      const opens = this.allows(where) && this.readers.reader(family).opens(opener, from)
      if (opens === true) return true
      if (opens === WAIT) may = WAIT
    }
    return may
  }

  /** Reads bare openers that open nothing. */
  passBare(length: number): void {
    const { cursor, behind } = this
    const from = cursor.at
    cursor.at += length
    if (!this.out.muted) this.readString(cursor.window.slice(from, cursor.at))
    this.sawContent()
    if (behind !== undefined) this.behind = 'object'
  }

  /**
   * Records that text other than white space became content without `track`; `ticks` of it are backticks at its end.
   */
  sawContent(ticks = 0): void {
    if (this.out.muted) return
    if (this.lead !== 'quoted') this.lead = 'text'
    this.blank = this.fresh = false
    if (this.behind === 'marker') this.behind = undefined
    this.lineBlank = false
    this.tail = ''
    if (ticks === 0) this.endRun()
    this.run += ticks
  }

  /** The quotation that the cursor is in, where a call is quoted and not made. */
  get quotation(): Quotation | undefined {
    if (this.inCode) return 'inline code'
    if (this.lead === 'quoted') return 'a quoted line'
    if (this.held === 'quotation marks' || endsInOpeningQuote(this.tail)) return 'quotation marks'
    // `\\n<tool_call>`: escapes occur only in strings of JSON and code, so this is data of something damaged.
    return this.string.isOpen || endsInEscape(this.tail) ? 'a string' : undefined
  }

  /** The quotation that a marker at the cursor stands in. One that begins with line breaks stands on another line. */
  quotationOf(marker: string): Quotation | undefined {
    const opensLine = this.held === undefined ? marker.startsWith('\n') : marker.startsWith('\n\n') && !this.inPart
    const quotation = opensLine ? undefined : this.quotation
    return quotation ?? (this.inPart ? 'a value of another call' : undefined)
  }

  /**
   * Tracks the header of a call that is quoted here. The rest of the call may be on the next lines, and is quoted as well.
   */
  trackQuoted(header: string, place: Quotation): void {
    if (place !== 'a string' || this.string.isOpen) this.held = this.lead === 'quoted' ? 'a quoted line' : place
    this.track(header)
    if (place === 'a string') this.tail = '\\n'
  }

  /** A value of a call that is text is open: what a marker opens in it is data. */
  get inPart(): boolean {
    return this.parts > 0
  }

  closePart(): void {
    if (this.parts > 0) this.parts--
  }

  /** The text around is a call that is quoted, or a fence. */
  get showsCall(): boolean {
    return this.held !== undefined || this.fenced
  }

  /** A part of a call closes in a quotation of Markdown: a call is quoted there, although its header is none. */
  holdQuotation(): void {
    const { quotation } = this
    if (quotation === 'inline code' || quotation === 'a quoted line') this.held ??= quotation
  }

  /** Is the cursor in inline code, judging by the line so far? */
  get inCode(): boolean {
    return this.run === 0 ? this.opened > 0 : this.run !== this.opened
  }

  /** Ends a run of backticks: they open inline code, close it, or are part of it. */
  private endRun(): void {
    const { run } = this
    if (run === 0) return
    this.run = 0
    if (this.opened === 0) this.opened = run
    else if (this.opened === run) {
      this.opened = 0
      this.release('inline code')
    }
  }

  /** Reads content for the string that it leaves open. */
  private readString(text: string): void {
    if (this.string.read(text)) this.release('a string')
  }

  private release(ended: Quotation): void {
    if (this.held === ended) this.endQuote()
  }

  private endQuote(): void {
    this.held = undefined
    this.parts = 0
  }

  /** A copy of the current state, which `adopt` can restore. */
  copy(): TextScanner {
    const copy = new TextScanner(this.cursor, this.out, this.readers, this.kinds, this.matcher, this.openers)
    copy.adopt(this)
    return copy
  }

  /** Begins another message: a new line, outside of any quotation or fence that the last message left open. */
  beginMessage(): void {
    this.fence = ''
    this.owesFence = this.wrapped = false
    this.elements = 0
    this.endQuote()
    this.lead = 'open'
    this.string.reset()
    this.lineBlank = this.fresh = true
    this.behind = undefined
    this.opened = this.run = 0
    this.tail = ''
  }

  /** Takes over the state of another scanner of the same text. */
  adopt(other: TextScanner): void {
    this.blank = other.blank
    this.fence = other.fence
    this.owesFence = other.owesFence
    this.wrapped = other.wrapped
    this.fresh = other.fresh
    this.behind = other.behind
    this.lead = other.lead
    this.string.adopt(other.string)
    this.held = other.held
    this.parts = other.parts
    this.elements = other.elements
    this.tail = other.tail
    this.lineBlank = other.lineBlank
    this.opened = other.opened
    this.run = other.run
  }

  /** Does the content end in this character, as far as that is known? */
  endsIn(character: string): boolean {
    return this.tail.endsWith(character)
  }

  /** A marker here is no word of a sentence, which stands behind a blank. */
  get isApart(): boolean {
    return this.lineBlank || !this.endsIn(' ')
  }

  /** Directly behind a marker that became text, or in what it holds. */
  get behindMarker(): boolean {
    return this.behind !== undefined && !this.fresh
  }

  /** Inside a code fence. */
  get fenced(): boolean {
    return this.fence !== ''
  }

  get atLineStart(): boolean {
    return this.lineBlank
  }

  allows(where: Where | undefined): boolean {
    return where === 'line-start' ? this.lineBlank && !this.fenced : where === 'text-start' ? this.blank : true
  }

  /** The content goes on in a bracket of what could not be read: strings in it hold no calls. */
  goesOnInBracket(): void {
    if (!this.out.muted) this.string.enter()
  }

  /** Updates the line state by text that became content in another reader. It is markup, and ends what JSON was before it. */
  track(text: string): void {
    // What is read on trial becomes no content yet.
    if (this.out.muted) return
    if (!this.string.isOpen) this.string.reset()
    this.trackText(text, false)
    if (text !== '') this.behind = 'marker'
  }

  /** The same for the closer of a quotation: what stands behind it is not what a marker holds. */
  trackQuoteEnd(closer: string): void {
    this.track(closer)
    this.behind = undefined
  }

  /** The same for text that is no markup. */
  trackPlain(text: string): void {
    if (!this.out.muted) this.trackText(text, true)
  }

  /** Updates the line state. `isPlain`: the text holds no markup, so that the quotes in it count. */
  private trackText(text: string, isPlain: boolean): void {
    if (text === '') return
    if (this.held === 'quotation marks' && isPlain && this.closesQuote(text)) this.endQuote()
    this.tail = text.length > 1 ? text : this.tail.slice(-1) + text
    if (this.held !== undefined) this.trackQuote(text, isPlain)
    else this.trackLines(text, isPlain)
  }

  /** Does a quotation mark stand in plain text directly behind a bracket of a call, or behind its last marker? */
  private closesQuote(text: string): boolean {
    const last = this.tail.slice(-1)
    return (
      /[}\])>]["'”’»]/.test(last + text) || (this.behind === 'marker' && last.trim() !== '' && /^["'”’»]/.test(text))
    )
  }

  /** As `trackLines`, inside a quotation of several lines, which a blank line ends that no value holds. */
  private trackQuote(text: string, isPlain: boolean): void {
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      if (end > from) this.trackLines(text.slice(from, end), isPlain)
      if (this.lineBlank && !this.inPart) this.endQuote()
      if (this.held === undefined) {
        this.trackLines(text.slice(end), isPlain)
        return
      }
      this.lineBlank = true
      from = end + 1
    }
    if (from < text.length) this.trackLines(text.slice(from), isPlain)
  }

  private trackLines(text: string, isPlain: boolean): void {
    if (isPlain) this.readString(text)
    // Only the text behind the last line break still matters.
    const line = lineStart(text)
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
    if (breaks || this.held === undefined) this.lead = leadBehind(breaks ? 'open' : this.lead, text, line)
    this.lineBlank = blank && (breaks || this.lineBlank)
    if (this.behind === 'object' && breaks) this.behind = undefined
    if ((this.blank || this.fresh || this.behind === 'marker') && text.trim() !== '') {
      this.blank = this.fresh = false
      if (this.behind === 'marker') this.behind = undefined
    }
  }

  /**
   * Reads a whole chunk in which no marker begins.
   *
   * The fast path of content. It does the work of `scan` and `track` without calls, since a JavaScript engine that has
   * compiled much other code stops inlining them. (Prose in tokens: 23 ns a chunk, 58 by `scan`.)
   */
  pass(text: string): ParseEvent[] | undefined {
    const { length } = text
    const { kinds } = this
    if (length > SHORT) return undefined
    // Is the current line blank so far?
    let blank = this.lineBlank
    let breaks = false
    let brackets = false
    let isWide = false
    let code = 0xd800
    for (let i = 0; i < length; i++) {
      code = text.charCodeAt(i)
      if (code >= 128) {
        isWide = true
        blank = false
      } else {
        const kind = kinds[code]
        if (kind === PLAIN) blank = false
        else if (kind === BREAK) blank = breaks = true
        else if (kind === BRACKET) {
          blank = false
          brackets = true
        } else if (kind === BEGINS) return undefined
      }
    }
    // A cut surrogate pair waits for its second half. (An empty chunk takes this exit too: `code` is still 0xd800.)
    if ((code & 0xfc00) === 0xd800 || (isWide && this.matcher.mayBegin(text))) return undefined
    // The chunk holds no backtick, since a backtick begins a marker (a fence).
    if (breaks) this.opened = this.run = 0
    else if (this.run !== 0) this.endRun()
    if (breaks) this.lead = leadBehind('open', text, text.lastIndexOf('\n') + 1)
    else if (this.lead !== 'text' && this.lead !== 'quoted') this.lead = leadBehind(this.lead, text)
    if (brackets || !this.string.isIdle) this.string.read(text)
    this.lineBlank = blank
    this.tail = length > 1 ? text : this.tail.slice(-1) + text
    const { cursor } = this
    const from = cursor.base
    const to = from + length
    cursor.base = to
    // White space at the end may be a separator.
    if (code <= 32 || this.out.separates) {
      this.out.content(text, from)
      return this.out.drain()
    }
    return [{ type: 'content', text, from, to }]
  }
}

function endsInEscape(tail: string): boolean {
  const { length } = tail
  return length > 1 && tail.charCodeAt(length - 2) === 0x5c && 'nrt"\''.includes(tail.charAt(length - 1))
}

/** The index behind the last line break. */
function lineStart(text: string): number {
  // `lastIndexOf` has a fixed cost, and most pieces are short. Where nothing is found, `includes` is ten times as fast.
  if (text.length > SHORT) return text.includes('\n') ? text.lastIndexOf('\n') + 1 : 0
  let i = text.length
  while (i > 0 && text.charCodeAt(i - 1) !== 10) i--
  return i
}

/**
 * The index in the window up to which text can be handed on: the next marker (`matcher.hit` says which), or what may
 * become one. A surrogate pair that the end of the chunk cuts is kept together.
 */
export function textEnd<T>({ window, at, ended }: Cursor, matcher: Matcher<T>): number {
  const to = matcher.find(window, at, ended)
  const cutsPair = to === window.length && to > at && !ended && isHighSurrogate(window.charCodeAt(to - 1))
  return matcher.hit === undefined && cutsPair ? to - 1 : to
}
