import type { Evidence } from '../event/event.js'
import type { Cursor } from '../text/cursor.js'
import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import { quote } from '../text/quote.js'
import type { Read, Scanner } from '../text/step.js'
import { JsonValue } from '../values/json/json.js'
import { CallFinder } from './call-finder.js'
import type { Family, FamilyReader, FamilyReaders, Format, ReasoningBlock } from './format.js'
import type { Grammar } from './grammar.js'
import type { Policy } from './policy.js'
import { TextScanner } from './scanner.js'
import { MarkerWait } from './wait.js'

const STOPPED = 'the model stopped inside it'
const NONE: readonly string[] = []

interface MadeReader {
  readonly family: Family
  readonly reader: FamilyReader
  readonly next: MadeReader | undefined
}

/** The state that the readers of one text share. */
export class Reading implements FamilyReaders {
  /** Scans content up to the next marker. */
  readonly text: TextScanner
  readonly format: Format
  /** Stop tokens; while the calls of a message are read, also the markers that end the message. */
  stops: Matcher<string>
  private madeValue: JsonValue | undefined
  private madeFinder: CallFinder | undefined
  /** The evidence of the calls that are read now. */
  evidence: Evidence = 'marker'
  /** How many openers of calls became text and are not closed yet: their closers will be text too. */
  openersAsText = 0
  /** The body of a call that could not be read goes on as text: what opens may stand in a value of it. */
  inBody = false
  /** The first of these openers belongs to a call of a tool that was not given. */
  refusing = false
  /** How many openers of reasoning became text and are not closed yet. */
  reasoningOpenersAsText = 0
  /** A block of reasoning that stays content is open: a call in it may only be a draft. */
  thought: ReasoningBlock | undefined
  /** The closer of the frame around the answer that is open. */
  frameClose: string | undefined
  /** How many openers of such frames became text and are not closed yet. */
  framesAsText = 0
  /** A reasoning block is being read, so that a call may only be a draft. */
  reasoning = false
  /** A reasoning block, or its closer alone, has been read. */
  reasoned = false
  /** Offsets of calls in reasoning that were drafts. */
  readonly drafts: number[] = []
  /** `auto` has not decided yet whether the text is of this format. */
  deciding = false
  /** The misspelt marker around the call that is read now. */
  wrapper: string | undefined
  /** What ends quotations and does not occur in the rest of the text. */
  readonly unclosed: (readonly string[])[] = []
  /**
   * The last offset at which prose was found behind fences, and the offset from which only fences follow; -1 if
   * unknown.
   */
  readonly fences = { proseAt: -1, onlyFrom: -1 }
  /** How many damaged drafts took the closer of their reasoning block with them. */
  swallowed = 0
  /** Set once `auto` has decided: the reading of the chosen format, which reads the rest of the text. */
  successor: Reading | undefined
  /** The markers that end the open message of content. `callEnds`: those that should end only calls. */
  messageEnds = NONE
  callEnds = NONE
  /** Offset behind the last call, for formats in which a call may only follow a call. */
  lastCallTo = -1
  private markerWait: MarkerWait | undefined
  /** A list of few, since a format has few families, and `auto` makes a reading for each of two dozen formats. */
  private made: MadeReader | undefined

  constructor(
    readonly cursor: Cursor,
    readonly out: Policy,
    readonly grammar: Grammar,
  ) {
    this.format = grammar.format
    this.stops = new Matcher(grammar.stops)
    this.text = new TextScanner(cursor, out, this, grammar.inside, new Matcher(grammar.content), grammar.openers)
  }

  /** Finds the call after a marker. Made on first use, since `auto` has readings that are only asked. */
  get finder(): CallFinder {
    this.madeFinder ??= new CallFinder(this, this.text)
    return this.madeFinder
  }

  /** Reads JSON values, one after the other. Made on first use, since most texts have none. */
  get value(): JsonValue {
    const { out } = this
    this.madeValue ??= this.newValue(out.settings.repair, (at) => out.tooDeep(at))
    return this.madeValue
  }

  /** Makes a further reader of JSON values. */
  newValue(lenient: boolean, tooDeep?: (at: number) => void): JsonValue {
    const { cursor, out, grammar, format } = this
    const brackets = new Matcher(grammar.brackets)
    return new JsonValue(cursor, lenient, out.settings.depth, tooDeep, brackets, format.objects === 'python')
  }

  /**
   * The opener of a call, or of a part of one, became text. `isPart`: what stands behind it, up to its closer, is data of a call
   * that is refused.
   */
  openText(isPart = false): void {
    // What is read on trial becomes no text yet.
    if (this.out.muted) return
    this.openersAsText++
    // While the format is not decided its closers are not known.
    if (this.text.inPart || (isPart && this.refusing && !this.deciding)) this.text.parts++
  }

