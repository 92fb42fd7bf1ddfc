import { CALL_SHAPE, type CallShape } from '../../engine/call-shape.js'
import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { skipTo } from '../../engine/skip-to.js'
import { DamagedJson } from '../../recovery/damaged-json.js'
import { repairCalls } from '../../recovery/repair.js'
import { passWrongCloser } from '../../recovery/wrong-closer.js'
import { WAIT } from '../../text/cursor.js'
import { MarkerSet, Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { CallObject } from '../call-object/call-object.js'
import { NOWHERE } from '../call-object/held-value.js'
import type { CallOutcome } from '../call-object/object-reader.js'

/** Calls as JSON objects behind a marker: `<tool_call>{"name": ..., "arguments": {...}}</tool_call>`. */
export interface JsonCallsGrammar {
  /** Markers that open a block. */
  readonly open: readonly string[]
  /** Markers that close it. Without one the block ends with its payload. */
  readonly close: readonly string[]
  readonly shape?: CallShape
  /** What may separate the objects of a block, besides white space. Default `,` and `;`. */
  readonly separators?: string
  /** A block holds one object or one list, and what follows is text. Default `many`. */
  readonly payloads?: 'one' | 'many'
  /** The markers of a block that cannot be read: text, as the block is (default), or `left-out`. */
  readonly damagedMarkers?: 'left-out'
  /** Close markers that stand in the content belong to no block and are left out. */
  readonly dropStrays?: boolean
}

/** The family of formats that write each call, or a list of them, as JSON between markers. */
export function jsonCalls(grammar: JsonCallsGrammar): Family {
  return {
    openers: grammar.open.map((marker) => ({ marker })),
    ...(grammar.dropStrays === true ? { strays: grammar.close } : {}),
    create: (reading: Reading) => new JsonBlock(reading, grammar),
  }
}

/** Stands for a length where there is none. */
const NEVER_CLOSED = -3

type Markers = readonly (readonly [string, number])[]

/** The markers of a block, each with how many of its characters belong to the block before it. */
function markersOf({ open, close }: JsonCallsGrammar, stops: readonly string[]) {
  const closing: Markers = close.map((text) => [text, text.length])
  const opening: Markers = open.map((text) => [text, 0])
  const stopping: Markers = stops.map((text) => [text, NEVER_CLOSED])
  return {
    /** Ends a payload, whatever is still open in it. */
    boundary: new MarkerSet([...closing, ...opening]),
    /** Where a block that cannot be read is over; at a stop token it was never closed. */
    ends: new MarkerSet([
      ...closing,
      ...open.map((text) => [`\n${text}`, 1] as const),
      // Where no marker closes a block, the next one does, wherever it stands.
      ...(close.length > 0 ? [] : opening),
      ...stopping,
    ]),
    /** The same where no close marker follows. */
    lineEnds: new MarkerSet([...opening, ...stopping, ['\n', NEVER_CLOSED]]),
  }
}

/** What ends a value that is no string and has no brackets, or shows that it is none. */
const VALUE_ENDS = new MarkerSet([...',}]{[(<"\'`\n'].map((end) => [end, end]))

class JsonBlock implements FamilyReader {
  readonly expects = '`{` or `[`'
  private readonly shape: CallShape
  private readonly boundary: Matcher<number>
  private readonly ends: Matcher<number>
  private readonly lineEnds: Matcher<number>
  /** No block that stands here is closed any more: the text was read to its end for that once. */
  private isUnclosed = false
  // Of the block that is being read:
  /** Where the text begins that becomes content if no call can be read in it: behind the last element. */
  private textFrom = 0
  /** Offset behind the last payload; -1 before the first. */
  private payloadTo = -1
  /** Holds a call. */
  private any = false
  private inArray = false

  constructor(
    private readonly reading: Reading,
    private readonly grammar: JsonCallsGrammar,
  ) {
    this.shape = grammar.shape ?? CALL_SHAPE
    const { boundary, ends, lineEnds } = reading.grammar.once(grammar, () => markersOf(grammar, reading.format.stops))
    this.boundary = new Matcher(boundary)
    this.ends = new Matcher(ends)
    this.lineEnds = new Matcher(lineEnds)
  }

  /** `<tool_call>` and a brace or bracket; a repeated `<tool_call>` forgets the first. */
  opens(): boolean | typeof WAIT {
    const { cursor } = this.reading
    for (;;) {
      const code = cursor.skipSpace()
      // Before the bracket is asked about: it may be the marker's.
      const again = this.reading.at(this.boundary)
      if (again === WAIT) return WAIT
      if (again !== 0) return again === undefined && (code === 0x7b || code === 0x5b)
      if (!this.reading.passRepeated(cursor.window.slice(cursor.at, this.boundary.end))) return false
    }
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { cursor, out } = this.reading
    const { payloads, separators = ',;' } = this.grammar
    const isOne = payloads === 'one'
    this.textFrom = from
    this.payloadTo = -1
    this.any = this.inArray = false
    let separated = false
    for (;;) {
      if (this.any) this.textFrom = cursor.offset
      const callFrom = this.goesOn ? cursor.offset : from
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      const at = cursor.offset
      if (code === 0x7b) {
        const call = this.callObject(callFrom)
        const outcome = yield* call.read()
        const mayPass = outcome === 'damaged' && (call.opened || this.any || this.inArray)
        const passed = mayPass && (yield* this.passDamage(call))
        if (passed && !call.opened) this.noCall(call.why)
        else if (passed || outcome === 'done') this.any = true
        else return yield* this.failed(call, outcome)
        this.payloadTo = cursor.offset
        if (isOne && !this.inArray) return true
      } else if (code === 0x5b && !this.inArray && !(yield* this.isMarker())) {
        this.inArray = true
        cursor.at++
      } else if (code === 0x5d && this.inArray) {
        this.inArray = false
        cursor.at++
        if (this.goesOn) this.payloadTo = cursor.offset
        if (isOne) {
          if (!this.any) this.endEmpty()
          return true
        }
      } else if ((code === 0x7d || code === 0x5d) && this.any && out.settings.repair) {
        // one closer too many: }}}
        cursor.at++
        this.payloadTo = cursor.offset
        out.note('stray-marker', 'one closer too many', at, cursor.offset)
      } else if (this.goesOn && separators.includes(String.fromCharCode(code))) {
        cursor.at++
        separated = true
        continue
      } else if (this.inArray && separated && (yield* this.passElement())) {
        this.noCall('it is no object')
        this.payloadTo = cursor.offset
      } else {
        return yield* this.close(opener, separated)
      }
      separated = false
    }
  }

  /** An element was read, and more may follow. */
  private get goesOn(): boolean {
    return this.payloadTo >= 0
  }

  private callObject(from: number): CallObject {
    const { text, out } = this.reading
    const { fenced } = text
    return new CallObject(this.reading, this.shape, {
      commit: 'name',
      from,
      boundary: this.boundary,
      listed: this.inArray,
      // In a fence, the call of a tool that does not exist is an example.
      accepts: (name) => !fenced || !out.tools.given || out.tools.has(name),
    })
  }

  /** Is the bracket here a marker's: `{…}[END_TOOL_REQUEST]`? */
  private *isMarker(): Read<boolean> {
    let stands: boolean | typeof WAIT
    while ((stands = this.reading.stands(this.boundary)) === WAIT) yield
    return stands
  }

  /** Reads an element of a list that is no object. False if none can be read here. */
  private *passElement(): Read<boolean> {
    const { cursor, value } = this.reading
    const from = cursor.offset
    value.begin(NOWHERE)
    while (!value.scan()) yield value
    // What the end of the text cuts is no text.
    if (!value.done && cursor.peek() >= 0) cursor.rewind(from)
    return value.done
  }

  /** Behind the last payload: the close marker, another opener (which closes too), a stop token, or text. */
  private *close(opener: Opener, separated: boolean): Read<boolean> {
    const { reading, any, inArray } = this
    const { cursor } = reading
    const closes = this.grammar.close.length > 0
    if (cursor.peek() < 0 && (any || inArray || !this.goesOn)) {
      if (inArray || !any) reading.cut('the list of calls was not closed', this.textFrom)
      return true
    }
    if (!any) {
      if (inArray || this.goesOn) return yield* this.giveBack('hopeless', reading.expected('`{`'))
      this.endEmpty()
    }
    let length = reading.at(this.boundary)
    if (length === WAIT) length = yield* reading.marker(this.boundary)
    if (length !== undefined) {
      if (inArray) this.unclosed()
      cursor.at += length
    } else if ((inArray || separated) && (yield* reading.atEnd())) {
      this.unclosed()
    } else if (!(closes && (yield* passWrongCloser(reading, opener.marker))) && any) {
      if (inArray && separated) this.noteDamage('element', reading.expected('`{` or `]`'), this.payloadTo)
      else if (inArray) this.unclosed()
      cursor.rewind(this.payloadTo)
    }
    return true
  }

  /** An element that is no call: text, as a block by itself would be. */
  private noCall(why: string): void {
    const { cursor, out, text } = this.reading
    const from = this.textFrom
    if (out.settings.damaged === 'keep') {
      this.content(cursor.since(from), from)
      text.sawContent()
    }
    this.noteDamage('element', why, from)
    this.textFrom = cursor.offset
  }

  private noteDamage(what: 'block' | 'element', why: string, from: number): void {
    const { cursor, out } = this.reading
    out.note('damaged-block', `this ${what} is no call that can be read: ${why}`, from, cursor.offset)
    out.fail('malformed')
  }

  /** A list without its bracket. Its calls are whole. */
  private unclosed(): void {
    const { cursor, out } = this.reading
    out.note('stray-marker', 'the list of calls was not closed', this.payloadTo, cursor.offset)
    if (!out.settings.repair) out.fail('malformed')
  }

  /** Behind a list without calls: text, if it held something else. */
  private endEmpty(): void {
    if (this.goesOn) this.noCall('the list ends')
    else this.reading.out.note('dropped-text', 'an empty list of calls', this.textFrom, this.reading.cursor.offset)
  }

  /** A call that is not whole. Calls before it stand. */
  private *failed(call: CallObject, outcome: CallOutcome): Read<boolean> {
    const { reading } = this
    if (outcome === 'truncated') {
      if (call.opened) reading.closeCut()
      else reading.cut('the text ended inside a call whose name had not come', this.textFrom)
    } else if (call.opened) {
      yield* reading.closeDamaged(call.why, this.skipDamage(call))
      // Where no marker closes a block, others may follow what stands for it.
      if (this.grammar.close.length === 0) reading.lastCallTo = reading.cursor.offset
    } else {
      const kind = call.rejected ? 'example' : call.hopeless ? 'hopeless' : 'damaged'
      return yield* this.giveBack(kind, call.why)
    }
    return true
  }

  /** The rest of a call that was announced: to the end of its block, or as far as damage goes that no marker ends. */
  private skipDamage({ closers }: CallObject): Read<unknown> {
    const { cursor, format } = this.reading
    const { open, close } = this.grammar
    if (close.length > 0) return this.skipToEnd(false)
    // In a string of JSON the quote would be escaped.
    const ends = [...format.stops, ...open.map((marker) => `${marker}{"`)]
    return new DamagedJson(cursor, closers.length + Number(this.inArray), ends, open).skip()
  }

  /**
   * `1/6`, `, ??`: where values without brackets and quotes cannot be read, and all else of their object is sound, the damage
   * ends with the object, and the calls behind it stand. Otherwise quotes cannot be trusted: what looks like a call may be data.
   */
  private *passDamage({ why, closers, opened }: CallObject): Read<boolean> {
    const { cursor, out } = this.reading
    const from = cursor.offset
    while (closers.length > 0) {
      const end = yield* skipTo(cursor, new Matcher(VALUE_ENDS))
      const at = cursor.offset
      const rest = this.reading.newValue(false).begin(NOWHERE, 'after-value', closers)
      while (!rest.scan()) yield rest
      if (rest.done) break
      cursor.rewind(end === ',' ? at + 1 : from)
      if (end !== ',') return false
    }
    if (opened) {
      this.reading.lastCallTo = cursor.offset
      out.close('malformed', cursor.offset, why)
    }
    return true
  }

  /**
   * A block that was not announced and cannot be read: mended if its span is known and nothing is lost or made up, else
   * text, to its end.
   */
  private *giveBack(kind: 'example' | 'hopeless' | 'damaged', why: string): Read<boolean> {
    const { cursor, out, text } = this.reading
    const from = this.textFrom
    const keep = out.settings.damaged === 'keep'
    const mends = kind === 'damaged' && out.settings.repair
    if (keep && !mends) this.content(cursor.since(from), from)
    const closed = yield* this.skipToEnd(keep && !mends)
    if (mends) {
      if (closed && repairCalls(this.reading, this.shape, cursor.since(from), from, this.boundary)) return true
      if (keep) this.content(cursor.since(from), from, closed)
    }
    if (keep) text.sawContent()
    if (kind === 'example') {
      const message = 'a call of a tool that was not given, in a code fence: an example'
      out.note('marker-in-text', message, from, cursor.offset)
    } else this.noteDamage('block', why, from)
    return this.any
  }

  /** Text of a block that cannot be read. `closed`: its close marker may stand at the end. */
  private content(text: string, from: number, closed = false): void {
    const { open, close, damagedMarkers } = this.grammar
    const isLeft = damagedMarkers === 'left-out'
    const start = (isLeft ? open.find((marker) => text.startsWith(marker)) : undefined)?.length ?? 0
    const end = (isLeft && closed ? close.find((marker) => text.endsWith(marker)) : undefined)?.length ?? 0
    this.reading.out.content(text.slice(start, text.length - end), from + start)
  }

  /**
   * Reads to behind the close marker, or to an opener at the beginning of a line, a stop token or the end: what stands in
   * a damaged block opens nothing. True if the block's end was found; where there is none, the damage ends with its line.
   */
  private *skipToEnd(asContent: boolean): Read<boolean> {
    const { cursor, out } = this.reading
    const start = cursor.offset
    const ends = this.isUnclosed ? this.lineEnds : this.ends
    const length = yield* skipTo(cursor, ends, asContent ? (text, from) => out.content(text, from) : undefined)
    if (length === undefined || length === NEVER_CLOSED) {
      this.isUnclosed = true
      const line = asContent ? -1 : cursor.since(start).indexOf('\n')
      if (line >= 0) cursor.rewind(start + line)
      return false
    }
    const from = cursor.offset
    cursor.at += length
    if (asContent && this.grammar.damagedMarkers === undefined) out.content(cursor.since(from), from)
    return true
  }
}
