import { onlyFencesFollow } from '../../engine/fences-follow.js'
import type { Family, FamilyReader, Opener, Where } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import { writeMarked } from '../../engine/marked-text.js'
import type { Reading } from '../../engine/reading.js'
import { passClosersBehind } from '../../recovery/surplus-closers.js'
import { passWrongCloser } from '../../recovery/wrong-closer.js'
import { END, WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { isPythonCall, readAllCalls } from './all-calls.js'
import { bracketedHeader, type CallHeader, HeaderScan, plainHeader } from './python-header.js'
import { PythonList } from './python-list.js'
import { PythonSkipper } from './python-skipper.js'

/** Calls as Python writes them: `[plant(crop='kale', row=4), harvest()]`. */
export interface PythonicGrammar {
  /** Markers that open a list. */
  readonly open: readonly string[]
  /** Where they open one. Default `anywhere`. */
  readonly where?: Where
  /** Markers that close it, where they follow it. A list may do without. */
  readonly close: readonly string[]
  /**
   * Lists without a marker. `never`; `list`: under the rules for bare lists (a known name; without tools, at the beginning
   * of a line; never in code); `list-or-text`: also a text that is nothing but calls, without brackets.
   */
  readonly bare?: 'never' | 'list' | 'list-or-text'
  /** Behind a marker: calls need `brackets`, or may do without, one after the other or on `lines`. Default `brackets`. */
  readonly form?: 'brackets' | 'lines'
  /**
   * Behind a marker: any `name(` is a call (`name`, the default), or only one whose first argument has a keyword, or none
   * at all (`arguments`).
   */
  readonly commit?: 'name' | 'arguments'
  /** A second list behind the close marker, closed once more: the model repeats itself. It is left out, and the text malformed. */
  readonly echoes?: boolean
  /** Markers that are left out of the content where they stray there. */
  readonly strays?: readonly string[]
}

/** The family of formats that write calls as Python does. */
export function pythonicCalls(grammar: PythonicGrammar): Family {
  const { bare = 'never', where } = grammar
  const openers: Opener[] = grammar.open.map((marker) => (where === undefined ? { marker } : { marker, where }))
  if (bare !== 'never') openers.push({ marker: '[', bare: true, mayOpen: bracketedHeader })
  if (bare === 'list-or-text') openers.push({ marker: '', where: 'text-start', bare: true, mayOpen: plainHeader })
  return {
    openers,
    ...(grammar.strays === undefined ? {} : { strays: grammar.strays }),
    create: (reading: Reading) => new PythonicReader(reading, grammar),
  }
}

const NO_MARKERS: readonly string[] = []
/** No close marker is longer. */
const LONGEST_CLOSE = 64

class PythonicReader implements FamilyReader {
  readonly expects = 'a list of calls'
  private readonly headers: HeaderScan
  private readonly open: Matcher<string>
  private readonly close: Matcher<string>
  /** What ends a list that is none. */
  private readonly ends: Matcher<string>
  /** What `opens` found: the header of the first call, or the end of the text inside it. */
  private found: CallHeader | typeof END = END
  /** Offset of a bracket inside another one: a list of lists is data. */
  private nestedAt = -1

  constructor(
    private readonly reading: Reading,
    private readonly grammar: PythonicGrammar,
  ) {
    this.headers = new HeaderScan(reading.cursor)
    const { open, close, ends } = reading.grammar.once(grammar, () => ({
      open: markerSet(grammar.open),
      close: markerSet(grammar.close),
      ends: markerSet([...reading.format.stops, ...grammar.open, ...grammar.close]),
    }))
    this.ends = new Matcher(ends)
    this.open = new Matcher(open)
    this.close = new Matcher(close)
  }

  opens(opener: Opener, from: number): boolean | typeof WAIT {
    return opener.bare === true ? this.opensBare(opener, from) : this.opensMarked()
  }

  private opensMarked(): boolean | typeof WAIT {
    const { form = 'brackets', commit = 'name' } = this.grammar
    const code = this.skipRepeated()
    if (code === WAIT) return WAIT
    const bracketed = code === 0x5b
    if (!bracketed && form === 'brackets' && code >= 0) return false
    const found = code < 0 ? END : this.headers.look(bracketed, commit === 'arguments')
    if (found === WAIT || found === undefined) return found === WAIT ? WAIT : false
    this.found = found
    // Without a bracket, a word that the text ends in is a name only where the marker is no mention.
    if (found === END) return bracketed || code < 0 || this.reading.text.atLineStart
    return commit === 'name' || isPythonCall(this.reading, found)
  }

  /** Reads white space, and the opener where it comes again: the last one counts. The code that follows. */
  private skipRepeated(): number {
    const { cursor } = this.reading
    for (;;) {
      const code = cursor.skipSpace()
      if (code < 0) return code
      const again = this.reading.at(this.open)
      if (again === WAIT) return WAIT
      if (again === undefined) return code
      if (!this.reading.passRepeated(again)) return code
    }
  }

  private opensBare(opener: Opener, from: number): boolean | typeof WAIT {
    const { cursor, out, text } = this.reading
    const { tools } = out
    const bracketed = opener.marker !== ''
    // A fence belongs to the list that it begins with.
    if (text.fenced ? !bracketed || !tools.given || from === cursor.offset : text.inCode) return false
    if (!tools.given && !text.atLineStart) return false
    const found = this.headers.look(bracketed, true)
    if (found === WAIT) return WAIT
    const { missedAt } = this.headers
    if (bracketed && found === undefined && cursor.window[missedAt - cursor.base] === '[') this.nestedAt = missedAt
    if (found === undefined || found === END) return false
    this.found = found
    if (tools.given && !tools.has(found.name)) return false
    if (found.behind === 'end') return bracketed && tools.given
    return isPythonCall(this.reading, found)
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { reading, found, grammar } = this
    const { cursor } = reading
    if (found === END) return this.cutHeader(from)
    if (opener.marker === '') return yield* this.readText(from)
    if (opener.bare === true && from === this.nestedAt) return yield* this.readData(opener, from)
    const bare = opener.bare === true
    if (bare && reading.text.fenced) return yield* this.readFenced(found, from)
    const form = cursor.peek() === 0x5b ? 'brackets' : 'lines'
    const list = new PythonList(reading, this.headers, {
      form,
      close: grammar.close,
      evidence: bare && reading.evidence === 'marker' ? 'bare' : reading.evidence,
      knownOnly: bare,
    })
    if (yield* list.read(found, from)) {
      if (!bare || reading.text.atLineStart) yield* passClosersBehind(reading, ']')
      const closer = yield* this.skipClose(opener)
      if (closer === 'own' && grammar.echoes === true && !bare) yield* this.skipEcho()
      if (closer === 'none' && !bare && form === 'lines') yield* this.doubtRest()
      reading.lastCallTo = cursor.offset
      return true
    }
    this.giveBack(opener, from, list.why)
    return false
  }

  /**
   * A list in a code fence: calls, if they are whole, nothing else stands in the fence, and nothing but fences follows. Read
   * without a word to the outside first.
   */
  private *readFenced(header: CallHeader, from: number): Read<boolean> {
    const { reading } = this
    const { cursor, out, text } = reading
    const at = cursor.offset
    const rules = { form: 'brackets', close: NO_MARKERS, evidence: 'bare', knownOnly: true } as const
    const { announced, wholeCalls } = out
    out.mute()
    yield* new PythonList(reading, this.headers, rules).read(header, from)
    out.unmute()
    const to = cursor.offset
    const isWhole = out.wholeCalls > wholeCalls && out.wholeCalls - wholeCalls === out.announced - announced
    if (isWhole && (yield* this.closesFence()) && (yield* onlyFencesFollow(reading))) {
      const fenceTo = cursor.offset
      cursor.rewind(at)
      yield* new PythonList(reading, this.headers, rules).read(header, from)
      cursor.at += fenceTo - cursor.offset
      text.fenced = false
      reading.lastCallTo = fenceTo
      // False: the fence is over, and the one who reads fences need not look for its end.
      return false
    }
    cursor.rewind(to)
    this.release(from)
    return false
  }

  private *closesFence(): Read<boolean> {
    const { cursor } = this.reading
    while (cursor.skipSpace() === WAIT) yield
    let found: number
    while ((found = cursor.starts('```')) === WAIT) yield
    cursor.at += found === 1 ? 3 : 0
    return found === 1 || (yield* this.reading.atEnd())
  }

  /** `<|python_start|>[wat`, and no more. */
  private cutHeader(from: number): boolean {
    const { cursor } = this.reading
    cursor.at = cursor.window.length
    this.reading.cut('the text ended before the parenthesis of a call', from)
    return true
  }

  /** The close marker, if it follows, or what stands in its place; else the white space is text. */
  private *skipClose(opener: Opener): Read<'own' | 'other' | 'none'> {
    const { cursor } = this.reading
    if (this.grammar.close.length === 0) return 'none'
    const to = cursor.offset
    while (cursor.skipSpace() === WAIT) yield
    const marker = yield* this.reading.marker(this.close)
    if (marker !== undefined) {
      cursor.at += marker.length
      return 'own'
    }
    cursor.rewind(to)
    return opener.bare !== true && (yield* passWrongCloser(this.reading, opener.marker)) ? 'other' : 'none'
  }

  /** A block that goes on with another line behind its calls: that may be a call that was meant, so the text is not complete. */
  private *doubtRest(): Read<void> {
    const { cursor, out } = this.reading
    const to = cursor.offset
    cursor.keep(to)
    while (cursor.skipSpace() === WAIT) yield
    const from = cursor.offset
    const isOver = !cursor.since(to).includes('\n') || (yield* this.reading.atEnd()) || (yield* this.beginsClose())
    cursor.rewind(to)
    cursor.drop()
    if (isOver) return
    out.note('damaged-block', 'the block of calls goes on with a line that is none', from, from)
    out.fail('malformed')
  }

  /** Does the text end in the beginning of a close marker? */
  private *beginsClose(): Read<boolean> {
    const { cursor } = this.reading
    for (;;) {
      const rest = cursor.window.slice(cursor.at, cursor.at + LONGEST_CLOSE)
      if (!this.grammar.close.some((close) => close.trimStart().startsWith(rest))) return false
      if (cursor.ended) return true
      yield
    }
  }

  /** One more list with a close marker, and without an opener. */
  private *skipEcho(): Read<void> {
    const { reading, headers, grammar } = this
    const { cursor, out } = reading
    const to = cursor.offset
    let found: ReturnType<HeaderScan['look']>
    while (cursor.skipSpace() === WAIT) yield
    while ((found = headers.look(true, false)) === WAIT) yield
    if (typeof found !== 'object') return cursor.rewind(to)
    out.mute()
    const rules = { form: 'brackets', close: grammar.close, evidence: 'bare', knownOnly: false } as const
    yield* new PythonList(reading, headers, rules).read(found, cursor.offset)
    out.unmute()
    const marker = yield* reading.marker(this.close)
    if (marker === undefined) return cursor.rewind(to)
    cursor.at += marker.length
    out.note('dropped-text', 'a second list of calls, which no marker opens, was left out', to, cursor.offset)
    out.fail('malformed')
  }

  /** A list none of whose calls could be read: text. */
  private giveBack(opener: Opener, from: number, why: string): void {
    const { cursor, out, text } = this.reading
    const markerTo = opener.bare !== true && this.dropsMarkers ? from + opener.marker.length : from
    if (markerTo > from) out.note('stray-marker', `${opener.marker} opens nothing and was left out`, from, markerTo)
    out.fail('malformed')
    out.release('damaged-block', `no call can be read in this list: ${why}`, cursor.since(markerTo), markerTo)
    if (out.settings.damaged === 'keep') text.sawContent()
  }

  /** A list of calls in another list, `[[f()], [g()]]`: data, to the end of the outer one. Where that never ends, it is damage. */
  private *readData(opener: Opener, from: number): Read<boolean> {
    const { cursor } = this.reading
    const rest = new PythonSkipper(cursor, this.ends, 'closed').begin([0x5d], '')
    if (!rest.scan()) yield rest
    if (rest.isBroken || (rest.isOpen && cursor.peek() >= 0)) this.giveBack(opener, from, 'its bracket is doubled')
    else this.release(from)
    return false
  }

  /** Text that is no call, from `from` on. */
  private release(from: number): void {
    writeMarked(this.reading, this.reading.cursor.since(from), from)
    this.reading.text.sawContent()
  }

  /** The markers are no text, whatever stands between them. */
  private get dropsMarkers(): boolean {
    const { close, strays } = this.grammar
    return strays !== undefined && close.every((marker) => strays.includes(marker))
  }

  /**
   * A text that is nothing but calls: `f(a=1)`. Read without a word to the outside first, since anything else in it makes
   * all of it content.
   */
  private *readText(from: number): Read<boolean> {
    const { reading, headers } = this
    const { cursor, out } = reading
    out.mute()
    const calls = yield* readAllCalls(reading, headers, ',')
    out.unmute()
    if (calls !== 'whole') {
      this.release(from)
      return false
    }
    cursor.rewind(from)
    const evidence = reading.evidence === 'marker' ? 'bare' : reading.evidence
    const list = new PythonList(reading, this.headers, {
      form: 'lines',
      close: NO_MARKERS,
      evidence,
      knownOnly: true,
    })
    const first = this.headers.look(false, false)
    return typeof first === 'object' && (yield* list.read(first, from))
  }
}