  /** A closer ended a call that is text, or a part of one. */
  closeText(): void {
    this.text.closePart()
    if (--this.openersAsText > 0) return
    this.refusing = false
    this.text.parts = 0
  }

  /** Does the closer of the thought that is open stand here? It closes nothing else. Reads nothing. */
  get closesThought(): boolean {
    return this.thought !== undefined && this.cursor.starts(this.thought.close) === 1
  }

  /** What was read from `from` on looks like a call and cannot be read as one: it is text. */
  giveUp(why: string, from: number): void {
    const { cursor, out, text } = this
    const given = cursor.since(from)
    text.track(given)
    out.release('damaged-block', why, given, from)
    out.fail('malformed')
  }

  /** The reader of a family's calls. Made on first use, since most texts have no calls. */
  reader(family: Family): FamilyReader {
    for (let made = this.made; made !== undefined; made = made.next) if (made.family === family) return made.reader
    const reader = family.create(this)
    this.made = { family, reader, next: this.made }
    return reader
  }

  /** A message about the cursor's place: `at 120: expected a key, found "w"`. */
  expected(what: string, instead?: string): string {
    const { cursor } = this
    const found = instead ?? this.found()
    return `at ${cursor.offset}: expected ${what}, found ${found}`
  }

  /** The same, once it is known what stands there: whoever has not looked at the cursor's place would find the end of a chunk. */
  *expectedNext(what: string): Read<string> {
    while (this.cursor.peek() === WAIT) yield
    return this.expected(what)
  }

  private found(): string {
    const { cursor } = this
    return cursor.peek() < 0 ? 'the end of the text' : quote(cursor.window.charAt(cursor.at))
  }

  /** Ends the open call as cut, by the end of the text or by the stop token at the cursor. */
  closeCut(): void {
    const { cursor, out } = this
    const stopped = cursor.peek() >= 0
    out.close(stopped ? 'malformed' : 'truncated', cursor.offset, STOPPED)
  }

  /** Ends the open call as damaged. `rest` skips the rest of its block first, unless the model stopped here. */
  *closeDamaged(why: string, rest: Read<unknown>): Read<void> {
    const stop = yield* this.marker(this.stops)
    if (stop === undefined) yield* rest
    this.out.close('malformed', this.cursor.offset, stop === undefined ? why : STOPPED)
  }

  /** A block of calls ends here, before the end of the fence that its marker may have opened. */
  leaveBlock(marker: string): void {
    if (!this.text.fenced) this.text.owesFence = marker.includes('```')
  }

  /** Reports that the text ended inside a call that was not announced and begins at `from`. */
  cut(message: string, from: number): void {
    this.out.note('truncated-call', message, from, this.cursor.offset)
    this.out.fail('truncated')
  }

  /** The meaning of the marker at the cursor, undefined if there is none, or `WAIT`. Reads nothing. */
  at<T>(matcher: Matcher<T>): T | undefined | typeof WAIT {
    const { window, at, ended } = this.cursor
    if (!matcher.at(window, at, ended)) return undefined
    return matcher.hit ?? (at === window.length && ended ? undefined : WAIT)
  }

  /** Is there a marker at the cursor (`matcher.hit`)? Reads nothing. */
  stands(matcher: Matcher<unknown>): boolean | typeof WAIT {
    const { window, at, ended } = this.cursor
    // Not by `at`, since the meaning of a marker may be a number, as `WAIT` is.
    return matcher.at(window, at, ended) && (matcher.hit !== undefined || WAIT)
  }

  /** Does the text end at the cursor, by itself or by a stop token? Reads nothing. */
  *atEnd(): Read<boolean> {
    return this.cursor.peek() < 0 || (yield* this.marker(this.stops)) !== undefined
  }

  /**
   * Skips a second copy of a marker, which the following call lists as a repair. False without repairs: then the first
   * copy opens nothing, and the second may.
   */
  passRepeated(marker: string): boolean {
    const { cursor, out } = this
    if (!out.settings.repair) return false
    out.leftOut.add(this.format.id, 'surplus-opener', marker, cursor.offset)
    cursor.at += marker.length
    return true
  }

  /** The meaning of the marker at the cursor; undefined if there is none. Reads nothing. */
  *marker<T>(matcher: Matcher<T>): Read<T | undefined> {
    const wait = this.wait(matcher)
    if (!wait.scan()) yield wait
    return matcher.hit
  }

  /** Waits until it is known whether a marker is at the cursor (`matcher.hit`). Only one reader waits at a time. */
  wait(matcher: Matcher<unknown>): Scanner {
    this.markerWait ??= new MarkerWait(this.cursor, matcher)
    this.markerWait.matcher = matcher
    return this.markerWait
  }
}
