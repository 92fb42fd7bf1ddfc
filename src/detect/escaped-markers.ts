import type { ParserOptions } from '../engine/options.js'
import type { OtherFormat } from '../engine/session.js'
import type { Detector } from './detect.js'

/** A way in which all markers of a text are spelt otherwise, and what each piece of it stood for. */
interface Escaping {
  readonly how: string
  readonly piece: RegExp
  readonly plain: (piece: string) => string
  /** Only a message all of which is escaped so counts. */
  readonly isWhole?: (text: string) => boolean
  /** It is how prose writes of markers, so that no call is lost. */
  readonly isQuotation?: boolean
}

/** A piece of any of them that a marker may begin with. Nearly no text has one, and this is asked of each. */
const FIRST_SIGN = /^"|&(?:lt|quot|apos|#)|[＜［｛\u00ad\u200b-\u200f\u2060\ufeff]|\\(?:u00|[<["])|`[<[]|[a-z]：/i

/** So much of the text behind the first of them is read: a call that is escaped begins there, or is one of many. */
const LONGEST_READ = 4096

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

const fromWide = (piece: string) => String.fromCharCode(piece.charCodeAt(0) - 0xfee0)

const ESCAPINGS: readonly Escaping[] = [
  {
    how: 'HTML-escaped',
    piece: /&(?:lt|gt|amp|quot|apos|#\d{1,3}|#x[\da-f]{1,2});/gi,
    plain: (piece) => NAMED[piece.slice(1, -1).toLowerCase()] ?? characterOf(piece),
  },
  {
    how: 'escaped as in JSON (\\u003c)',
    piece: /\\u00[\da-f]{2}/gi,
    plain: (piece) => String.fromCharCode(Number.parseInt(piece.slice(2), 16)),
  },
  {
    how: 'as a JSON string',
    piece: /^"|"$|\\["\\/nt]/g,
    plain: inString,
    isWhole: (text) => text.startsWith('"') && text.endsWith('"') && quotesIn(text) === 2,
  },
  {
    how: 'escaped as in a JSON string',
    piece: /\\["\\/nt]/g,
    plain: inString,
    isWhole: (text) => quotesIn(text) === 0,
  },
  { how: 'escaped with backslashes', piece: /\\[<>[\]|_*{}]/g, plain: (piece) => piece.slice(1) },
  { how: 'with characters of no width', piece: /[\u00ad\u200b-\u200f\u2060\ufeff]/g, plain: () => '' },
  // Markers of some formats have full-width bars of their own.
  { how: 'in full-width characters', piece: /[＜＞［］｛｝]/g, plain: fromWide },
  { how: 'in full-width characters', piece: /[＜＞［］｛｝｜＿]/g, plain: fromWide },
  { how: 'in full-width characters', piece: /[＜＞［］｛｝｜＿：，＂]/g, plain: fromWide },
  {
    how: 'each in inline code',
    piece: /`(?:<[^<>`\n]{1,80}>|\[[A-Z_]{3,40}\])`/g,
    plain: (piece) => piece.slice(1, -1),
    isQuotation: true,
  },
]

/** How many quotes have no backslash before them. More than two count as three. */
function quotesIn(text: string): number {
  let count = 0
  for (let i = 0; i < text.length && count < 3; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x5c) i++
    else if (code === 0x22) count++
  }
  return count
}

function inString(piece: string): string {
  return { '\\n': '\n', '\\t': '\t', '"': '' }[piece] ?? piece.slice(1)
}

/** The character that a number stands for: `&#60;`, `&#x3C;` */
function characterOf(piece: string): string {
  const isHex = /^&#x/i.test(piece)
  return String.fromCharCode(Number.parseInt(piece.slice(isHex ? 3 : 2), isHex ? 16 : 10))
}

/**
 * Looks in text without a call for markers that are all escaped in one way: a call was meant, and something between the model and
 * callsift changed its text. The escaping is taken back in a copy, and only a call that is found there counts: prose about tags
 * is none. Nothing is called, since the values may have been changed as well.
 * @param detect reads the copy
 * @returns the first call, as the text has it; a loss where it begins a line and is of a given tool
 * @example escapedCall('&lt;tool_call&gt;{"name": …', detect, options)?.message // 'the markers of hermes are here, HTML-escaped: …'
 */
export function escapedCall(text: string, detect: Detector, options: ParserOptions): OtherFormat | undefined {
  const sign = text.search(FIRST_SIGN)
  if (sign < 0) return undefined
  const read = text.slice(0, sign + LONGEST_READ)
  const { tools, startInReasoning, callsInReasoning } = options
  for (const escaping of ESCAPINGS) {
    if (escaping.isWhole?.(text.trim()) === false) continue
    const plain = read.replace(escaping.piece, escaping.plain)
    if (plain === read) continue
    const found = detect(plain, { tools, startInReasoning, callsInReasoning }, tools === undefined)
    const best = found.find(
      ({ call }) =>
        (call.evidence === 'marker' ||
          (call.evidence === 'bare' && tools !== undefined && escaping.isQuotation !== true)) &&
        (tools === undefined || call.known) &&
        (options.repair !== false || call.repairs.length === 0),
    )
    const [evidence] = best?.evidence ?? []
    if (best === undefined || evidence === undefined) continue
    const [from, to] = originOf(text, escaping, evidence)
    const { how, isQuotation = false } = escaping
    if (isQuotation) {
      const message = `the markers of ${best.format} are here, ${how}, so the call is text`
      return { code: 'quoted-call', message, from, to, isLoss: false }
    }
    const isMarked = best.call.evidence === 'marker'
    const [what, which] = isMarked
      ? [`the markers of ${best.format} are`, 'them']
      : [`a call of ${best.format} is`, 'it']
    const message = `${what} here, ${how}: something between the model and callsift escaped ${which}`
    const before = text.slice(text.lastIndexOf('\n', from - 1) + 1, from).trim()
    const beginsLine = before === '' || (escaping.isWhole !== undefined && before === '"')
    // Without markers, an object in a line is data.
    if (!isMarked && !beginsLine) continue
    return { code: 'escaped-markers', message, from, to, isLoss: tools !== undefined && beginsLine }
  }
  return undefined
}

/** Where a span of the copy stands in the text: a piece that reaches into it belongs to it. */
function originOf(text: string, { piece, plain }: Escaping, copied: { from: number; to: number }): [number, number] {
  let shift = 0
  let from = -1
  for (const { 0: match, index } of text.matchAll(piece)) {
    const begin = index - shift
    const end = begin + plain(match).length
    if (from < 0 && end > copied.from) from = Math.min(index, copied.from + shift)
    if (begin >= copied.to) break
    shift += match.length - (end - begin)
    if (end >= copied.to) return [from < 0 ? copied.from + shift : from, index + match.length]
  }
  return [from < 0 ? copied.from + shift : from, copied.to + shift]
}
