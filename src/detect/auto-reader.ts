import type { FamilyReader, Format, Opener } from '../engine/format.js'
import type { Gate } from '../engine/gate.js'
import type { Candidate, Grammar } from '../engine/grammar.js'
import type { FormatIds } from '../engine/policy.js'
import { Reading } from '../engine/reading.js'
import { isSpecialToken } from '../engine/special-token.js'
import { spaceEnd } from '../text/characters.js'
import type { WAIT } from '../text/cursor.js'
import { WAIT as MORE } from '../text/cursor.js'
import type { Read } from '../text/step.js'
import { AskedPlaces } from './asked-places.js'
import { likenessOf, mostLikeness } from './likeness.js'
import { endsInCloser, leavesValueOpen, type ValueTags } from './open-value.js'

/** A format that reads calls after a marker, with one of its families. */
export interface Choice {
  readonly grammar: Grammar
  readonly candidate: Candidate
  /** That of the candidate's opener. */
  readonly mayBegin: Opener['mayBegin']
  /** It is asked only where nothing but the call tells: at the start of the text, and in a fence. */
  readonly isLast: boolean
}

interface Found {
  readonly reading: Reading
  readonly candidate: Candidate
  /** Where its header ends, as far as it was read. */
  readonly to: number
}

/** What opens no complete call is read twice: after so many, it is all text. */
const MOST_REFUSED = 16

/**
 * Reads calls of a format that is not known: asks the formats that share a marker, lets the likeliest read on, and leaves the
 * rest of the text to it once it has found a call.
 */
export class AutoReader implements FamilyReader {
  /** Made for those formats whose markers come up. */
  private readonly readings: Reading[] = []
  /** The formats that find a header, the likeliest first. */
  private found: readonly Found[] = []
  /** The opener that is asked about, and the formats of which it is known whether the text looks like them from there on. */
  private askedAt = -1
  private compared: Map<Format, boolean> | undefined
  /** How many headers opened no whole call. */
  private refused = 0
  private readonly places: AskedPlaces
  private askedAbout: Opener | undefined

  constructor(
    private readonly outer: Reading,
    private readonly choices: ReadonlyMap<string, readonly Choice[]>,
    private readonly valueTags: ValueTags,
  ) {
    this.places = new AskedPlaces(outer.cursor)
  }

  /** What the format that reads on has found. */
  get opened(): 'call' | 'message' {
    const [first] = this.found
    return first?.reading.reader(first.candidate.family).opened ?? 'call'
  }

  opens(opener: Opener, from: number): boolean | typeof WAIT {
    const { outer, places } = this
    // What one format's marker holds is no bare call of another.
    if (opener.bare === true && outer.text.behindMarker) return false
    const isAgain = from === this.askedAt && opener === this.askedAbout
    if (from !== this.askedAt) this.compared = undefined
    this.askedAt = from
    this.askedAbout = opener
    const beginsAsOwn = (format: Format) => this.looksLike(format, from)
    let waiting = false
    const found: (Found & { readonly likeness: number })[] = []
    // Without a marker to go by, only formats whose own calls have none are asked; and those whose header is like no other,
    // or whose calls may stand in a fence.
    const isAsked = opener.marker === '' || outer.text.fenced
    const choices = this.choices.get(opener.marker) ?? []
    // The prompt may hold the beginning of a header that has no marker.
    const mayRefute = choices.length > 1 && (opener.marker !== '' || outer.out.settings.prompt === undefined)
    places.begin(isAgain)
    let i = -1
    for (const { grammar, candidate, mayBegin, isLast } of choices) {
      i++
      if ((isLast && !isAsked) || !outer.text.allows(candidate.where)) continue
      // Of those that are as likely the first reads on, so the others need not be asked. Only in a fence may one of them.
      const best = outer.text.fenced ? undefined : found[0]
      if (best !== undefined && best.likeness >= mostLikeness(candidate, grammar.format, beginsAsOwn)) continue
      if (!places.goTo(i)) continue
      const begins = mayBegin === undefined || !mayRefute || this.mayBegin(mayBegin)
      if (begins === false) {
        places.refuses(i)
        continue
      }
      if (begins === MORE) {
        places.asksAgain(i, outer.cursor.offset)
        waiting = true
        continue
      }
      const reading = this.readingOf(grammar)
      const reader = reading.reader(candidate.family)
      const place = outer.cursor.offset
      const opens = reader.opens(candidate.opener, from)
      const to = outer.cursor.offset
      if (opens === false) places.refuses(i)
      else places.asksAgain(i, opens === true ? place : to)
      if (opens === MORE) waiting = true
      if (opens !== true) continue
      const likeness = likenessOf(candidate, reading, beginsAsOwn)
      if (likeness === MORE) waiting = true
      const at = found.findIndex((other) => other.likeness < likeness)
      found.splice(at < 0 ? found.length : at, 0, { reading, candidate, to, likeness })
    }
    if (waiting) {
      places.pause()
      return MORE
    }
    places.end(found[0]?.to)
    this.found = found
    return found.length > 0
  }

  /**
   * Does what has come show that no header of an opener begins here, or that more of it decides? Then no reader has to be made. It
   * skips white space as a reader does. (A small call of Hermes: 10 µs, and 17 where all are asked.)
   */
  private mayBegin(looks: NonNullable<Opener['mayBegin']>): boolean | typeof MORE {
    const { cursor } = this.outer
    const at = spaceEnd(cursor.window, cursor.at)
    if (at === cursor.window.length) return true
    const begins = looks(cursor.window, at)
    if (begins === true || (begins === MORE && cursor.ended)) return true
    cursor.at = at
    return begins
  }

