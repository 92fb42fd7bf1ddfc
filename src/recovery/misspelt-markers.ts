import type { Family, FamilyReader, Opener } from '../engine/format.js'
import type { Candidate, ContentMarker } from '../engine/grammar.js'
import { endsAt, spaceEnd } from '../engine/lines.js'
import type { Reading } from '../engine/reading.js'
import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import { type NearMarker, NearMarkerReader } from './near-marker.js'

/** The markers of a format around its calls, as it writes them. */
export interface CallMarkers {
  readonly open: readonly string[]
  readonly close?: readonly string[]
}

/** What may stand behind the bracket of a misspelt marker, or be its first character. */
const BEFORE = ' /|abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'

/**
 * The family of markers that are misspelt, beside a call that is right (decisions 5 and 14): `<tool_cal>` LF `{"name": …}` is a
 * call and no content. One that stands directly before a call of a given tool, which its own family reads without this
 * marker, is a listed repair of that call; one directly behind a call is left out, with a note. Anything else is text.
 *
 * It comes last in a format: any marker of the format's own is read first.
 */
export function misspeltMarkers({ open, close = [] }: CallMarkers): Family {
  return {
    openers: [
      // Where a call may follow a call, and at the start of the text: its bracket may be missing there.
      { marker: '', bare: true, prefix: true },
      { marker: '<', where: 'line-start', bare: true, before: BEFORE, prefix: true },
    ],
    create: (reading: Reading) => new MisspeltMarkers(reading, open, close),
  }
}

/** What was found: a marker before a call, which `candidate` reads from `callFrom` on; or one behind a call. */
interface Found extends NearMarker {
  readonly candidate?: Candidate
  readonly callFrom: number
}

class MisspeltMarkers implements FamilyReader {
  private readonly near: NearMarkerReader
  private readonly own: Matcher<ContentMarker>
  private found: Found | undefined

  constructor(
    private readonly reading: Reading,
    private readonly open: readonly string[],
    private readonly close: readonly string[],
  ) {
    this.near = new NearMarkerReader([...open, ...close])
    this.own = new Matcher(reading.grammar.content)
  }

  opens({ marker }: Opener, from: number): boolean | typeof WAIT {
    const { cursor, out, text, deciding } = this.reading
    const { window, at, ended } = cursor
    if (!out.settings.repair || out.refusesCalls || deciding || text.fenced || text.inCode) return false
    // That was asked before the text was looked at.
    if (marker !== '' && text.fresh) return false
    const near = this.near.at(window, at, ended)
    if (near === undefined || near === WAIT) return near === WAIT && this.isOwn(at) !== true ? WAIT : false
    const isOwn = this.isOwn(at)
    if (isOwn !== false) return isOwn === WAIT ? WAIT : false
    const end = at + near.length
    const next = spaceEnd(cursor, end)
    if (next === WAIT) return WAIT
    const candidate = out.tools.given ? this.callAt(next, from) : undefined
    if (candidate === WAIT) return WAIT
    if (candidate !== undefined) {
      this.found = { ...near, candidate, callFrom: cursor.base + next }
      return near.means !== undefined || near.shape === 'token' || near.shape === 'tag'
    }
    const closes = this.closes(near, end)
    this.found = { ...near, callFrom: -1 }
    return closes
  }

  /** Does a marker of the format stand at an index, or begin there? A stem alone is none. */
  private isOwn(at: number): boolean | typeof WAIT {
    const { window, ended } = this.reading.cursor
    if (!this.own.at(window, at, ended)) return false
    const { hit } = this.own
    if (hit === undefined) return WAIT
    return !(hit.kind === 'opener' && (hit.bare || hit.stem))
  }

  /** The candidate that finds a call at an index of the window. The cursor is left where it stands. */
  private callAt(index: number, from: number): Candidate | undefined | typeof WAIT {
    const { reading, own } = this
    const { cursor, text } = reading
    const { window, at, ended } = cursor
    if (!own.at(window, index, ended)) return undefined
    const { hit } = own
    if (hit === undefined) return WAIT
    if (hit.kind !== 'opener') return undefined
    for (const candidate of hit.candidates) {
      const { opener, family, where } = candidate
      if (opener.prefix === true || !text.allows(where)) continue
      cursor.at = index + (hit.bare ? 0 : hit.text.length)
      const opens = reading.reader(family).opens(opener, from)
      cursor.at = at
      if (opens !== false) return opens === WAIT ? WAIT : candidate
    }
    return undefined
  }

  /** Directly behind a call, and the line or the text ends behind it, or a marker follows. */
  private closes({ means, shape }: NearMarker, end: number): boolean | typeof WAIT {
    const { cursor, text, lastCallTo, stops } = this.reading
    if (lastCallTo < 0 || !text.fresh) return false
    if (means === undefined && shape !== 'token') return false
    const behind = endsAt(cursor, end, stops)
    if (behind === WAIT) return WAIT
    return behind !== 'neither' || this.isOwn(end)
  }

  *read(_opener: Opener, from: number): Read<boolean> {
    const { cursor, out, text } = this.reading
    const { length, means, shape, candidate, callFrom } = this.found as Found
    const to = from + length
    cursor.rewind(to)
    const before = cursor.since(from)
    if (candidate === undefined) {
      out.mark('call')
      out.note('stray-marker', `${before} stands in the place of a close marker and was left out`, from, to)
      return true
    }
    if (means === undefined && shape !== 'token' && !(yield* this.isPair(candidate, from, callFrom, before))) {
      cursor.rewind(to)
      text.track(before)
      out.content(before, from)
      return false
    }
    out.repairNext({ kind: 'misspelt-marker', from, to, before, after: means ?? this.open[0] ?? '' })
    const read = yield* this.readCall(candidate, from, callFrom)
    out.repairNext(undefined)
    return read
  }

  /** Reads the call that `opens` found, as if the marker before it were white space. */
  private *readCall({ opener, family }: Candidate, from: number, callFrom: number): Read<boolean> {
    const { cursor } = this.reading
    const reader = this.reading.reader(family)
    const start = callFrom + (opener.bare === true ? 0 : opener.marker.length)
    cursor.at += start - cursor.offset
    // What it found belongs to the opener that it was asked about last.
    while (reader.opens(opener, from) === WAIT) yield
    return yield* reader.read(opener, from)
  }

  /** Any pair of tags around nothing but whole calls is a misspelt wrapper. They are read without a word to the outside first. */
  private *isPair(candidate: Candidate, from: number, callFrom: number, before: string): Read<boolean> {
    const { cursor, out } = this.reading
    const { announced, wholeCalls } = out
    out.mute()
    yield* this.readCall(candidate, from, callFrom)
    out.unmute()
    const calls = out.wholeCalls - wholeCalls
    if (calls === 0 || calls !== out.announced - announced) return false
    const read = cursor.since(callFrom).trimEnd()
    let closes = this.close.some((marker) => read.endsWith(marker))
    if (!closes) {
      while (cursor.skipSpace() === WAIT) yield
      const closer = before.replace('<', '</')
      let found: number
      while ((found = cursor.starts(closer)) === WAIT) yield
      closes = found === 1
    }
    if (closes) cursor.rewind(from + before.length)
    return closes
  }
}
