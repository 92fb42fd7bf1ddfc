import { WAIT } from '../cursor.js'
import type { Family, FamilyReader, Opener } from '../format.js'
import { markerSet } from '../grammar.js'
import { MarkerSet, Matcher } from '../matcher.js'
import type { Read, Reading } from '../reader.js'
import { repairCalls } from '../repair.js'
import { type BlockEnd, closeTagLength } from './block-end.js'
import { endsOf } from './call-marks.js'
import { CALL_SHAPE, CallObject, type CallOutcome, type CallShape } from './call-object.js'
import { SkipTo } from './skip.js'

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
  /** Close markers that stand in the content belong to no block and are left out. */
  readonly dropStrays?: boolean
  /** Text between the opener and the first brace is skipped, if a brace comes before the close marker. */
  readonly skipJunk?: boolean
}

/** The family of formats that write each call, or a list of them, as JSON between markers. */
export function jsonCalls(grammar: JsonCallsGrammar): Family {
  return {
    openers: grammar.open.map((marker) => ({ marker })),
    ...(grammar.dropStrays === true ? { strays: grammar.close } : {}),
    create: (r) => new JsonBlock(r, grammar),
  }
}

function markersOf(grammar: JsonCallsGrammar, stopTokens: readonly string[]) {
  const close = grammar.close.map((text) => ({ text, length: text.length, stop: false }))
  // Where no marker closes a block, the next one does, wherever it stands.
  const lineOpen = grammar.open.map((text) => ({ text: `\n${text}`, length: 1, stop: false }))
  const open = close.length > 0 ? [] : grammar.open.map((text) => ({ text, length: 0, stop: false }))
  const stops = stopTokens.map((text) => ({ text, length: 0, stop: true }))
  return {
    opener: markerSet(grammar.open),
    boundary: markerSet([...grammar.close, ...grammar.open]),
    ends: new MarkerSet<BlockEnd>([...close, ...lineOpen, ...open, ...stops].map((end) => [end.text, end])),
  }
}

class JsonBlock implements FamilyReader {
  readonly expects = '`{` or `[`'
  private readonly shape: CallShape
  private readonly separators: string
  /** Ends a payload, whatever is still open in it. */
  private readonly boundary: Matcher<string>
  private readonly opener: Matcher<string>
  /** Where a block that cannot be read is over. */
  private readonly ends: Matcher<BlockEnd>
  /** Offset behind the last payload. */
  private payloadTo = 0

  constructor(
    private readonly r: Reading,
    private readonly grammar: JsonCallsGrammar,
  ) {
    this.shape = grammar.shape ?? CALL_SHAPE
    this.separators = grammar.separators ?? ',;'
    const { opener, boundary, ends } = r.grammar.once(grammar, () => markersOf(grammar, r.format.stops))
    this.opener = new Matcher(opener)
    this.boundary = new Matcher(boundary)
    this.ends = new Matcher(ends)
  }

  /** `<tool_call>` and a brace or bracket; a repeated `<tool_call>` forgets the first. */
  opens(_opener: Opener, _from: number): boolean | typeof WAIT {
    const { cursor, out } = this.r
    for (;;) {
      const code = cursor.skipSpace()
      if (code === WAIT) return WAIT
      if (code === 0x7b || code === 0x5b) return true
      if (this.grammar.skipJunk === true && code >= 0) return true
      const again = this.r.at(this.opener)
      if (again === undefined || again === WAIT) return again === WAIT ? WAIT : false
      out.note('stray-marker', `${again} came twice`, cursor.offset, cursor.offset + again.length)
      cursor.at += again.length
    }
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { cursor, out } = this.r
    const isOne = this.grammar.payloads === 'one'
    let inArray = false
    let any = false
    if (this.grammar.skipJunk === true && !(yield* this.findBrace(from))) return false
    for (let callFrom = from; ; callFrom = any ? cursor.offset : from) {
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      if (code === 0x7b) {
        const call = this.callObject(callFrom)
        const outcome = yield* call.read()
        if (outcome !== 'done') return yield* this.failed(call, outcome, callFrom, any)
        any = true
        this.payloadTo = cursor.offset
        if (isOne && !inArray) return true
      } else if (code === 0x5b && !inArray) {
        inArray = true
        cursor.at++
      } else if (code === 0x5d && inArray) {
        inArray = false
        cursor.at++
        this.payloadTo = cursor.offset
        if (isOne) {
          if (!any) out.note('dropped-text', 'an empty list of calls', from, cursor.offset)
          return true
        }
      } else if ((code === 0x7d || code === 0x5d) && any && out.settings.repair) {
        // one closer too many: }}}
        out.note('stray-marker', 'one closer too many', cursor.offset, cursor.offset + 1)
        cursor.at++
        this.payloadTo = cursor.offset
      } else if (code >= 0 && any && this.separators.includes(String.fromCharCode(code))) {
        cursor.at++
      } else {
        return yield* this.close(opener, from, any, inArray)
      }
    }
  }

