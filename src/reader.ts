import type { Cursor } from './cursor.js'
import { WAIT } from './cursor.js'
import type { Evidence } from './event.js'
import type { Family, FamilyReader, Format } from './format.js'
import type { Candidate, ContentMarker, Grammar, OpenerMarker } from './grammar.js'
import { writeMarked } from './marked-text.js'
import { Matcher } from './matcher.js'
import { type Policy, quote } from './policy.js'
import { readReasoning } from './reasoning.js'
import { TextScanner } from './scanner.js'
import { JsonValue } from './values/json.js'

/** Eats chunks by itself while nothing but more of the same can come. True when its reader has to decide again. */
export interface Scanner {
  scan(): boolean
}

/**
 * A reader is written as if the whole text were there. `yield` says that more is needed: alone to be woken by the next
 * chunk, with a scanner to be woken when that one is through (`if (!scanner.scan()) yield scanner`).
 */
export type Read<T> = Generator<Scanner | undefined, T, void>

const STOPPED = 'the model stopped inside it'

/** What the readers of one parser share. */
export class Reading {
  /** Scans content up to the next marker. */
  readonly text: TextScanner
  readonly format: Format
  readonly stops: Matcher<string>
  readonly value: JsonValue
  /** What a call that is read now stands behind. */
  evidence: Evidence = 'marker'
  /** Openers that turned out to be prose: as many close markers are prose too. */
  mentions = 0
  /** A reasoning block is being read, so that a call may only be a draft. */
  reasoning = false
  /** Another format's reading that the rest of the text belongs to, once that is decided. */
  successor: Reading | undefined
  /** Offset behind the last call, for formats in which a call may only follow a call. */
  lastCallTo = -1
  private readonly readers = new Map<Family, FamilyReader>()

  constructor(
    readonly cursor: Cursor,
    readonly out: Policy,
    readonly grammar: Grammar,
  ) {
    this.format = grammar.format
    this.value = new JsonValue(cursor, out.settings.repair, out.settings.depth)
    this.stops = new Matcher(grammar.stops)
    this.text = new TextScanner(cursor, out, new Matcher(grammar.content))
  }

