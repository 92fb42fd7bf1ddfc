import { onlyFencesFollow } from '../../engine/fences-follow.js'
import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import { writeMarked } from '../../engine/marked-text.js'
import type { Reading } from '../../engine/reading.js'
import { passClosersBehind } from '../../recovery/surplus-closers.js'
import { END, WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { isPythonCall, readAllCalls } from './all-calls.js'
import { ListEnd } from './list-end.js'
import { bracketedHeader, type CallHeader, HeaderScan, mayBeginName, plainHeader } from './python-header.js'
import { PythonList } from './python-list.js'
import { PythonSkipper } from './python-skipper.js'
import type { PythonicGrammar } from './pythonic-grammar.js'

/** The family of formats that write calls as Python does. */
export function pythonicCalls(grammar: PythonicGrammar): Family {
  const { bare = 'never', where } = grammar
  const openers: Opener[] = grammar.open.map((marker) => ({ marker, where }))
  if (bare !== 'never') openers.push({ marker: '[', bare: true, mayOpen: bracketedHeader })
  if (bare === 'list-or-text')
    openers.push({ marker: '', where: 'text-start', bare: true, mayOpen: plainHeader, mayBegin: mayBeginName })
  return {
    openers,
    ...(grammar.strays === undefined ? {} : { strays: grammar.strays }),
    create: (reading: Reading) => new PythonicReader(reading, grammar),
  }
}

const NO_MARKERS: readonly string[] = []

class PythonicReader implements FamilyReader {
  readonly expects = 'a list of calls'
  private readonly headers: HeaderScan
  private readonly open: Matcher<string>
  private readonly end: ListEnd
  /** What ends a list that holds no calls. */
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
    this.end = new ListEnd(reading, grammar.close, new Matcher(close), new Matcher(open))
  }

  opens(opener: Opener, from: number): boolean | typeof WAIT {
    return opener.bare === true ? this.opensBare(opener, from) : this.opensMarked()
  }

  private opensMarked(): boolean | typeof WAIT {
    const { form = 'brackets', commit = 'name' } = this.grammar
    const code = this.skipRepeated()
    if (code === WAIT) return WAIT
    const bracketed = code === 0x5b
    const isLoose = !bracketed && form === 'brackets' && code >= 0
    if (isLoose && !this.reading.out.settings.repair) return false
    const found = code < 0 ? END : this.headers.peek(bracketed, isLoose || commit === 'arguments')
    if (found === WAIT || found === undefined) return found === WAIT ? WAIT : false
    this.found = found
    if (isLoose) return this.opensLoose(found)
    // Without a bracket, a word at the end of the text is a name only if the marker begins a line.
    if (found === END) return bracketed || code < 0 || this.reading.text.atLineStart
    return commit === 'name' || isPythonCall(this.reading, found)
  }

  /** Without the bracket of its list only a call of a given tool opens, where its marker begins a line: `<|tool_call_start|>get_tide(harbour='Moss')` */
  private opensLoose(found: CallHeader | typeof END): boolean {
    const { out, text } = this.reading
    if (found === END || !text.atLineStart) return false
    return out.tools.given && out.tools.has(found.name) && isPythonCall(this.reading, found)
  }

  /** Skips white space and repeated openers, of which the last counts. Returns the character code that follows. */
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
    const found = this.headers.peek(bracketed, true)
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
    if (form === 'lines' && grammar.form !== 'lines') {
      const at = cursor.offset
      const extent = yield* this.looseExtent(found, from)
      if (extent === 'broken') {
        cursor.at += found.name.length
        this.giveBack(opener, from, 'its bracket is missing')
        return false
      }
      if (extent === 'cut')
        reading.out.doubt ??= { status: 'truncated', why: 'its list has no bracket, and the text ended in it' }
      reading.out.repairNext({ kind: 'missing-opener', from: at, to: at, before: '', after: '[' })
    }
    const list = new PythonList(reading, this.headers, {
      form,
      close: grammar.close,
      evidence: bare && reading.evidence === 'marker' ? 'bare' : reading.evidence,
      knownOnly: bare,
    })
    if (yield* list.read(found, from)) {
      if (!bare || reading.text.atLineStart) yield* passClosersBehind(reading, ']')
      const closer = yield* this.end.skipClose(opener)
      if (closer === 'own' && grammar.echoes === true && !bare) yield* this.end.skipEcho(this.headers)
      if (closer === 'none') reading.leaveBlock(opener.marker)
      if (closer === 'none' && !bare && form === 'lines') yield* this.end.doubtRest()
      if (list.leftOpen) reading.text.goesOnInBracket()
      reading.lastCallTo = cursor.offset
      return true
    }
    this.giveBack(opener, from, list.why)
    if (list.leftOpen) reading.text.goesOnInBracket()
    return false
  }

  /** Does nothing but whole calls stand before the end of a list without its brackets? Read on trial, without events. */
  private *looseExtent(header: CallHeader, from: number): Read<'whole' | 'cut' | 'broken'> {
    const { reading, grammar } = this
    const { cursor, out } = reading
    const at = cursor.offset
    const { announced, wholeCalls } = out
    out.mute()
    const rules = { form: 'lines', close: grammar.close, evidence: reading.evidence, knownOnly: false } as const
    yield* new PythonList(reading, this.headers, rules).read(header, from)
    out.unmute()
    const isWhole = out.wholeCalls - wholeCalls === out.announced - announced
    while (cursor.skipSpace() === WAIT) yield
    const isCut = cursor.peek() === END
    const isClosed = (yield* reading.marker(this.end.close)) !== undefined || (yield* reading.atEnd())
    cursor.rewind(at)
    if (out.announced === announced) return 'broken'
    return isWhole && isClosed ? 'whole' : isCut ? 'cut' : 'broken'
  }

  /**
   * A list in a code fence: calls, if they are whole, nothing else stands in the fence, and nothing but fences follows. Read
   * first on trial, without events.
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
      text.fence = ''
      reading.lastCallTo = fenceTo
      // False: the fence has ended, so the reader of fences need not look for its end.
      return false
    }
    cursor.rewind(to)
    this.release(from)
    return false
  }

  private *closesFence(): Read<boolean> {
    const { cursor, text } = this.reading
    while (cursor.skipSpace() === WAIT) yield
    let found: number
    while ((found = cursor.starts(text.fence)) === WAIT) yield
    cursor.at += found === 1 ? text.fence.length : 0
    return found === 1 || (yield* this.reading.atEnd())
  }

  /** `<|python_start|>[wat`, and no more. */
  private cutHeader(from: number): boolean {
    const { cursor } = this.reading
    cursor.at = cursor.window.length
    this.reading.cut('the text ended before the parenthesis of a call', from)
    return true
  }

  /** Gives back a list in which no call could be read. */
  private giveBack(opener: Opener, from: number, why: string): void {
    const { cursor, out, text } = this.reading
    const markerTo = opener.bare !== true && this.dropsMarkers ? from + opener.marker.length : from
    if (markerTo > from) out.note('stray-marker', `${opener.marker} opens nothing and was left out`, from, markerTo)
    out.fail('malformed')
    out.release('damaged-block', `no call can be read in this list: ${why}`, cursor.since(markerTo), markerTo)
    if (out.settings.damaged === 'keep') text.sawContent()
  }

  /** A list of lists, `[[f()], [g()]]`, is data up to its end, and damage if it never ends. */
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

  /** The markers never become text, whatever stands between them. */
  private get dropsMarkers(): boolean {
    const { close, strays } = this.grammar
    return strays !== undefined && close.every((marker) => strays.includes(marker))
  }

  /**
   * A text that is nothing but calls: `f(a=1)`. Read on trial first, without events, since anything else in it makes
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
    const first = this.headers.peek(false, false)
    return typeof first === 'object' && (yield* list.read(first, from))
  }
}