  /** Goes to the first brace of the block. False if it has none: then it is text, or was cut. */
  private *findBrace(from: number): Read<boolean> {
    const { cursor, out, format } = this.r
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    const { close, open } = this.grammar
    const at = cursor.offset
    const junk = new SkipTo(
      cursor,
      new Matcher(['{', ...close, ...open, ...endsOf(format)].map((text) => [text, text])),
      undefined,
    )
    if (code !== 0x5b && !junk.scan()) yield junk
    if (code === 0x5b || junk.hit === '{') {
      if (cursor.offset > at)
        out.note('dropped-text', 'text before the object of a call was left out', at, cursor.offset)
      return true
    }
    if (junk.hit === undefined) {
      out.note('truncated-call', 'the text ended before the object of a call', from, cursor.offset)
      out.fail('truncated')
    } else if (close.includes(junk.hit)) {
      return yield* this.giveBack(from, 'hopeless', false, this.r.expected('`{`'))
    } else {
      out.release('damaged-block', `this block is no call: ${this.r.expected('`{`')}`, cursor.since(from), from)
      out.fail('malformed')
      if (out.settings.damaged === 'keep') this.r.text.wrote()
    }
    return false
  }

  private callObject(from: number): CallObject {
    const { text, out } = this.r
    const { fenced } = text
    return new CallObject(this.r, this.shape, {
      commit: 'name',
      from,
      boundary: this.boundary,
      // In a fence, the call of a tool that does not exist is an example.
      accepts: (name) => !fenced || !out.tools.given || out.tools.has(name),
    })
  }

  /** Behind the last payload: the close marker, another opener (which closes too), or text. */
  private *close(opener: Opener, from: number, any: boolean, inArray: boolean): Read<boolean> {
    const { cursor, out } = this.r
    const over = cursor.peek() < 0
    if (!any && !over && inArray) return yield* this.giveBack(from, 'hopeless', any, this.r.expected('`{`'))
    if (!any && !over) out.note('dropped-text', 'an empty list of calls', from, cursor.offset)
    if (over) {
      if (!inArray && any) return true
      out.note('truncated-call', 'the list of calls was not closed', from, cursor.offset)
      out.fail('truncated')
      return true
    }
    let marker: string | undefined | typeof WAIT
    while ((marker = this.r.at(this.boundary)) === WAIT) yield
    if (marker !== undefined && this.grammar.close.includes(marker)) cursor.at += marker.length
    else if (marker === undefined && !(yield* this.skipWrongClose(opener)) && any) cursor.rewind(this.payloadTo)
    return true
  }

  /** `</function_call>` where `</tool_call>` was meant. */
  private *skipWrongClose(opener: Opener): Read<boolean> {
    const { cursor, out } = this.r
    if (!out.settings.repair || this.grammar.close.length === 0) return false
    let length: number
    while ((length = closeTagLength(cursor)) === WAIT) yield
    if (length === 0) return false
    const from = cursor.offset
    cursor.at += length
    out.note('stray-marker', `another close marker ended the block of ${opener.marker}`, from, cursor.offset)
    return true
  }

  /** A call that is not whole. Calls before it stand. */
  private *failed(call: CallObject, outcome: CallOutcome, from: number, any: boolean): Read<boolean> {
    const { cursor, out } = this.r
    if (call.opened) {
      if (outcome === 'truncated') this.r.closeCut()
      else yield* this.closeDamaged(call.why)
      return true
    }
    if (outcome === 'truncated') {
      out.note('truncated-call', 'the text ended inside a call whose name had not come', from, cursor.offset)
      out.fail('truncated')
      return true
    }
    return yield* this.giveBack(from, call.rejected ? 'example' : call.hopeless ? 'hopeless' : 'damaged', any, call.why)
  }

  private *closeDamaged(why: string): Read<void> {
    const { cursor, out } = this.r
    let stop: string | undefined | typeof WAIT
    while ((stop = this.r.at(this.r.stops)) === WAIT) yield
    yield* this.skipToEnd(false)
    out.close('malformed', cursor.offset, stop === undefined ? why : 'the model stopped inside it')
  }

  /**
   * A block that was not announced and cannot be read: mended if its span is known and nothing is lost or made up, else
   * text, to its end.
   */
  private *giveBack(from: number, kind: 'example' | 'hopeless' | 'damaged', any: boolean, why: string): Read<boolean> {
    const { cursor, out, text } = this.r
    const keep = out.settings.damaged === 'keep'
    if (kind === 'damaged' && out.settings.repair) {
      const closed = yield* this.skipToEnd(false)
      if (closed && repairCalls(this.r, this.shape, cursor.since(from), from, this.boundary)) return true
      if (keep) out.content(cursor.since(from), from)
    } else {
      if (keep) out.content(cursor.since(from), from)
      yield* this.skipToEnd(keep)
    }
    if (keep) text.wrote()
    if (kind === 'example') {
      out.note(
        'marker-in-text',
        'a call of a tool that was not given, in a code fence: an example',
        from,
        cursor.offset,
      )
    } else {
      out.fail('malformed')
      out.note('damaged-block', `this block is no call that can be read: ${why}`, from, cursor.offset)
    }
    return any
  }

  /**
   * Reads to behind the close marker, or to an opener at the beginning of a line, a stop token or the end: what stands in
   * a damaged block opens nothing. True if the block's end was found.
   */
  private *skipToEnd(asContent: boolean): Read<boolean> {
    const { cursor, out } = this.r
    const skipper = new SkipTo(cursor, this.ends, asContent ? out : undefined)
    if (!skipper.scan()) yield skipper
    const end = skipper.hit
    if (end === undefined || end.stop) return false
    const from = cursor.offset
    if (asContent) out.content(end.text.slice(0, end.length), from)
    cursor.at += end.length
    return true
  }
}
