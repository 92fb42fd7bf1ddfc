import type { Family, FamilyReader, Opener } from '../engine/format.js'
import type { Candidate, ContentMarker } from '../engine/grammar.js'
import { endsAt, spaceEnd } from '../engine/lines.js'
import type { Reading } from '../engine/reading.js'
import { isSpace } from '../text/characters.js'
import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import { lettersOf } from '../text/misspelt.js'
import type { HoldBack, Read } from '../text/step.js'
import { type NearMarker, NearMarkerReader } from './near-marker.js'
import { passWrongCloser } from './wrong-closer.js'

/** The markers of a format around its calls, as it writes them. */
export interface CallMarkers {
  /** What opens a section of them. */
  readonly around?: readonly string[]
  readonly open: readonly string[]
  readonly close?: readonly string[]
}

/** Characters that may follow the bracket of a misspelt marker, or begin a marker that lost its bracket. */
const BEFORE = ' /|abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * The family of markers that are misspelt, beside a call that is right (decisions 5 and 14): `<tool_cal>` LF `{"name": …}` is a
 * call and no content. One that stands directly before a call of a given tool, which its own family reads without this
 * marker, is a listed repair of that call; one directly behind a call is left out, with a note. Anything else is text.
 *
 * It comes last in a format: any marker of the format's own is read first.
 */
export function misspeltMarkers({ around = [], open, close = [] }: CallMarkers): Family {
  // The list has ASCII characters only, so it cannot be used for other markers.
  const before = [...open, ...around].some((marker) => marker.charCodeAt(1) > 127) ? undefined : BEFORE
  const openers = [...around, ...open]
  let made: NearMarkerReader | undefined
  // Made once for all texts, when the first misspelt marker may be there.
  const near = () => (made ??= new NearMarkerReader([...openers, ...close]))
  return {
    openers: [
      // Where a call may follow a call, and at the start of the text: its bracket may be missing there.
      { marker: '', bare: true, prefix: true },
      { marker: '<', where: 'line-start', bare: true, before, prefix: true },
    ],
    create: (reading: Reading) => new MisspeltMarkers(reading, near(), openers, close, around),
  }
}

/** What waits for a call is looked at anew with each chunk. */
const LONGEST_LEAD = 128

/** A misspelt marker: before a call, which `candidate` reads from `callFrom` on, or behind one. */
interface Found extends NearMarker {
  readonly candidate: Candidate | undefined
  readonly callFrom: number
}

/**
 * One class in one file: what a marker stands for is told by the calls behind it, which are tried and read by the family that
 * they are of.
 */
class MisspeltMarkers implements FamilyReader {
  private readonly own: Matcher<ContentMarker>
  private found: Found | undefined
  /** The text ends in what may become a marker of the format's own. */
  private inOwn = false

  constructor(
    private readonly reading: Reading,
    private readonly near: NearMarkerReader,
    private readonly open: readonly string[],
    private readonly close: readonly string[],
    private readonly around: readonly string[],
  ) {
    this.own = new Matcher(reading.grammar.content)
  }

  get holdBack(): HoldBack | undefined {
    return this.inOwn ? this.own.holdBack : undefined
  }

  opens({ marker }: Opener, from: number): boolean | typeof WAIT {
    const { out, text, deciding } = this.reading
    if (!out.settings.repair || out.refusesCalls || deciding || text.fenced || text.inCode) return false
    // The other opener was asked here already.
    if (marker !== '' && text.fresh) return false
    const found = this.find(from)
    if (found === WAIT) return WAIT
    this.found = found
    return found !== undefined
  }

  private find(from: number): Found | undefined | typeof WAIT {
    const { window, at, ended } = this.reading.cursor
    this.inOwn = false
    // Nearly always: then nothing need be compared with the spellings.
    if (this.standsOwn(at)) return undefined
    const near = this.near.at(window, at, ended)
    if (near === undefined || (near !== WAIT && !this.mayMean(near))) return undefined
    const isOwn = this.isOwn(at, from)
    if (isOwn === true) return undefined
    if (isOwn === WAIT || near === WAIT) {
      this.inOwn = isOwn === WAIT && this.own.hit === undefined
      return WAIT
    }
    if (near.isEnd) return this.closer(near, from) ?? this.opener(near, from)
    return this.opener(near, from) ?? this.closer(near, from)
  }

  /** May it stand for a marker: as a spelling of one, or as a token or open tag of another word? Rules out most tags in prose. */
  private mayMean({ means, shape, isEnd }: NearMarker): boolean {
    return means !== undefined || (this.open.length > 0 && shape === 'token') || (shape === 'tag' && !isEnd)
  }