  /** What reads the calls of a family here. Made when the first may stand in the text: most texts have none. */
  reader(family: Family): FamilyReader {
    let reader = this.readers.get(family)
    if (reader === undefined) this.readers.set(family, (reader = family.create(this)))
    return reader
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

  /** Is the text over here, or does a stop token end it? Reads nothing. */
  *atEnd(): Read<boolean> {
    return this.cursor.peek() < 0 || (yield* this.marker(this.stops)) !== undefined
  }

  /** The one of the markers that stands here, if one does. Reads nothing. */
  *marker<T>(matcher: Matcher<T>): Read<T | undefined> {
    let marker: T | undefined | typeof WAIT
    while ((marker = this.at(matcher)) === WAIT) yield
    return marker
  }
}

/** Reads a whole text: reasoning in front, then content and calls, to the end or a stop token. */
export function* readText(r: Reading, from: 'start' | 'rest' = 'start'): Read<void> {
  const { cursor, text } = r
  if (from === 'start') yield* readFront(r)
  const starters = r.out.refusesCalls ? undefined : r.grammar.openers.get('')?.candidates
  for (;;) {
    if (text.blank && starters !== undefined) yield* readStart(r, starters)
    if (r.successor !== undefined) {
      r.successor.text.adopt(text)
      return yield* readText(r.successor, 'rest')
    }
    if (!text.scan()) yield text
    const marker = text.hit
    if (marker === undefined) return
    const from = cursor.offset
    if (marker.kind === 'stop') return yield* readStop(r, marker.text)
    if (marker.kind === 'opener') {
      if (marker.bare && opensNothing(r, marker, from)) releaseOpener(r, marker, from)
      else yield* readOpener(r, marker, from)
    } else yield* readMarker(r, marker, from)
  }
}

function* readFront(r: Reading): Read<void> {
  yield* skipHeader(r)
  const [first] = r.format.reasoning?.blocks ?? []
  if (r.out.settings.startInReasoning && first !== undefined) {
    const opened = yield* skipMarker(r, first.open)
    yield* readReasoning(r, first, opened ? r.cursor.offset : 0)
  }
}

/** Nothing but white space came before: a call may stand here without any marker. */
function* readStart(r: Reading, starters: readonly Candidate[]): Read<void> {
  const { cursor, out } = r
  const from = cursor.offset
  cursor.keep(from)
  while (cursor.skipSpace() === WAIT) yield
  const at = cursor.offset
  const left = [...starters]
  let found: Candidate | undefined | typeof WAIT
  while ((found = firstThatOpens(r, left, at)) === WAIT) yield
  if (found === undefined) {
    cursor.rewind(from)
  } else {
    out.content(cursor.since(from), from)
    yield* r.reader(found.family).read(found.opener, at)
  }
  cursor.drop()
}

/** `<|im_start|>assistant\n` repeated by the model. */
function* skipHeader(r: Reading): Read<void> {
  const { cursor, out, grammar } = r
  if (grammar.format.headers.length === 0) return
  const headers = new Matcher(grammar.headers)
  const header = yield* r.marker(headers)
  if (header === undefined) return
  cursor.at += header.length
  out.note('assistant-header', 'the assistant header of the chat template was left out', 0, header.length)
}

/** Some checkpoints repeat the opener that the prompt already wrote. */
function* skipMarker(r: Reading, marker: string): Read<boolean> {
  const { cursor, out } = r
  const from = cursor.offset
  cursor.keep()
  while (cursor.skipSpace() === WAIT) yield
  let found: number
  while ((found = cursor.starts(marker)) === WAIT) yield
  if (found === 1) cursor.at += marker.length
  else out.reasoning(cursor.since(from), from)
  cursor.drop()
  return found === 1
}

/** Does a call open here? The cursor stands before the marker. Leaves it behind the header that was found. */
export function* opensCall(r: Reading, marker: OpenerMarker, from: number): Read<Candidate | undefined> {
  if (!marker.bare) r.cursor.at += marker.text.length
  const left = marker.candidates.filter(({ opener }) => r.text.allows(opener.where))
  let found: Candidate | undefined | typeof WAIT
  while ((found = firstThatOpens(r, left, from)) === WAIT) yield
  return found
}

/** The first candidate that finds a header at the cursor, undefined or `WAIT`. Those that find none are left out. */
function firstThatOpens(r: Reading, left: Candidate[], from: number): Candidate | undefined | typeof WAIT {
  let waiting = false
  for (let i = 0; i < left.length; ) {
    const candidate = left[i] as Candidate
    const opens = r.reader(candidate.family).opens(candidate.opener, from)
    if (opens === true && !waiting) return candidate
    if (opens === false) left.splice(i, 1)
    else {
      waiting = true
      i++
    }
  }
  return waiting ? WAIT : undefined
}

/** What nearly every brace of ordinary text turns out to be, without more text: then no reader has to be set up. */
function opensNothing(r: Reading, { candidates }: OpenerMarker, from: number): boolean {
  for (const { opener, family } of candidates) {
    if (r.text.allows(opener.where) && r.reader(family).opens(opener, from) !== false) return false
  }
  return true
}

function* readOpener(r: Reading, marker: OpenerMarker, from: number): Read<void> {
  const { cursor, out } = r
  cursor.keep(from)
  const found = yield* opensCall(r, marker, from)
  if (found === undefined) {
    // What is told of it names the next character, wherever the chunk ended.
    while (cursor.peek() === WAIT && !marker.bare) yield
    releaseOpener(r, marker, from)
  } else if (out.refusesCalls) {
    out.mute()
    yield* r.reader(found.family).read(found.opener, from)
    out.unmute()
    out.release('tool-choice', 'no calls are allowed here, so this is text', cursor.since(from), from)
  } else {
    yield* r.reader(found.family).read(found.opener, from)
  }
  cursor.drop()
}

/** An opener that opened nothing is text; but at the end of the text it is a call that was cut. */
function releaseOpener(r: Reading, marker: OpenerMarker, from: number): void {
  const { cursor, out } = r
  if (marker.bare) {
    if (cursor.offset === from) cursor.at += marker.text.length
    r.text.wrote()
    out.content(cursor.since(from), from)
    return
  }
  if (!marker.stem && cursor.ended && cursor.peek() < 0 && cursor.offset >= from + marker.text.length) {
    r.cut(`the text ended behind ${marker.text}`, from)
    return
  }
  const first = marker.candidates[0] && r.reader(marker.candidates[0].family)
  const bad = r.expected(first?.expects ?? 'a call')
  r.mentions++
  r.text.wrote()
  out.release('marker-in-text', `${marker.text} opens nothing: ${bad}`, cursor.since(from), from)
}

/** Markers that open no call. The cursor stands before them. */
function* readMarker(r: Reading, marker: Exclude<ContentMarker, OpenerMarker>, from: number): Read<void> {
  const { cursor, out, text } = r
  const to = from + marker.text.length
  if (marker.kind === 'fence') return yield* readFence(r, from)
  cursor.at += marker.text.length
  if (marker.kind === 'reasoning') {
    if (text.blank) return yield* readReasoning(r, marker.block, to)
    r.mentions++
    text.wrote()
    out.release('marker-in-text', 'reasoning is not opened again behind content', marker.text, from)
  } else if (marker.kind === 'mention' || (marker.kind === 'stray' && r.mentions > 0)) {
    if (marker.kind === 'stray') r.mentions--
    text.wrote()
    out.release('marker-in-text', `${marker.text} closes nothing`, marker.text, from)
  } else {
    out.note('stray-marker', `${marker.text} closes nothing and was left out`, from, to)
  }
}

/** The model's turn is over: what follows is not read. */
function* readStop(r: Reading, stop: string): Read<void> {
  const { cursor, out } = r
  const from = cursor.offset
  cursor.at += stop.length
  out.note('stop-token', `${stop} ended the text`, from, cursor.offset)
  const to = cursor.offset
  let blank = true
  const rest = {
    scan() {
      if (cursor.skipSpace() >= 0) blank = false
      cursor.at = cursor.window.length
      return cursor.ended
    },
  }
  if (!rest.scan()) yield rest
  if (!blank) out.note('text-after-stop', 'text behind the stop token was left out', to, cursor.offset)
}

/** The line of a code fence: content, unless a family takes what it holds. The cursor stands before the backticks. */
function* readFence(r: Reading, from: number): Read<void> {
  const { cursor, text, out } = r
  if (!text.atLineStart || text.fenced) {
    const closes = text.atLineStart
    if (closes) text.fenced = false
    cursor.at += 3
    text.wrote(closes ? 0 : 3)
    out.content('```', from)
    return
  }
  cursor.keep(from)
  cursor.at += 3
  text.fenced = true
  while (!fenceLineEnds(cursor, from)) {
    if (cursor.ended) break
    yield
  }
  while (cursor.skipSpace() === WAIT) yield
  const taken = yield* readFenced(r, from)
  if (!taken) {
    text.wrote()
    writeMarked(r, cursor.since(from), from)
  }
  cursor.drop()
}

/** A longer first line is no info string. */
const LONGEST_FENCE_LINE = 40

/** Reads the info string, to the end of its line or to what can be no info string. */
function fenceLineEnds(cursor: Cursor, from: number): boolean {
  const { window } = cursor
  for (; cursor.at < window.length; cursor.at++) {
    if (cursor.offset - from > LONGEST_FENCE_LINE) return true
    const code = window.charCodeAt(cursor.at)
    if (code === 10 || code === 0x60 || code === 0x7b || code === 0x5b || code === 0x3c) return true
  }
  return false
}

/** A call right behind the line of a fence: the fence belongs to it, if it holds nothing else. */
function* readFenced(r: Reading, from: number): Read<boolean> {
  const { text, cursor, out } = r
  let taken = false
  for (;;) {
    const marker = yield* r.marker(text.matcher)
    if (marker === undefined || marker.kind === 'stop') return taken
    if (marker.kind === 'fence') {
      if (!taken) return false
      text.fenced = false
      cursor.at += 3
      return true
    }
    if (marker.kind !== 'opener' || out.refusesCalls) return taken
    const at = cursor.offset
    cursor.keep(at)
    const found = yield* opensCall(r, marker, taken ? at : from)
    if (found === undefined) {
      cursor.rewind(at)
      cursor.drop()
      return taken
    }
    const read = yield* r.reader(found.family).read(found.opener, taken ? at : from)
    cursor.drop()
    if (!read) return true
    taken = true
    while (cursor.skipSpace() === WAIT) yield
  }
}
