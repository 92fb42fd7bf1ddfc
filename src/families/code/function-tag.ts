import { CallMarks, type MarkGrammar, markSetsOf, marksOf } from '../../engine/call-marks.js'
import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import { endsAt } from '../../engine/lines.js'
import type { Reading } from '../../engine/reading.js'
import { DamagedSpan } from '../../recovery/damaged-span.js'
import { argumentsGoOn } from '../../recovery/go-on.js'
import { NearMarkerReader } from '../../recovery/near-marker.js'
import { leavesStringOpen } from '../../recovery/quoted-strings.js'
import { MarkerMarks } from '../../recovery/span-marks.js'
import { passSurplus } from '../../recovery/surplus-closers.js'
import { isSpace, isWrapped } from '../../text/characters.js'
import { type Cursor, WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import type { OfferedTools } from '../../tools/offered-tools.js'
import { readArguments } from '../call-object/json-arguments.js'

export const FUNCTION_OPEN = '<function='
const FUNCTION_STEM = '<function'
const AFTER_STEM = ' >(:/=\\[\n'
const FUNCTION_CLOSE = '</function>'
const CLOSE = /* @__PURE__ */ markerSet([FUNCTION_CLOSE])
const MARK_GRAMMAR: MarkGrammar = { call: { open: [FUNCTION_OPEN], close: [FUNCTION_CLOSE] } }
const MARKS = /* @__PURE__ */ marksOf(MARK_GRAMMAR)
const NEAR_CLOSE = /* @__PURE__ */ new NearMarkerReader([FUNCTION_CLOSE])

/**
 * The family of `<function=name>{…}</function>`, whose arguments are one JSON object, or none. Models write the header of a given
 * tool in many ways (`<function=name({…})</function>`, `<function=[name]>{…}<function/>`): those are listed repairs.
 */
export function functionTag(): Family {
  return {
    openers: [{ marker: FUNCTION_OPEN }, { marker: FUNCTION_STEM, stem: true, inText: true, before: AFTER_STEM }],
    create: (reading: Reading) => new FunctionTag(reading),
  }
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
  /** Other characters than the name stand in it, up to here. */
  readonly misspeltTo?: number | undefined
  /** It opens a list, in which the arguments stand: `name [{` */
  readonly listed?: boolean
}

/** Reads the calls of that family. The cursor stands behind `<function=`. */
export class FunctionTag implements FamilyReader {
  readonly expects = 'a name, `>` and `{`'
  private readonly close = new Matcher(CLOSE)
  private readonly ends: Matcher<string>
  /** What may stand behind a header: a model that stops there calls without arguments. */
  private readonly bodies: readonly string[]
  /** No close marker stands in the rest of the text. */
  private endsAreMissing = false

  constructor(private readonly reading: Reading) {
    this.bodies = ['{', FUNCTION_CLOSE, ...reading.format.stops]
    const ends = () => markerSet([FUNCTION_CLOSE, FUNCTION_OPEN, ...reading.format.stops])
    this.ends = new Matcher(reading.grammar.once(CLOSE, ends))
  }

  opens(opener: Opener, _from: number): boolean | typeof WAIT {
    const { cursor, text, out } = this.reading
    const header = this.peek(opener)
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

  private peek({ marker }: Opener): Header | undefined | typeof WAIT {
    const { cursor, out } = this.reading
    const header = marker === FUNCTION_STEM ? undefined : peekHeader(cursor, this.bodies)
    return header === undefined && out.settings.repair ? onlyHeader(cursor, out.tools) : header
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { reading } = this
    const { cursor, out } = reading
    const header = this.peek(opener)
    if (header === undefined || header === WAIT) return false
    const at = cursor.offset
    const nameTo = at + header.to
    const { name, unclosed, misspeltTo } = header
    out.open({ name, nameFrom: at + header.from, nameTo, from, evidence: reading.evidence })
    if (misspeltTo !== undefined) {
      const before = cursor.window.slice(cursor.at, cursor.at + misspeltTo)
      const after = opener.marker === FUNCTION_STEM ? `=${name}>` : `${name}>`
      out.repair('misspelt-header', at, at + misspeltTo, before, after)
    } else if (unclosed) out.repair('missing-closer', nameTo, nameTo, '', '>')
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
    else yield* this.closeWhole(header)
    return true
  }

  /** The bracket of the header may stand behind the arguments, in its place or once more: `<function=f{"a": 1}></function>` */
  private *closeWhole({ listed }: Header): Read<void> {
    const { cursor, out } = this.reading
    const to = cursor.offset
    const behind = yield* passSurplus(this.reading, this.ends, 'line', ')>')
    const closed = behind === 'text' && (yield* this.readMisspeltCloser())
    const surplusTo = cursor.offset
    if (behind === 'text' && !closed) {
      cursor.rewind(to)
      if (listed || (yield* argumentsGoOn(this.reading))) {
        yield* this.closeHalf()
        return
      }
    }
    out.close('complete', behind === 'surplus' || closed ? surplusTo : to, '')
    let found = 0
    if (behind !== 'text') while ((found = cursor.starts(FUNCTION_CLOSE)) === WAIT) yield
    if (found === 1) cursor.at += FUNCTION_CLOSE.length
    else if (behind !== 'surplus' && !closed) cursor.rewind(to)
    this.reading.lastCallTo = cursor.offset
  }

  /** The rest of the arguments is left out, up to the close marker. Where none follows, it is not known what that text is: it stays text. */
  private *closeHalf(): Read<void> {
    const { cursor, out } = this.reading
    const to = cursor.offset
    const span = this.span()
    const ending = this.endsAreMissing ? undefined : yield* span.skip()
    const text = cursor.since(to)
    if (ending === 'call-end') {
      out.note(
        'dropped-text',
        'text behind the arguments of a call, perhaps the rest of them, was left out',
        to,
        cursor.offset,
      )
      span.readEnd()
    } else {
      // To look for one again behind each of many calls would take long.
      this.endsAreMissing ||= ending === undefined
      if (span.passedCalls || leavesStringOpen(text)) out.doubtRest()
      cursor.rewind(to)
    }
    out.close('malformed', cursor.offset, 'text follows its arguments')
  }

  /** `<function/>`, `</func>`, `</function=f>`: the close marker in another spelling, with the white space before it. */
  private *readMisspeltCloser(): Read<boolean> {
    const { cursor, out, stops } = this.reading
    if (!out.settings.repair) return false
    while (cursor.skipSpace() === WAIT) yield
    let length: number
    while ((length = misspeltCloser(cursor)) === WAIT) yield
    if (length === 0) return false
    let behind: ReturnType<typeof endsAt>
    while ((behind = endsAt(cursor, cursor.at + length, stops)) === WAIT) yield
    const text = cursor.window.slice(cursor.at, cursor.at + length)
    // Without its slash it may open the next call.
    if (behind === 'neither' && !text.includes('/')) return false
    const at = cursor.offset
    cursor.at += length
    out.repair('misspelt-marker', at, cursor.offset, text, FUNCTION_CLOSE)
    return true
  }

  /** The rest of a call that cannot be read on is left out, to behind its close marker. */
  private *closeDamaged(): Read<void> {
    yield* this.reading.closeDamaged(this.reading.expected('an object of arguments'), this.skipToClose())
  }

  private *skipToClose(): Read<void> {
    const span = this.span()
    if ((yield* span.skip()) === 'call-end') span.readEnd()
  }

  private span(): DamagedSpan {
    const { cursor, grammar, format } = this.reading
    const sets = grammar.once(MARKS, () => markSetsOf(MARK_GRAMMAR, MARKS, format))
    return new DamagedSpan(cursor, new MarkerMarks(new CallMarks(MARKS, sets)), { openers: 'end' })
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
  if ((closer !== 0x3e && closer !== 0x7b) || name === undefined || isWrapped(name)) return undefined
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

/** What models write around a name, and between it and its arguments. */
const BESIDE_NAME = /[\s"'()[\]<>,:=/\\]{1,40}/
/** Words that may stand beside it: `<function name="f">`. */
const OTHER_WORDS = ['', 'function', 'name']

/**
 * A header that holds the name of one given tool, and nothing else that says anything, before the brace of its arguments:
 * `<function(f){`, `<function>f>{`, `<function=f, {`. The cursor stands behind `<function` or `<function=`.
 */
function onlyHeader({ window, at, ended }: Cursor, tools: OfferedTools): Header | undefined | typeof WAIT {
  if (!tools.given) return undefined
  const text = window.slice(at, at + LONGEST_HEADER)
  const brace = text.indexOf('{')
  const head = brace < 0 ? text : text.slice(0, brace)
  const pieces = head.split(BESIDE_NAME)
  if (brace < 0) {
    // The last word may be the beginning of another one.
    const last = pieces.pop() ?? ''
    const isBegun = OTHER_WORDS.some((word) => word.startsWith(last))
    const whole = pieces.filter((word) => !OTHER_WORDS.includes(word))
    const words = isBegun ? whole : [...whole, last]
    const [name = ''] = words
    const mayBe = words.length === 0 || (words.length === 1 && (tools.has(name) || tools.startsName(name)))
    return mayBe && !ended && text.length < LONGEST_HEADER ? WAIT : undefined
  }
  const words = pieces.filter((word) => !OTHER_WORDS.includes(word))
  const [name = ''] = words
  if (words.length !== 1 || !tools.has(name)) return undefined
  const from = head.indexOf(name)
  const to = from + name.length
  const listed = head.lastIndexOf('[') >= to && head.lastIndexOf('[') > head.lastIndexOf(']')
  return { name, from, to, body: brace, cut: false, unclosed: true, misspeltTo: brace, listed }
}

const WORD_CLOSER = /^(?:<\/[\w.-]{1,128}(?:=[\w.-]{1,128})?>|[;,]\s{0,4}<\/function>)/

/** Length of what stands for the close marker at the cursor; 0 for nothing of the kind. */
function misspeltCloser({ window, at, ended }: Cursor): number | typeof WAIT {
  const text = window.slice(at, at + LONGEST_HEADER)
  const [tag] = WORD_CLOSER.exec(text) ?? []
  if (tag !== undefined) return tag.length
  if (!ended && text.length < LONGEST_HEADER && /^(?:<(?:\/[\w.=-]{0,260})?|[;,]\s{0,4}[</function]{0,11})$/.test(text))
    return WAIT
  const near = NEAR_CLOSE.at(window, at, ended)
  return near === WAIT ? WAIT : near?.means === undefined ? 0 : near.length
}

/** A name without the space and the quotes around it; undefined if it cannot be one: `f/` is a tag that closes itself. */
function cleanName(text: string): string | undefined {
  const trimmed = text.trim()
  const quote = trimmed[0]
  const quoted = trimmed.length > 1 && (quote === '"' || quote === "'") && trimmed.endsWith(quote)
  const name = quoted ? trimmed.slice(1, -1) : trimmed
  return name === '' || name.length > LONGEST_NAME || /\s|\/$/.test(name) ? undefined : name
}