  /** Does a whole marker of the format stand at an index, and count whatever is behind it? */
  private standsOwn(index: number): boolean {
    const { window, ended } = this.reading.cursor
    return this.own.at(window, index, ended) && this.own.hit !== undefined && this.counts(this.own.hit)
  }

  /** A stem or a bare opener counts only where a call opens, a mention only if it is no closer. */
  private counts(marker: ContentMarker): boolean {
    if (marker.kind === 'inner') return !this.close.includes(marker.text)
    return marker.kind !== 'opener' || !(marker.bare || marker.stem)
  }

  /** Does a marker of the format that counts begin at an index? */
  private isOwn(index: number, from: number): boolean | typeof WAIT {
    const { window, ended } = this.reading.cursor
    if (!this.own.at(window, index, ended)) return false
    const { hit } = this.own
    if (hit === undefined) return WAIT
    if (this.counts(hit)) return true
    if (hit.kind !== 'opener') return false
    const candidate = this.callAt(index, from)
    return candidate === WAIT ? WAIT : candidate !== undefined
  }

  /** Finds the call of a given tool directly behind. A marker of another word counts only if that call has no own marker. */
  private opener(near: NearMarker, from: number): Found | undefined | typeof WAIT {
    const { cursor, out } = this.reading
    if (!out.tools.given) return undefined
    const next = spaceEnd(cursor, cursor.at + near.length)
    if (next === WAIT) return WAIT
    const candidate = this.callAt(next, from)
    if (candidate === WAIT || candidate === undefined) return candidate
    if (near.means === undefined && !this.isUnwrapped(candidate.opener, next)) return undefined
    return { candidate, callFrom: cursor.base + next, ...near }
  }

  /** Does the call at an index lack its own marker, or that of its section? */
  private isUnwrapped({ bare, stem, marker }: Opener, index: number): boolean {
    const { window, ended } = this.reading.cursor
    if (bare === true) return true
    const isOf = (markers: readonly string[], text: string) => markers.some((own) => lettersOf(own) === lettersOf(text))
    if (stem !== true) return this.around.length > 0 && !isOf(this.around, marker)
    const tag = this.near.at(window, index, ended)
    return typeof tag !== 'object' || tag.means === undefined
  }

  /**
   * A closer stands directly behind a whole call, and ends its line or the text, or a marker follows. What could also open
   * the next call counts only at the end of the text.
   */
  private closer(near: NearMarker, from: number): Found | undefined | typeof WAIT {
    const { cursor, out, text, lastCallTo, stops } = this.reading
    const { means, isEnd, length } = near
    if (means === undefined || lastCallTo < 0 || !text.fresh || out.lastStatus !== 'complete') return undefined
    const end = cursor.at + length
    const behind = endsAt(cursor, end, stops)
    if (behind === WAIT) return WAIT
    const mayOpen = !isEnd && this.open.some((marker) => lettersOf(marker) === lettersOf(means))
    const closes = behind === 'text' || (!mayOpen && (behind === 'line' || this.isOwn(end, from)))
    return closes === true ? { candidate: undefined, callFrom: -1, ...near } : closes === WAIT ? WAIT : undefined
  }

  /** The candidate that finds a call at an index of the window. Does not move the cursor. */
  private callAt(index: number, from: number): Candidate | undefined | typeof WAIT {
    const { reading, own } = this
    const { cursor, text } = reading
    const { window, at, ended } = cursor
    if (!own.at(window, index, ended)) return undefined
    const { hit } = own
    if (hit === undefined) return WAIT
    if (hit.kind !== 'opener') return undefined
    const isNear = hit.bare === true || this.leadsSoon(index)
    if (isNear !== true) return isNear === WAIT ? WAIT : undefined
    for (const candidate of hit.candidates) {
      const { opener, family, where } = candidate
      if (opener.prefix === true || !text.allows(where)) continue
      cursor.at = index + (hit.bare ? 0 : hit.text.length)
      // Muted, since it may be asked again and must not note anything twice.
      reading.out.mute()
      const opens = reading.reader(family).opens(opener, from)
      reading.out.unmute()
      cursor.at = at
      if (opens !== false) return opens === WAIT ? WAIT : candidate
    }
    return undefined
  }

