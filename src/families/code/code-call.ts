import type { Family, FamilyReader, Opener } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { insideJson } from '../../values/json/inside-json.js'
import { RawString } from './raw-string.js'

/** A call of the code interpreter with an empty argument, and the code behind it. */
export interface CodeCallGrammar {
  readonly open: string
  readonly close: string
  /** What the tool's name begins with. */
  readonly name: string
}

const CODE_OPEN = '<code>'
const CODE_CLOSE = '</code>'

/**
 * The family of calls whose code stands behind them (the special code mode of Qwen-Agent):
 *
 *     <tool_call>
 *     {"name": "code_interpreter", "arguments": {"code": ""}}
 *     <code>
 *     print(1)
 *     </code>
 *     </tool_call>
 *
 * It stands before the family of JSON calls, which reads the same marker.
 */
export function codeCall(grammar: CodeCallGrammar): Family {
  return {
    openers: [{ marker: grammar.open, mayBegin: (text, at) => headerAt(text, at, false, grammar.name) !== undefined }],
    distinct: true,
    create: (reading: Reading) => new CodeCall(reading, grammar),
  }
}

/** Longer headers, white space included, are ordinary calls. */
const LONGEST_HEADER = 300
/** What the header is made of, with white space anywhere in between. An empty piece is the name. */
const HEADER = ['{', '"name"', ':', '', ',', '"arguments"', ':', '{', '"code"', ':', '""', '}', '}', CODE_OPEN]

interface Header {
  readonly name: string
  readonly from: number
  readonly length: number
  /** The text ended before `<code>`, or in it. */
  readonly cut: boolean
}

class CodeCall implements FamilyReader {
  readonly expects = '`{`'
  private readonly ends: Matcher<string>
  private readonly successors: Matcher<string>

  constructor(
    private readonly reading: Reading,
    private readonly grammar: CodeCallGrammar,
  ) {
    const { open, close } = grammar
    const { stops } = reading.format
    const { ends, successors } = reading.grammar.once(grammar, () => ({
      ends: markerSet([CODE_CLOSE, ...stops]),
      successors: markerSet([close, open, ...stops]),
    }))
    this.ends = new Matcher(ends)
    this.successors = new Matcher(successors)
  }

  opens(_opener: Opener, _from: number): boolean | typeof WAIT {
    const header = this.header()
    return header === WAIT ? WAIT : header !== undefined
  }

  *read(_opener: Opener, from: number): Read<boolean> {
    const { reading } = this
    const { cursor, out } = reading
    const header = this.header()
    if (header === undefined || header === WAIT) return false
    const nameFrom = cursor.offset + header.from
    out.open({ name: header.name, nameFrom, nameTo: nameFrom + header.name.length, from, evidence: reading.evidence })
    cursor.at += header.length
    if (header.cut) {
      reading.closeCut()
      return true
    }
    out.json('{"code": "', cursor.offset, cursor.offset)
    const whole = yield* this.readCode()
    if (!whole) {
      reading.closeCut()
      return true
    }
    out.json('"}', cursor.offset, cursor.offset)
    let close: number
    while ((close = cursor.starts(this.grammar.close)) === WAIT) yield
    if (close === 1) cursor.at += this.grammar.close.length
    out.close('complete', cursor.offset, '')
    reading.lastCallTo = cursor.offset
    return true
  }

  /** To behind its close marker and the white space that follows. False if it is cut. */
  private *readCode(): Read<boolean> {
    const { cursor, out } = this.reading
    const inner = new InnerLines(this.reading)
    const code = new RawString(cursor, out, inner, this.ends)
    for (;;) {
      if (!code.scan()) yield code
      if (code.hit !== CODE_CLOSE) return false
      const at = cursor.offset
      cursor.at += CODE_CLOSE.length
      const space = yield* this.space()
      const successor = yield* this.reading.marker(this.successors)
      if (successor !== undefined || cursor.peek() < 0) return true
      // The code itself holds the marker.
      inner.json(insideJson(CODE_CLOSE + space), at, cursor.offset)
    }
  }

  private *space(): Read<string> {
    const { cursor } = this.reading
    let space = ''
    for (;;) {
      const { at } = cursor
      const code = cursor.skipSpace()
      space += cursor.window.slice(at, cursor.at)
      if (code !== WAIT) return space
      yield
    }
  }

  /** The header that stands at the cursor, or `WAIT` while it may be one. Reads nothing. */
  private header(): Header | undefined | typeof WAIT {
    const { window, at, ended } = this.reading.cursor
    return headerAt(window, at, ended, this.grammar.name)
  }
}

/** The header at an index of the text, or `WAIT` while it may be one. `ended`: no more text will come. `tool`: what its name begins with. */
function headerAt(window: string, at: number, ended: boolean, tool: string): Header | undefined | typeof WAIT {
  const text = window.slice(at, at + LONGEST_HEADER)
  const isOver = ended && at + text.length === window.length
  const more = ended || text.length === LONGEST_HEADER ? undefined : WAIT
  let name = ''
  let from = 0
  let i = 0
  for (const piece of HEADER) {
    while (i < text.length && ' \n\r\t'.includes(text[i] as string)) i++
    if (piece !== '') {
      if (!text.startsWith(piece, i)) {
        if (!piece.startsWith(text.slice(i))) return undefined
        return isOver && piece === CODE_OPEN ? { name, from, length: text.length, cut: true } : more
      }
      i += piece.length
      continue
    }
    const end = text.indexOf('"', i + 1)
    const start = text.slice(i + 1, end < 0 ? undefined : end)
    const fits = start.startsWith(tool) || (end < 0 && tool.startsWith(start))
    if ((i < text.length && text[i] !== '"') || !fits || start.includes('\\')) return undefined
    if (end < 0) return more
    name = start
    from = i + 1
    i = end + 1
  }
  return { name, from, length: i, cut: false }
}

/** Leaves out one newline at the beginning and one at the end. */
class InnerLines {
  private begun = false
  private newlineFrom = -1

  constructor(private readonly reading: Reading) {}

  json(text: string, from: number, to: number): void {
    if (text === '') return
    let inner = text
    if (!this.begun && inner.startsWith('\\n')) inner = inner.slice(2)
    this.begun = true
    const { out } = this.reading
    if (inner === '') return
    if (this.newlineFrom >= 0) out.json('\\n', this.newlineFrom, this.newlineFrom + 1)
    this.newlineFrom = -1
    if (endsWithNewline(inner)) {
      inner = inner.slice(0, -2)
      this.newlineFrom = to - 1
    }
    out.json(inner, from, this.newlineFrom >= 0 ? this.newlineFrom : to)
  }

  repair(): void {}

  bigInteger(): void {}
}

/** Does this inside of a JSON string end with a newline, and not with a backslash and an n? */
function endsWithNewline(text: string): boolean {
  if (!text.endsWith('\\n')) return false
  let i = text.length - 2
  while (i > 0 && text[i - 1] === '\\') i--
  return (text.length - 2 - i) % 2 === 0
}
