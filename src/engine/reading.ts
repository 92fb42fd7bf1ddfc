import type { Evidence } from '../event/event.js'
import type { Cursor } from '../text/cursor.js'
import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read, Scanner } from '../text/step.js'
import { JsonValue } from '../values/json/json.js'
import type { Family, FamilyReader, FamilyReaders, Format } from './format.js'
import type { Grammar } from './grammar.js'
import { type Policy, quote } from './policy.js'
import { TextScanner } from './scanner.js'
import { MarkerWait } from './wait.js'

const STOPPED = 'the model stopped inside it'

/** What the readers of one parser share. */
export class Reading implements FamilyReaders {
  /** Scans content up to the next marker. */
  readonly text: TextScanner
  readonly format: Format
  /** Stop tokens; while the calls of a message are read, what ends the message too. */
  stops: Matcher<string>
  private madeValue: JsonValue | undefined
  /** What a call that is read now stands behind. */
  evidence: Evidence = 'marker'
  /** Openers that turned out to be prose: as many close markers are prose too. */
  openersAsText = 0
  /** The first of them is a call of a tool that was not given. */
  refusing = false
  /** The same of reasoning. */
  reasoningOpenersAsText = 0
  /** A reasoning block is being read, so that a call may only be a draft. */
  reasoning = false
  /** A block of reasoning was read, or its closer. */
  reasoned = false
  /** Where calls stood in reasoning that were drafts. */
  readonly drafts: number[] = []
  /** Whether the text is of this format is not decided yet. */
  deciding = false
  /** Closers of quotations that never come any more. */
  readonly unclosed: string[] = []
  /** Where prose stands behind fences, and from where on nothing but fences follows: -1 where it is not known. */
  readonly fences = { proseAt: -1, onlyFrom: -1 }
  /** Drafts that could not be read and took the closer of their block with them. */
  swallowed = 0
  /** Another format's reading that the rest of the text belongs to, once that is decided. */
  successor: Reading | undefined
  /** What ends the message of content that is open; the second list are ends of calls, which it should not end with. */
  messageEnds: readonly string[] = []
  callEnds: readonly string[] = []
  /** Offset behind the last call, for formats in which a call may only follow a call. */
  lastCallTo = -1
  private wait: MarkerWait | undefined
  /** Asked for last: at every brace of a text it is the same. */
  private lastFamily: Family | undefined
  private lastReader: FamilyReader | undefined
  private readonly readers = new Map<Family, FamilyReader>()

  constructor(
    readonly cursor: Cursor,
    readonly out: Policy,
    readonly grammar: Grammar,
  ) {
    this.format = grammar.format
    this.stops = new Matcher(grammar.stops)
    this.text = new TextScanner(cursor, out, this, grammar.inside, new Matcher(grammar.content))
  }

  /** Reads one JSON value after the other. Made with the first: most texts have none. */
  get value(): JsonValue {
    const { out } = this
    this.madeValue ??= this.newValue(out.settings.repair, (at) => out.tooDeep(at))
    return this.madeValue
  }

  /** One more reader of JSON values, beside `value`. */
  newValue(lenient: boolean, tooDeep?: (at: number) => void): JsonValue {
    const { cursor, out, grammar } = this
    return new JsonValue(cursor, lenient, out.settings.depth, tooDeep, new Matcher(grammar.brackets))
  }

  /** What reads the calls of a family here. Made when the first may stand in the text: most texts have none. */
  reader(family: Family): FamilyReader {
    if (family === this.lastFamily) return this.lastReader as FamilyReader
    let reader = this.readers.get(family)
    if (reader === undefined) this.readers.set(family, (reader = family.create(this)))
    this.lastFamily = family
    return (this.lastReader = reader)
  }

  /** `at 120: expected a key, found "w"`, of the place where the cursor stands. */
  expected(what: string, instead?: string): string {
    const { cursor } = this
    const found = instead ?? this.found()
    return `at ${cursor.offset}: expected ${what}, found ${found}`
  }

  private found(): string {
    const { cursor } = this
    return cursor.peek() < 0 ? 'the end of the text' : quote(cursor.window.charAt(cursor.at))
  }

  /** Ends the open call as cut: by the end of the text, or by a stop token that stands here. */
  closeCut(): void {
    const { cursor, out } = this
    const stopped = cursor.peek() >= 0
    out.close(stopped ? 'malformed' : 'truncated', cursor.offset, STOPPED)
  }

  /** Ends the open call as damaged, behind what `rest` leaves out: nothing, if the model stopped here. */
  *closeDamaged(why: string, rest: Read<unknown>): Read<void> {
    const stop = yield* this.marker(this.stops)
    if (stop === undefined) yield* rest
    this.out.close('malformed', this.cursor.offset, stop === undefined ? why : STOPPED)
  }

  /** The text ended inside a call that was not announced and begins at `from`. */
  cut(message: string, from: number): void {
    this.out.note('truncated-call', message, from, this.cursor.offset)
    this.out.fail('truncated')
  }

  /** Does one of the markers stand here? It itself, undefined for no, or `WAIT`. Reads nothing. */
  at<T>(matcher: Matcher<T>): T | undefined | typeof WAIT {
    const { window, at, ended } = this.cursor
    if (!matcher.at(window, at, ended)) return undefined
    return matcher.hit ?? (at === window.length && ended ? undefined : WAIT)
  }

  /** Does one of the markers stand here (`matcher.hit`)? Reads nothing. */
  stands(matcher: Matcher<unknown>): boolean | typeof WAIT {
    const { window, at, ended } = this.cursor
    // Not by `at`, whose `WAIT` is a number: so may be what a marker stands for.
    return matcher.at(window, at, ended) && (matcher.hit !== undefined || WAIT)
  }

  /** Is the text over here, or does a stop token end it? Reads nothing. */
  *atEnd(): Read<boolean> {
    return this.cursor.peek() < 0 || (yield* this.marker(this.stops)) !== undefined
  }

  /**
   * Reads the marker that stands here once more: a repair of the call that follows. False where nothing is repaired: then the
   * marker before it opens nothing, and this one may.
   */
  passRepeated(marker: string): boolean {
    const { cursor, out } = this
    if (!out.settings.repair) return false
    out.leftOut.add('surplus-opener', marker, cursor.offset)
    cursor.at += marker.length
    return true
  }

  /** The one of the markers that stands here, if one does. Reads nothing. */
  *marker<T>(matcher: Matcher<T>): Read<T | undefined> {
    const wait = this.until(matcher)
    if (!wait.scan()) yield wait
    return matcher.hit
  }

  /** Waits until one of the markers stands here, or none can. One reader waits at a time. */
  private until(matcher: Matcher<unknown>): Scanner {
    this.wait ??= new MarkerWait(this.cursor, matcher)
    this.wait.matcher = matcher
    return this.wait
  }
}
