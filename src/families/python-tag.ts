import { WAIT } from '../cursor.js'
import type { Family, FamilyReader, Opener } from '../format.js'
import type { Read, Reading } from '../reader.js'
import { soleStringProperty } from '../value-types.js'
import { BareCalls, type BareJsonGrammar } from './bare-json.js'
import { BuiltinCall } from './builtin-call.js'
import { CALL_SHAPE } from './call-object.js'
import { FUNCTION_OPEN, FunctionTag } from './function-tag.js'
import { jsonCalls } from './json-calls.js'
import { RawString } from './raw-string.js'

export interface PythonTagGrammar {
  /** `<|python_tag|>` */
  readonly marker: string
  /** How the objects after the first are read. */
  readonly further: BareJsonGrammar
}

/**
 * The family of what stands behind `<|python_tag|>`: JSON calls, `name.call(query="…")`, `<function=name>{…}</function>`,
 * and everything else as code for the code interpreter. Lists of Python calls are another family's, which stands before
 * this one and falls back on it.
 */
export function pythonTag(grammar: PythonTagGrammar): Family {
  return { openers: [{ marker: grammar.marker }], create: (r) => new PythonTag(r, grammar) }
}

/** Tools that run code, in order of preference. */
export const INTERPRETERS = ['code_interpreter', 'python', 'ipython']

class PythonTag implements FamilyReader {
  readonly expects = 'a call or code'
  private readonly json: FamilyReader
  private readonly further: BareCalls
  private readonly functionTag: FunctionTag

  constructor(
    private readonly r: Reading,
    { marker, further }: PythonTagGrammar,
  ) {
    this.json = jsonCalls({ open: [marker], close: [], payloads: 'one', shape: further.shape ?? CALL_SHAPE }).create(r)
    this.further = new BareCalls(r, further)
    this.functionTag = new FunctionTag(r)
  }

  opens(opener: Opener, _from: number): boolean | typeof WAIT {
    const { cursor, reasoning, stops, text } = this.r
    const code = cursor.skipSpace()
    if (code < 0) return code === WAIT ? WAIT : false
    const stop = this.r.at(stops)
    if (stop !== undefined) return stop === WAIT ? WAIT : false
    const again = cursor.starts(opener.marker)
    if (again !== 0) return again === WAIT ? WAIT : false
    // Code has no end of its own, so in reasoning it cannot be told from it; and in `<|python_tag|>` prose goes on.
    return (!reasoning && !text.inCode) || code === 0x7b || code === 0x5b || code === 0x3c
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { cursor } = this.r
    const at = from + opener.marker.length
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    if (code === 0x7b || (code === 0x5b && (yield* this.listStands()))) return yield* this.readJson(opener, from)
    if (code === 0x3c && (yield* this.functionStands(opener, from))) return yield* this.functionTag.read(opener, from)
    const builtin = new BuiltinCall(this.r)
    if ((yield* builtin.stands()) && (yield* builtin.read(from))) return true
    if (this.r.reasoning) return false
    cursor.rewind(at)
    yield* this.readCode(from)
    return true
  }

  private *readJson(opener: Opener, from: number): Read<boolean> {
    const { cursor, out } = this.r
    const whole = yield* this.json.read(opener, from)
    if (this.r.lastCallTo < from) return whole
    while (out.settings.repair && cursor.peek() === 0x7d) {
      out.note('stray-marker', 'one closer too many', cursor.offset, cursor.offset + 1)
      cursor.at++
    }
    yield* this.further.readFurther(true)
    return true
  }

  private *listStands(): Read<boolean> {
    let stands: boolean | typeof WAIT
    while ((stands = this.further.listStands()) === WAIT) yield
    return stands
  }

  /** `<function=` with its header. Leaves the cursor behind the marker. */
  private *functionStands(opener: Opener, from: number): Read<boolean> {
    const { cursor } = this.r
    let found: number
    while ((found = cursor.starts(FUNCTION_OPEN)) === WAIT) yield
    if (found === 0) return false
    cursor.at += FUNCTION_OPEN.length
    let opens: boolean | typeof WAIT
    while ((opens = this.functionTag.opens(opener, from)) === WAIT) yield
    return opens
  }

  /** Everything up to a stop token or the end, verbatim, as the argument of the tool that runs code. */
  private *readCode(from: number): Read<void> {
    const { r } = this
    const { cursor, out, stops } = r
    const { tools } = out
    const name = INTERPRETERS.find((tool) => tools.has(tool)) ?? 'code_interpreter'
    const key = (name === 'code_interpreter' ? undefined : soleStringProperty(tools.get(name))) ?? 'code'
    const at = cursor.offset
    out.open({ name, nameFrom: at, nameTo: at, from, evidence: r.evidence })
    out.json(`{${JSON.stringify(key)}: "`, at, at)
    const code = new RawString(cursor, out, stops)
    if (!code.scan()) yield code
    const to = cursor.offset
    // Little tells whole code from cut code but the reason why the source stopped.
    if (code.hit === undefined && (cursor.reason !== 'stop' || isCutHeader(cursor.since(at)))) return r.closeCut()
    out.json('"}', to, to)
    out.close('complete', to, '')
    r.lastCallTo = to
  }
}

/** Is this no code yet, but the beginning of a list of calls or a function tag? `[`, `[tide(`, `<func` */
function isCutHeader(text: string): boolean {
  if (text.length > LONGEST_HEADER) return false
  const start = text.trim()
  return FUNCTION_OPEN.startsWith(start) || LIST_START.test(start)
}

const LONGEST_HEADER = 200
/** Runs on at most that many characters. */
const LIST_START = /^\[\s{0,200}(?:[\p{L}_][\p{L}\p{N}\p{M}_.-]{0,200}\s{0,200}(?:\(\s{0,200})?)?$/u
