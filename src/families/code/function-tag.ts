import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { skipTo } from '../../engine/skip-to.js'
import { passSurplus } from '../../recovery/surplus-closers.js'
import { isSpace } from '../../text/characters.js'
import { type Cursor, WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { readArguments } from '../call-object/json-arguments.js'

export const FUNCTION_OPEN = '<function='
const FUNCTION_CLOSE = '</function>'
const CLOSE = /* @__PURE__ */ markerSet([FUNCTION_CLOSE])

/** The family of `<function=name>{…}</function>`, whose arguments are one JSON object, or none. */
export function functionTag(): Family {
  return { openers: [{ marker: FUNCTION_OPEN }], create: (reading: Reading) => new FunctionTag(reading) }
}

/** Longer headers, with the white space behind them, are text. */
const LONGEST_HEADER = 300
const LONGEST_NAME = 128

/** `name>` or `name` before its brace: offsets are from the cursor on. */
interface Header {
  readonly name: string
  readonly from: number
  readonly to: number
  /** Where the arguments begin, or the close marker. */
  readonly body: number
  /** The text ended here. */
  readonly cut: boolean
  /** `>` is missing. */
  readonly unclosed: boolean
}

/** Reads the calls of that family. The cursor stands behind `<function=`. */
export class FunctionTag implements FamilyReader {
  readonly expects = 'a name, `>` and `{`'
  private readonly close = new Matcher(CLOSE)
  private readonly ends: Matcher<string>
  /** What may stand behind a header: a model that stops there calls without arguments. */
  private readonly bodies: readonly string[]

  constructor(private readonly reading: Reading) {
    this.bodies = ['{', FUNCTION_CLOSE, ...reading.format.stops]
    const ends = () => markerSet([FUNCTION_CLOSE, FUNCTION_OPEN, ...reading.format.stops])
    this.ends = new Matcher(reading.grammar.once(CLOSE, ends))
  }

  opens(_opener: Opener, _from: number): boolean | typeof WAIT {
    const { cursor, text, out } = this.reading
    const header = peekHeader(cursor, this.bodies)
    if (header === WAIT && cursor.ended) {
      // The text ended inside the name.
      cursor.at = cursor.window.length
      return false
    }
    if (header === WAIT) return WAIT
    if (header === undefined) return false
    // In a fence, the call of a tool that does not exist is an example.
    if (text.fenced && out.tools.given && !out.tools.has(header.name)) return false
    return !header.unclosed || out.settings.repair
  }

  *read(_opener: Opener, from: number): Read<boolean> {
    const { reading } = this
    const { cursor, out } = reading
    const header = peekHeader(cursor, this.bodies)
    if (header === undefined || header === WAIT) return false
    const at = cursor.offset
    const nameTo = at + header.to
    out.open({ name: header.name, nameFrom: at + header.from, nameTo, from, evidence: reading.evidence })
    if (header.unclosed) out.repair('missing-closer', nameTo, nameTo, '', '>')
    cursor.at += header.body
    if (header.cut) {
      reading.closeCut()
      return true
    }
    if ((yield* reading.marker(reading.stops)) !== undefined) {
      out.json('{}', cursor.offset, cursor.offset)
      out.close('complete', cursor.offset, '')
      return true
    }
    const outcome = yield* readArguments(reading, this.close)
    if (outcome === 'over') reading.closeCut()
    else if (outcome === 'damaged') yield* this.closeDamaged()
    else yield* this.closeWhole()
    return true
  }

  private *closeWhole(): Read<void> {
    const { cursor, out } = this.reading
    const to = cursor.offset
    const behind = yield* passSurplus(this.reading, this.ends, 'line')
    const surplusTo = cursor.offset
    out.close('complete', behind === 'surplus' ? surplusTo : to, '')
    let found = 0
    if (behind !== 'text') while ((found = cursor.starts(FUNCTION_CLOSE)) === WAIT) yield
    if (found === 1) cursor.at += FUNCTION_CLOSE.length
    else if (behind !== 'surplus') cursor.rewind(to)
    this.reading.lastCallTo = cursor.offset
  }

  /** The rest of a call that cannot be read on is left out, to behind its close marker. */
  private *closeDamaged(): Read<void> {
    yield* this.reading.closeDamaged(this.reading.expected('an object of arguments'), this.skipToClose())
  }

  private *skipToClose(): Read<void> {
    const { cursor } = this.reading
    if ((yield* skipTo(cursor, this.ends)) === FUNCTION_CLOSE) cursor.at += FUNCTION_CLOSE.length
  }
}

/** The header that stands at the cursor, behind `<function=`; `WAIT` where the text, so far, ends inside the name. */
function peekHeader({ window, at, ended }: Cursor, bodies: readonly string[]): Header | undefined | typeof WAIT {
  const limit = Math.min(window.length, at + LONGEST_HEADER)
  const isCut = limit === window.length
  let end = at
  while (end < limit && isNameCode(window.charCodeAt(end))) end++
  if (end === limit) return isCut && !(ended && /\s/.test(window.slice(at, end))) ? WAIT : undefined
  const closer = window.charCodeAt(end)
  const name = cleanName(window.slice(at, end))
  if ((closer !== 0x3e && closer !== 0x7b) || name === undefined) return undefined
  const from = window.indexOf(name, at) - at
  const header = { name, from, to: from + name.length, cut: false, unclosed: closer === 0x7b }
  if (header.unclosed) return { ...header, body: end - at }
  let body = end + 1
  while (body < limit && isSpace(window.charCodeAt(body))) body++
  if (body === window.length) return ended ? { ...header, body: body - at, cut: true } : WAIT
  if (body === limit) return undefined
  if (bodies.some((start) => window.startsWith(start, body))) return { ...header, body: body - at }
  if (!bodies.some((start) => start.startsWith(window.slice(body, body + start.length)))) return undefined
  return ended ? { ...header, body: window.length - at, cut: true } : WAIT
}

function isNameCode(code: number): boolean {
  return code !== 0x3e && code !== 0x3c && code !== 0x7b && code !== 0x7d && code !== 10
}

/** A name without the space and the quotes around it; undefined if it cannot be one. */
function cleanName(text: string): string | undefined {
  const trimmed = text.trim()
  const quote = trimmed[0]
  const quoted = trimmed.length > 1 && (quote === '"' || quote === "'") && trimmed.endsWith(quote)
  const name = quoted ? trimmed.slice(1, -1) : trimmed
  return name === '' || name.length > LONGEST_NAME || /\s/.test(name) ? undefined : name
}
