import type { Reading } from '../../engine/reading.js'
import { skipTo } from '../../engine/skip-to.js'
import type { Read, Scanner } from '../../text/step.js'
import { insideJson } from '../../values/json/inside-json.js'
import { pythonToJson } from '../../values/python/python.js'

/** Longer headers open nothing. */
const LONGEST_HEADER = 200

/** One keyword argument as JSON text. */
interface Keyword {
  readonly name: string
  readonly json: string
}

/**
 * Reads a call of a builtin tool of Llama 3: `brave_search.call(query="latest price of cod")`. It comes out once its
 * closing parenthesis is read, since until then it may be code.
 *
 * Meta's own encoder does not escape the query, so a query with quotes in it cannot be read by any rule of JSON or Python:
 * where the text ends with `")`, all between the first `="` and that is the query.
 */
export class BuiltinCall {
  private name = ''

  constructor(private readonly reading: Reading) {}

  /** Does `name.call(ident =` stand here? Reads nothing. */
  *stands(): Read<boolean> {
    const { cursor } = this.reading
    for (;;) {
      const { window, at, ended } = cursor
      const text = window.slice(at, at + LONGEST_HEADER)
      const header = HEADER.exec(text)
      // One more character tells `query=` from `query==`.
      if (header !== null && (ended || header[0].length < text.length)) {
        this.name = header[1] as string
        return text[header[0].length] !== '='
      }
      if (ended || text.length === LONGEST_HEADER || !mayBeHeader(text)) return false
      yield
    }
  }

  /** The cursor stands at the name. False if it cannot be read as a call: then nothing came out. */
  *read(from: number): Read<boolean> {
    const { reading, name } = this
    const { cursor, out } = reading
    const nameFrom = cursor.offset
    cursor.at = cursor.window.indexOf('(', cursor.at) + 1
    const argumentsFrom = cursor.offset
    const scanner = new ArgumentScanner(reading)
    if (!scanner.scan()) yield scanner
    let keywords = scanner.closed ? readKeywords(cursor.since(argumentsFrom).slice(0, -1), scanner.commas) : undefined
    const before = keywords === undefined && out.settings.repair ? yield* this.unescaped(argumentsFrom) : undefined
    if (before !== undefined) keywords = before.keywords
    const cut = keywords === undefined && !scanner.closed && (yield* reading.atEnd())
    if (keywords === undefined && !cut) return false
    out.open({ name, nameFrom, nameTo: nameFrom + name.length, from, evidence: reading.evidence })
    const to = cursor.offset
    if (keywords === undefined) {
      reading.closeCut()
      return true
    }
    if (before !== undefined)
      out.repair('unescaped-quotes', before.from, before.to, before.text, insideJson(before.text))
    out.json(
      `{${keywords.map((keyword) => `${JSON.stringify(keyword.name)}: ${keyword.json}`).join(', ')}}`,
      argumentsFrom,
      to,
    )
    out.close('complete', to, '')
    reading.lastCallTo = to
    return true
  }

  /** All up to a stop token or the end, if it ends with `")`: one argument whose quotes were not escaped. */
  private *unescaped(argumentsFrom: number) {
    const { cursor, stops } = this.reading
    const to = cursor.offset
    // The stop token that ended the text may seem to stand in a string: `"5" disk")<|eom_id|>`.
    cursor.rewind(argumentsFrom)
    yield* skipTo(cursor, stops)
    const text = cursor.since(argumentsFrom)
    const found = unescapedQuery(text)
    if (found === undefined) {
      cursor.at = Math.max(cursor.at, to - cursor.base)
      return undefined
    }
    const { name, open, close } = found
    const query = text.slice(open, close)
    const keywords: Keyword[] = [{ name, json: JSON.stringify(query) }]
    return { keywords, text: query, from: argumentsFrom + open, to: argumentsFrom + close }
  }
}

/** `query="…")`: the name, and where what stands between the quotes begins and ends. */
function unescapedQuery(text: string): { name: string; open: number; close: number } | undefined {
  const equals = text.indexOf('=')
  const open = text.indexOf('"', equals)
  const close = text.trimEnd().length - 2
  // A quote that is escaped closes nothing: the text was cut.
  if (/(?:^|[^\\])(?:\\\\){0,20}\\$/.test(text.slice(Math.max(0, close - 44), Math.max(0, close)))) return undefined
  const isWhole =
    equals >= 0 &&
    open >= 0 &&
    close > open &&
    text.slice(equals + 1, open).trim() === '' &&
    text.startsWith('")', close)
  return isWhole ? { name: text.slice(0, equals).trim(), open: open + 1, close } : undefined
}

/** Runs on at most `LONGEST_HEADER` characters. */
const HEADER = /^([A-Za-z_][\w-]{0,100})\s{0,20}\.\s{0,20}call\(\s{0,20}[A-Za-z_]\w{0,60}\s{0,20}=/
const HEADER_START =
  /^[A-Za-z_][\w-]{0,100}\s{0,20}(\.\s{0,20}(c|ca|cal|call|call\(\s{0,20}([A-Za-z_]\w{0,60}\s{0,20}=?)?)?)?$/

function mayBeHeader(text: string): boolean {
  return HEADER_START.test(text)
}

/** Reads to behind the parenthesis that closes the call. Brackets and commas in strings count for nothing. */
class ArgumentScanner implements Scanner {
  closed = false
  /** Indices of the commas between the arguments, from the first argument on. */
  readonly commas: number[] = []
  private depth = 0
  private quote = 0
  private escaped = false
  private read = 0

  constructor(private readonly reading: Reading) {}

  scan(): boolean {
    const { cursor, stops } = this.reading
    const { window, ended } = cursor
    for (let i = cursor.at; i < window.length; i++, this.read++) {
      const code = window.charCodeAt(i)
      if (this.quote === 0 && stops.at(window, i, ended)) {
        cursor.at = i
        return stops.hit !== undefined
      }
      if (this.closes(code)) {
        this.closed = true
        cursor.at = i + 1
        return true
      }
    }
    cursor.at = window.length
    return ended
  }

  private closes(code: number): boolean {
    if (this.escaped) this.escaped = false
    else if (this.quote !== 0) {
      if (code === 0x5c) this.escaped = true
      else if (code === this.quote) this.quote = 0
    } else if (code === 0x22 || code === 0x27) this.quote = code
    else if (code === 0x28 || code === 0x5b || code === 0x7b) this.depth++
    else if (code === 0x29 && this.depth === 0) return true
    else if (code === 0x29 || code === 0x5d || code === 0x7d) this.depth--
    else if (code === 0x2c && this.depth === 0) this.commas.push(this.read)
    return false
  }
}

/** `query = "…", n = 3`, split at its commas; undefined if a part is no keyword with a literal. */
function readKeywords(text: string, commas: readonly number[]): Keyword[] | undefined {
  const keywords: Keyword[] = []
  let from = 0
  for (const to of [...commas, text.length]) {
    const part = text.slice(from, to)
    from = to + 1
    if (to === text.length && part.trim() === '' && keywords.length > 0) break
    const equals = part.indexOf('=')
    const name = part.slice(0, Math.max(0, equals)).trim()
    const json = equals < 0 ? undefined : pythonToJson(part.slice(equals + 1))
    if (json === undefined || !/^[A-Za-z_]\w{0,200}$/.test(name)) return undefined
    keywords.push({ name, json })
  }
  return keywords
}
