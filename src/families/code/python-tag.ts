import { CALL_SHAPE } from '../../engine/call-shape.js'
import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { DamagedJson } from '../../recovery/damaged-json.js'
import { WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import { toolOf } from '../../tools/schema.js'
import { soleStringProperty } from '../../tools/value-types.js'
import { BareCalls } from '../bare-json/bare-calls.js'
import type { BareJsonGrammar } from '../bare-json/bare-json-grammar.js'
import { jsonCalls } from '../json-calls/json-calls.js'
import { isPythonCall, readAllCalls } from '../pythonic/all-calls.js'
import { PythonCall } from '../pythonic/python-call.js'
import { type CallHeader, HeaderScan } from '../pythonic/python-header.js'
import { PythonList } from '../pythonic/python-list.js'
import { BuiltinCall } from './builtin-call.js'
import { FUNCTION_OPEN, FunctionTag } from './function-tag.js'
import { RawString } from './raw-string.js'

export interface PythonTagGrammar {
  /** `<|python_tag|>` */
  readonly marker: string
  /** How the objects after the first are read. */
  readonly further: BareJsonGrammar
  /** Reads lists of calls, `[f(a=1), g()]`, behind the same marker. */
  readonly list: Family
}

/**
 * The family of what stands behind `<|python_tag|>`: JSON calls, lists of Python calls, `name.call(query="…")`,
 * `<function=name>{…}</function>`, and everything else as code for the code interpreter.
 */
export function pythonTag(grammar: PythonTagGrammar): Family {
  const { marker, further } = grammar
  const json = jsonCalls({ open: [marker], close: [], payloads: 'one', shape: further.shape ?? CALL_SHAPE })
  return { openers: [{ marker }], create: (reading: Reading) => new PythonTag(reading, grammar, json) }
}

/** Tools that run code, in order of preference. */
export const INTERPRETERS = ['code_interpreter', 'python', 'ipython']

class PythonTag implements FamilyReader {
  readonly expects = 'a call or code'
  private readonly further: BareCalls
  /** Offset of the opener that was asked about last. */
  private openerFrom = -1
  /** Offset behind it, and behind its repetitions: where code begins. */
  private markerTo = 0

  constructor(
    private readonly reading: Reading,
    private readonly grammar: PythonTagGrammar,
    private readonly json: Family,
  ) {
    this.further = new BareCalls(reading, grammar.further)
  }

  private get list(): FamilyReader {
    return this.reading.reader(this.grammar.list)
  }

  opens({ marker }: Opener, from: number): boolean | typeof WAIT {
    const { cursor, reasoning, deciding, stops, text } = this.reading
    // Asked again, the cursor stands behind the repetitions already.
    if (from !== this.openerFrom) {
      this.openerFrom = from
      // In a fence the call begins before its marker.
      this.markerTo = from + cursor.since(from).indexOf(marker) + marker.length
    }
    let code: number
    for (;;) {
      code = cursor.skipSpace()
      if (code < 0) return code === WAIT ? WAIT : false
      const stop = this.reading.at(stops)
      if (stop !== undefined) return stop === WAIT ? WAIT : false
      const again = cursor.starts(marker)
      if (again === WAIT) return WAIT
      if (again === 0) break
      if (!this.reading.passRepeated(marker)) return false
      this.markerTo = cursor.offset
    }
    // Code has no end of its own, so in reasoning it cannot be told from it; and in `<|python_tag|>` prose goes on. Where
    // another format may be meant, it begins a line.
    const isCode = !reasoning && !text.inCode && (!deciding || text.atLineStart || text.fresh)
    return isCode || code === 0x7b || code === 0x5b || code === 0x3c
  }

  read(opener: Opener, from: number): Read<boolean> {
    // Nearly always an object follows, which needs no other reader around its own.
    return this.reading.cursor.peek() === 0x7b ? this.readJson(opener, from) : this.readOther(opener, from)
  }

  private *readOther(opener: Opener, from: number): Read<boolean> {
    const { cursor } = this.reading
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    if (code === 0x7b || (code === 0x5b && (yield* this.listStands()))) return yield* this.readJson(opener, from)
    if (code === 0x3c) {
      const functionTag = new FunctionTag(this.reading)
      if (yield* this.functionStands(functionTag, opener, from)) return yield* functionTag.read(opener, from)
    }
    if (code === 0x5b && (yield* this.callsStand(opener, from))) return yield* this.list.read(opener, from)
    if ((code === 0x22 || code === 0x27) && (yield* this.memberStands())) return yield* this.giveBack(from)
    if (yield* this.knownCallsStand()) return yield* this.readKnownCalls(from)
    const builtin = new BuiltinCall(this.reading)
    if ((yield* builtin.stands()) && (yield* builtin.read(from))) return true
    if (this.reading.reasoning) return false
    cursor.rewind(this.markerTo)
    yield* this.readCode(from)
    return true
  }

  private *readJson(opener: Opener, from: number): Read<boolean> {
    const { cursor, out } = this.reading
    const whole = yield* this.reading.reader(this.json).read(opener, from)
    if (this.reading.lastCallTo < from) return whole
    for (;;) {
      let code: number
      while ((code = cursor.peek()) === WAIT) yield
      if (code !== 0x7d || !out.settings.repair) break
      out.note('stray-marker', 'one closer too many', cursor.offset, cursor.offset + 1)
      cursor.at++
    }
    yield* this.further.readFurther(true)
    return true
  }

  private *listStands(): Read<boolean> {
    let stands: boolean | typeof WAIT
    while ((stands = this.further.place.listStands()) === WAIT) yield
    return stands
  }

  /**
   * Does a list of calls stand here, and no code? `[f(x=1), …`, but not `[f(x=1) for x in y]`: read up to behind the first
   * call on trial, without events.
   */
  private *callsStand(opener: Opener, from: number): Read<boolean> {
    const { reading } = this
    const { cursor, out } = reading
    const start = cursor.offset
    const headers = new HeaderScan(cursor)
    let header: ReturnType<HeaderScan['peek']>
    while ((header = headers.peek(true, true)) === WAIT) yield
    if (typeof header !== 'object' || header.behind === 'value') return false
    out.mute()
    const call = new PythonCall(reading, header, start, reading.evidence)
    const outcome = yield* call.read()
    if (outcome !== 'done' && call.opened) out.close('malformed', cursor.offset, call.why)
    out.unmute()
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    const stop = yield* reading.marker(reading.stops)
    const goesOn = outcome === 'done' && (code === 0x2c || code === 0x5d)
    cursor.rewind(start)
    if (!goesOn && code >= 0 && stop === undefined) return false
    let opens: boolean | typeof WAIT
    while ((opens = this.list.opens(opener, from)) === WAIT) yield
    return opens
  }

  /**
   * `get_weather(city="Paris")` of a tool that was given: a call of it, as Llama 3.3 writes it. Where a tool that runs code
   * was given too, nothing but such calls may stand there, or all of it is code.
   */
  private *knownCallsStand(): Read<boolean> {
    const { reading } = this
    const { cursor, out } = reading
    if (!out.tools.given) return false
    const start = cursor.offset
    const headers = new HeaderScan(cursor)
    let header: ReturnType<HeaderScan['peek']>
    while ((header = headers.peek(false, true)) === WAIT) yield
    if (typeof header !== 'object' || !out.tools.has(header.name) || !isPythonCall(reading, header)) return false
    out.mute()
    const stands = INTERPRETERS.some((tool) => out.tools.has(tool))
      ? (yield* readAllCalls(reading, headers, ',;\n')) !== 'text'
      : yield* this.isLiteral(header, start)
    out.unmute()
    cursor.rewind(start)
    return stands
  }

  /** Can the call be read, as far as it came? */
  private *isLiteral(header: CallHeader, from: number): Read<boolean> {
    const { cursor, out } = this.reading
    const call = new PythonCall(this.reading, header, from, 'marker')
    const outcome = yield* call.read()
    if (outcome !== 'done' && call.opened) out.close('malformed', cursor.offset, call.why)
    return outcome !== 'damaged'
  }

  private *readKnownCalls(from: number): Read<boolean> {
    const { reading } = this
    const headers = new HeaderScan(reading.cursor)
    const first = headers.peek(false, false)
    const list = new PythonList(reading, headers, {
      form: 'lines',
      close: [],
      evidence: reading.evidence,
      knownOnly: true,
    })
    return typeof first === 'object' && (yield* list.read(first, from))
  }

  /** `"name": `: the object of a call without its brace. Code cannot begin like that. */
  private *memberStands(): Read<boolean> {
    const { cursor } = this.reading
    for (;;) {
      const { window, at, ended } = cursor
      const text = window.slice(at, at + LONGEST_MEMBER)
      if (MEMBER.test(text)) return true
      if (ended || text.length === LONGEST_MEMBER) return false
      yield
    }
  }

  /** A call that cannot be read, and that no marker ends: text. */
  private *giveBack(from: number): Read<false> {
    const { cursor, format } = this.reading
    yield* new DamagedJson(cursor, 1, format.stops, [this.grammar.marker]).skip()
    this.reading.giveUp('the object of this call has no opening brace', from)
    return false
  }

  /** `<function=` with its header. Leaves the cursor behind the marker. */
  private *functionStands(functionTag: FunctionTag, opener: Opener, from: number): Read<boolean> {
    const { cursor } = this.reading
    let found: number
    while ((found = cursor.starts(FUNCTION_OPEN)) === WAIT) yield
    if (found === 0) return false
    cursor.at += FUNCTION_OPEN.length
    let opens: boolean | typeof WAIT
    while ((opens = functionTag.opens(opener, from)) === WAIT) yield
    return opens
  }

  /** Everything up to a stop token or the end, verbatim, as the argument of the tool that runs code. */
  private *readCode(from: number): Read<void> {
    const { reading } = this
    const { cursor, out, stops } = reading
    const { tools } = out
    const name = INTERPRETERS.find((tool) => tools.has(tool)) ?? 'code_interpreter'
    const key = (name === 'code_interpreter' ? undefined : soleStringProperty(toolOf(tools, name))) ?? 'code'
    const at = cursor.offset
    out.open({ name, nameFrom: at, nameTo: at, from, evidence: reading.evidence })
    out.json(`{${JSON.stringify(key)}: "`, at, at)
    const code = new RawString(cursor, out, out, stops)
    if (!code.scan()) yield code
    const to = cursor.offset
    // Little tells whole code from cut code but the reason why the source stopped.
    if (code.hit === undefined && (cursor.reason !== 'stop' || isCutHeader(code.head))) return reading.closeCut()
    out.json('"}', to, to)
    out.close('complete', to, '')
    reading.lastCallTo = to
  }
}

/** Is this no code yet, but the beginning of a list of calls or a function tag? `[`, `[tide(`, `<func` */
function isCutHeader(text: string): boolean {
  if (text.length > LONGEST_HEADER) return false
  const start = text.trim()
  return FUNCTION_OPEN.startsWith(start) || LIST_START.test(start)
}

const LONGEST_HEADER = 200
const LONGEST_MEMBER = 40
/** Runs on at most that many characters. */
const MEMBER = /^(["'])(?:name|parameters|arguments|type|function)\1\s{0,20}:/
/** Runs on at most that many characters. */
const LIST_START = /^\[\s{0,200}(?:[\p{L}_][\p{L}\p{N}\p{M}_.-]{0,200}\s{0,200}(?:\(\s{0,200})?)?$/u
