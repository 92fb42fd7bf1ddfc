import { CALL_SHAPE, type CallShape } from '../../engine/call-shape.js'
import type { Family, FamilyReader, Opener, Where } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { repairCalls } from '../../recovery/repair.js'
import { passWrongCloser } from '../../recovery/wrong-closer.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { CallObject } from '../call-object/call-object.js'
import { NOWHERE } from '../call-object/held-value.js'
import type { CallOutcome } from '../call-object/object-reader.js'
import { type BlockMarkers, blockEnds } from './block-markers.js'
import { DamagedBlock } from './damaged-block.js'

/** Calls as JSON objects after a marker: `<tool_call>{"name": ..., "arguments": {...}}</tool_call>`. */
export interface JsonCallsGrammar extends BlockMarkers {
  readonly shape?: CallShape
  /** Where the markers open a block. Default `anywhere`. */
  readonly where?: Where
  /** What may separate the objects of a block, besides white space. Default `,` and `;`. */
  readonly separators?: string
  /** A block holds one object or one list, and what follows is text. Default `many`. */
  readonly payloads?: 'one' | 'many'
  /** Close markers that stand in the content belong to no block and are left out. */
  readonly dropStrays?: boolean
}

/** The family of formats that write each call, or a list of them, as JSON between markers. */
export function jsonCalls(grammar: JsonCallsGrammar): Family {
  const { open, close, where } = grammar
  // An object, a list, or a further marker.
  const firsts = `{[${[...open, ...close].map((marker) => marker.charAt(0)).join('')}`
  const mayBegin = (text: string, at: number) => firsts.includes(text.charAt(at))
  return {
    openers: open.map((marker) => ({ marker, where, mayBegin })),
    ...(grammar.dropStrays === true ? { strays: grammar.close } : {}),
    create: (reading: Reading) => new JsonBlock(reading, grammar),
  }
}

/** Reads a block: `<tool_call>`, objects or a list of them, `</tool_call>`. */
class JsonBlock implements FamilyReader {
  readonly expects = '`{` or `[`'
  private readonly shape: CallShape
  private readonly boundary: Matcher<number>
  private readonly damage: DamagedBlock
  // Of the block that is being read:
  /** Where the text begins that becomes content if no call can be read in it: behind the last element. */
  private textFrom = 0
  /** Offset behind the last payload; -1 before the first. */
  private payloadTo = -1
  /** Holds a call. */
  private any = false
  private inArray = false
  /** A list closed that holds nothing. */
  private isEmpty = false

  constructor(
    private readonly reading: Reading,
    private readonly grammar: JsonCallsGrammar,
  ) {
    this.shape = grammar.shape ?? CALL_SHAPE
    const ends = reading.grammar.once(grammar, () => blockEnds(grammar, reading.format))
    this.boundary = new Matcher(ends.boundary)
    this.damage = new DamagedBlock(reading, grammar, ends)
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
    this.any = this.inArray = this.isEmpty = false
    let separated = false
    for (;;) {
      if (this.any) this.textFrom = cursor.offset
      const callFrom = this.goesOn ? cursor.offset : from
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      const at = cursor.offset
      if (code === 0x7b) {
        const call = this.callObject(callFrom)
        if (!call.begin().scan()) yield call
        const outcome = call.result
        const mayPass = outcome === 'damaged' && (call.opened || this.any || this.inArray)
        const passed = mayPass && (yield* this.damage.passObject(call))
        if (passed && !call.opened) this.noCall(call.why)
        else if (passed || outcome === 'done') {
          this.any = true
          if (out.lastStatus === 'malformed') yield* this.doubtOpener()
        } else return yield* this.failed(call, outcome)
        this.payloadTo = cursor.offset
        if (isOne && !this.inArray) return true
      } else if (code === 0x5b && !this.inArray && !(yield* this.isMarker())) {
        this.inArray = true
        cursor.at++
      } else if (code === 0x5d && this.inArray) {
        this.inArray = false
        cursor.at++
        if (this.goesOn) this.payloadTo = cursor.offset
        this.isEmpty = !this.goesOn
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
        this.noCall('it is not an object')
        this.payloadTo = cursor.offset
      } else {
        if (code >= 0 && this.any && !this.inArray) {
          // Nearly always it is the close marker.
          const wait = this.reading.wait(this.boundary)
          if (!wait.scan()) yield wait
          cursor.at += this.boundary.hit ?? 0
          if (this.boundary.hit !== undefined) return true
        }
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
      // Of an opener nothing belongs to the block before it.
      opensNext: () => this.boundary.hit === 0,
      listed: this.inArray,
      // In a fence, the call of a tool that does not exist is an example.
      accepts: (name) => !fenced || !out.tools.given || out.tools.has(name),
    })
  }