  /** A reader of this text by one grammar, in the state of the text. */
  private readingOf(grammar: Grammar): Reading {
    const { outer } = this
    let reading = this.readings.find((made) => made.grammar === grammar)
    if (reading === undefined) {
      reading = new Reading(outer.cursor, outer.out, grammar)
      this.readings.push(reading)
    }
    reading.text.adopt(outer.text)
    reading.evidence = outer.evidence
    reading.frameClose = outer.frameClose
    reading.reasoning = outer.reasoning
    reading.refusing = outer.refusing
    reading.openersAsText = outer.openersAsText
    reading.deciding = true
    return reading
  }

  /**
   * Does the text from `from` on begin as only this format's own calls do? While another format waits, all are
   * asked again at each chunk: what is known is not looked for in a text that may have grown long.
   */
  private looksLike(format: Format, from: number): boolean | typeof WAIT {
    if (format.looks === undefined) return false
    const known = this.compared?.get(format)
    if (known !== undefined) return known
    const answer = this.compare(format.looks, from)
    if (answer !== MORE) (this.compared ??= new Map()).set(format, answer)
    return answer
  }

  private compare(beginnings: readonly string[], from: number): boolean | typeof WAIT {
    const { cursor } = this.outer
    const read = cursor.since(from)
    let answer: boolean | typeof WAIT = false
    for (const beginning of beginnings) {
      if (read.startsWith(beginning)) return true
      const stands = beginning.startsWith(read) ? cursor.starts(beginning.slice(read.length)) : 0
      if (stands === 1) return true
      if (stands === MORE) answer = MORE
    }
    return answer
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { outer } = this
    const { out, cursor } = outer
    const found = yield* this.choose(from)
    if (found === undefined) return false
    const { family, opener: own } = found.candidate
    const reading = this.readingOf(found.reading.grammar)
    const { announced, wholeCalls } = out
    const at = cursor.offset
    const before = out.become(reading.format)
    const gate = out.gate === undefined && !out.muted ? this.gateFor(opener) : undefined
    out.gate ??= gate
    let read = yield* reading.reader(family).read(own, from)
    if (gate !== undefined) out.gate = undefined
    if (gate?.refusedFrom !== undefined) {
      const counts = out.wholeCalls > wholeCalls || (yield* this.mayBeCut(gate))
      out.unmute()
      // What a closed call quotes is data, whosever call it is.
      const isClosed = !counts && read && endsInCloser(cursor.since(at))
      if (!counts && !isClosed) this.doubtOpen(from)
      if (counts || (!isClosed && ++this.refused < MOST_REFUSED)) cursor.rewind(at)
      if (!counts) return this.refuse(opener, from, before, isClosed)
      read = yield* this.readingOf(reading.grammar).reader(family).read(own, from)
    }
    outer.text.adopt(reading.text)
    outer.refusing = reading.refusing
    outer.openersAsText = reading.openersAsText
    // Parameters without a header are read to their end, or are none. A call that was announced is not given back.
    if (!read && own.prefix !== true && out.announced === announced) this.doubtOpen(from)
    if (read && !out.muted) {
      // Decided: the rest of the text is this format's.
      reading.lastCallTo = cursor.offset
      reading.deciding = false
      outer.successor = reading
    } else if (out.muted || out.wholeCalls === wholeCalls) out.become(before)
    // Else calls in a fence, which many formats read: it tells whose they are, and decides nothing for the rest.
    return read
  }

  /**
   * A header decides at once if it names a given tool, and its marker begins a line or is a special token. Any other has to
   * be that of a whole call.
   */
  private gateFor({ marker, bare }: Opener): Gate | undefined {
    const { text, out } = this.outer
    if (bare === true) return undefined
    const isPlaced = text.atLineStart || isSpecialToken(marker)
    if (isPlaced && !out.tools.given) return undefined
    const gate: Gate = {
      called: false,
      accepts: (name) => gate.called || (isPlaced && out.tools.has(name)),
    }
    return gate
  }

  /** Does the text end here, within the call of a given tool? Then it may have been whole. The end of a chunk says nothing of that. */
  private *mayBeCut({ refusedName = '' }: Gate): Read<boolean> {
    const { out, cursor } = this.outer
    if (!out.tools.has(refusedName)) return false
    while (cursor.peek() === MORE) yield
    return cursor.peek() < 0
  }

  /** What was read from `from` on is given back, and another format may read on: not in a value that is still open. */
  private doubtOpen(from: number): void {
    const { out, cursor } = this.outer
    if (leavesValueOpen(cursor.since(from), this.valueTags)) out.doubtRest()
  }

  /** What began like a call and turned out to be text decides nothing. */
  private refuse({ marker }: Opener, from: number, before: FormatIds, isClosed: boolean): false {
    const { out, cursor, text } = this.outer
    out.become(before)
    const read = cursor.since(from)
    text.track(read)
    // Its closer is text too.
    if (!isClosed) this.outer.openText()
    out.mention(marker, from)
    out.release('marker-in-text', `${marker} opens no complete call`, read, from)
    return false
  }

  /**
   * The format that reads on. A fence of calls is none to a format that wants it to be the whole text: such a fence is read
   * on trial, without events, until a format finds a call in it.
   */
  private *choose(from: number): Read<Found | undefined> {
    const { cursor, out, text } = this.outer
    const { found } = this
    const [first] = found
    if (found.length < 2 || !text.fenced || out.muted) return first
    cursor.keep()
    let chosen = first
    for (const one of found) {
      const { reading, candidate, to } = one
      cursor.rewind(to)
      const before = out.wholeCalls
      out.mute()
      yield* this.readingOf(reading.grammar).reader(candidate.family).read(candidate.opener, from)
      out.unmute()
      cursor.rewind(to)
      if (out.wholeCalls > before) {
        chosen = one
        break
      }
    }
    cursor.drop()
    return chosen
  }
}