  /** Do openers and white space between them end soon behind an index? `WAIT`: the text ends in them. */
  private leadsSoon(index: number): boolean | typeof WAIT {
    const { own } = this
    const { window, ended } = this.reading.cursor
    let i = index
    while (i < window.length && i - index <= LONGEST_LEAD) {
      if (isSpace(window.charCodeAt(i))) i++
      else if (own.at(window, i, ended) && own.hit?.kind === 'opener' && !own.hit.bare) i = own.end
      else return true
    }
    return i - index <= LONGEST_LEAD && (ended || WAIT)
  }

  *read(_opener: Opener, from: number): Read<boolean> {
    const { cursor, out, text } = this.reading
    const { length, means, shape, candidate, callFrom } = this.found as Found
    const to = from + length
    cursor.rewind(to)
    const before = cursor.since(from)
    if (candidate === undefined) {
      out.mark('call')
      out.note('stray-marker', `${before} stood in place of a close marker and was left out`, from, to)
      return true
    }
    // A tag of another word needs its closer behind the call. So does a token, where calls have close markers.
    const isPair = means === undefined && (shape === 'tag' || this.close.length > 0)
    if (isPair && !(yield* this.isPair(candidate, from, callFrom, before))) {
      text.track(before)
      out.content(before, from)
      return false
    }
    out.repairNext({ kind: 'misspelt-marker', from, to, before, after: means ?? this.open[0] ?? '' })
    const read = yield* this.readCall(candidate, from, callFrom, means === undefined ? undefined : before)
    out.repairNext(undefined)
    // Its closer is text as well.
    if (!read) this.reading.openText()
    if (read && means === undefined) {
      if (isPair) yield* this.readFurther(before)
      yield* this.passCloser(before)
    }
    return read
  }

  /** Reads the calls behind the first one of a pair. */
  private *readFurther(wrapper?: string): Read<void> {
    const { cursor } = this.reading
    for (;;) {
      const to = cursor.offset
      while (cursor.skipSpace() === WAIT) yield
      const from = cursor.offset
      let next: Candidate | undefined | typeof WAIT
      while ((next = this.callAt(cursor.at, from)) === WAIT) yield
      if (next !== undefined && (yield* this.readCall(next, from, from, wrapper))) continue
      if (next === undefined) cursor.rewind(to)
      return
    }
  }

  /** Reads the call that was found, as if the marker before it were white space. `wrapper`: that, if it is a spelling of a marker. */
  private *readCall({ opener, family }: Candidate, from: number, callFrom: number, wrapper?: string): Read<boolean> {
    const { reading } = this
    const { cursor } = reading
    const reader = reading.reader(family)
    const start = callFrom + (opener.bare === true ? 0 : opener.marker.length)
    cursor.at += start - cursor.offset
    reading.wrapper = wrapper
    // What it found belongs to the opener that it was asked about last.
    while (reader.opens(opener, from) === WAIT) yield
    const read = yield* reader.read(opener, from)
    reading.wrapper = undefined
    return read
  }

  /**
   * Any pair of tags around nothing but whole calls is a misspelt wrapper. They are read on trial first, without events.
   * The cursor is left behind the opening tag.
   */
  private *isPair(candidate: Candidate, from: number, callFrom: number, before: string): Read<boolean> {
    const { reading } = this
    const { cursor, out, lastCallTo, openersAsText } = reading
    const { announced, wholeCalls } = out
    const to = cursor.offset
    const text = reading.text.copy()
    out.mute()
    if (yield* this.readCall(candidate, from, callFrom)) yield* this.readFurther()
    const calls = out.wholeCalls - wholeCalls
    const read = cursor.since(callFrom).trimEnd()
    const closes = this.close.some((marker) => read.endsWith(marker)) || (yield* this.passCloser(before))
    out.unmute()
    cursor.rewind(to)
    reading.text.adopt(text)
    Object.assign(reading, { lastCallTo, openersAsText })
    return closes && calls > 0 && calls === out.announced - announced
  }

  /** The closing tag of a pair, or any token behind one, if it stands here. */
  private *passCloser(open: string): Read<boolean> {
    const { cursor, out } = this.reading
    if (/[|｜]/.test(open)) return yield* passWrongCloser(this.reading, open)
    const to = cursor.offset
    const close = open.replace('<', '</')
    while (cursor.skipSpace() === WAIT) yield
    let found: number
    while ((found = cursor.starts(close)) === WAIT) yield
    if (found === 0) cursor.rewind(to)
    else {
      const at = cursor.offset
      cursor.at += close.length
      out.note('stray-marker', `${close} closed the calls in place of their marker`, at, cursor.offset)
    }
    return found === 1
  }
}