  /** Is the bracket here a marker's: `{…}[END_TOOL_REQUEST]`, `[{…}][THINK]`? */
  private *isMarker(): Read<boolean> {
    const { reading } = this
    const markers = new Matcher(reading.grammar.brackets)
    let stands: boolean | typeof WAIT
    while ((stands = reading.stands(markers)) === WAIT) yield
    return stands
  }

  /** Reads a list element that is not an object. False if none can be read here. */
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
      if (inArray || !(any || this.isEmpty)) reading.cut('the list of calls was not closed', this.textFrom)
      else if (!any) this.endEmpty()
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
      if (inArray && separated) this.damage.note('element', reading.expected('`{` or `]`'), this.payloadTo)
      else if (inArray) this.unclosed()
      cursor.rewind(this.payloadTo)
      reading.leaveBlock(opener.marker)
    }
    return true
  }

  /** An element that is not a call becomes text, as a block with nothing else in it would. */
  private noCall(why: string): void {
    const { cursor, out, text } = this.reading
    const from = this.textFrom
    if (out.settings.damaged === 'keep') {
      this.damage.content(cursor.since(from), from)
      text.sawContent()
    }
    this.damage.note('element', why, from)
    this.textFrom = cursor.offset
  }

  /** A list without its bracket. Its calls are whole. */
  private unclosed(): void {
    const { cursor, out } = this.reading
    out.note('stray-marker', 'the list of calls was not closed', this.payloadTo, cursor.offset)
    if (!out.settings.repair) out.fail('malformed')
  }

  /** Ends a list without calls. It becomes text if it held something else. */
  private endEmpty(): void {
    if (this.goesOn) this.noCall('the list ends')
    else this.reading.out.note('dropped-text', 'an empty list of calls', this.textFrom, this.reading.cursor.offset)
  }

  /** A call that is not whole. Calls before it stand. */
  private *failed(call: CallObject, outcome: CallOutcome): Read<boolean> {
    const { reading } = this
    if (outcome === 'truncated') {
      if (call.opened) reading.closeCut()
      else reading.cut('the text ended inside a call, before its name was known', this.textFrom)
    } else if (call.opened) {
      yield* this.doubtOpener()
      yield* reading.closeDamaged(call.why, this.damage.skipCall(call, this.inArray))
      // Where no marker closes a block, others may follow what stands for it.
      if (this.grammar.close.length === 0) reading.lastCallTo = reading.cursor.offset
    } else {
      const kind = call.rejected ? 'example' : call.hopeless ? 'hopeless' : 'damaged'
      return yield* this.giveBack(kind, call.why)
    }
    return true
  }

  /**
   * An opener where a call broke may stand in a string of it, whose quotes are read the other way round. In one of JSON, the
   * quotes behind it would be escaped; in one of Python they need not be, so what it opens is never a whole call.
   */
  private *doubtOpener(): Read<void> {
    const { cursor, format, out } = this.reading
    if (format.objects !== 'python') return
    const at = cursor.offset
    cursor.keep(at)
    while (cursor.skipSpace() === WAIT) yield
    if ((yield* this.reading.marker(this.boundary)) === 0) out.doubtRest()
    cursor.rewind(at)
    cursor.drop()
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
    if (keep && !mends) this.damage.content(cursor.since(from), from)
    const isRaw = this.reading.grammar.valueEnds.size > 0 && !/[[{]\s{0,9}["'}\]]/.test(cursor.since(from))
    const closed = yield* this.damage.skipToEnd(keep && !mends, isRaw)
    if (mends) {
      if (closed && repairCalls(this.reading, this.shape, cursor.since(from), from, this.boundary)) return true
      if (keep) this.damage.content(cursor.since(from), from, closed)
    }
    if (keep) text.sawContent()
    if (kind === 'example') {
      const message = 'a call of a tool that was not given, in a code fence: an example'
      out.note('marker-in-text', message, from, cursor.offset)
    } else this.damage.note('block', why, from)
    return this.any
  }
}
