import { decimalNumber } from '../number/number.js'

/** No word or number is longer: with more digits a number is not finite, and a longer word is not a literal. */
const TOKEN_LIMIT = 1024

/** No `0x`, `0o` or `0b` number of more digits is finite, and converting takes more than linear time. */
const RADIX_LENGTH = 1026

const POINT = 0x2e
const LOWER_X = 0x78

/**
 * The index behind the word or number that begins at `at`; `at` itself if there is none. At most 1024 UTF-16 units are
 * read: what is longer ends there without a delimiter, and so is not a value.
 * @example pythonTokenEnd('-1.5e+3, x', 0) // 7
 */
export function pythonTokenEnd(text: string, at: number, final = false): number | 'more' {
  const limit = at + TOKEN_LIMIT
  let end = at
  while (end < limit && isSign(text.charCodeAt(end))) end++
  const body = end
  const isHex = text.charAt(body) === '0' && (text.charCodeAt(body + 1) | 0x20) === LOWER_X
  for (; end < limit; end++) {
    if (end >= text.length) return final ? end : 'more'
    const code = text.charCodeAt(end)
    if (isWordCode(code) || code === POINT) continue
    const isExponentSign = isSign(code) && !isHex && isExponent(text.charCodeAt(end - 1))
    if (!isExponentSign || !startsNumber(text.charCodeAt(body))) break
  }
  return end
}

/**
 * A Python number as JSON text: signs (`--5`), underscores, `0x`, `0o`, `0b`, `.5`, `5.`, exponents. All digits of a
 * big integer are kept.
 * @returns undefined for anything else, complex numbers, `007` (Python refuses it) and what is not finite
 * @example pythonNumber('-0x_ff') // '-255'
 */
export function pythonNumber(token: string): string | undefined {
  let start = 0
  let negative = false
  for (; isSign(token.charCodeAt(start)); start++) if (token.charAt(start) === '-') negative = !negative
  const body = withoutUnderscores(token.slice(start))
  if (body === undefined) return undefined
  const base = radixOf(body)
  const unsigned = base === undefined ? decimalText(body) : radixInteger(body, base)
  return unsigned !== undefined && negative ? `-${unsigned}` : unsigned
}

/**
 * The JSON text of `True`, `False` and `None`, and of `true`, `false` and `null`, which models often write instead.
 * @returns undefined for every other word: it is a name, and names are not values
 * @example pythonWord('None') // 'null'
 */
export function pythonWord(token: string): 'true' | 'false' | 'null' | undefined {
  switch (token) {
    case 'True':
    case 'true':
      return 'true'
    case 'False':
    case 'false':
      return 'false'
    case 'None':
    case 'null':
      return 'null'
    default:
      return undefined
  }
}

function isSign(code: number): boolean {
  return code === 0x2b || code === 0x2d
}

function isExponent(code: number): boolean {
  return code === 0x45 || code === 0x65
}

function startsNumber(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === POINT
}

/** Letters, digits, underscore, and everything outside ASCII: none of it can end a word. */
function isWordCode(code: number): boolean {
  return code >= 0x80 || code === 0x5f || digitValue(code) < 36
}

/** The value of a digit in bases up to 36; more than any of them for what is none. */
function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 ? letter - 0x61 + 10 : 99
}

/** Underscores may stand between two digits and behind the base, each alone. */
function withoutUnderscores(body: string): string | undefined {
  if (!body.includes('_')) return body
  const base = radixOf(body) ?? 10
  for (let at = body.indexOf('_'); at >= 0; at = body.indexOf('_', at + 1)) {
    const behindBase = at === 2 && base !== 10
    if (!behindBase && digitValue(body.charCodeAt(at - 1)) >= base) return undefined
    if (digitValue(body.charCodeAt(at + 1)) >= base) return undefined
  }
  return body.replaceAll('_', '')
}

function radixOf(body: string): number | undefined {
  if (body.charAt(0) !== '0') return undefined
  const letter = body.charAt(1).toLowerCase()
  return letter === 'x' ? 16 : letter === 'o' ? 8 : letter === 'b' ? 2 : undefined
}

function radixInteger(body: string, base: number): string | undefined {
  if (body.length < 3 || body.length > RADIX_LENGTH) return undefined
  for (let i = 2; i < body.length; i++) if (digitValue(body.charCodeAt(i)) >= base) return undefined
  return decimalNumber(BigInt(body.toLowerCase()).toString())?.json
}

function decimalText(body: string): string | undefined {
  const read = decimalNumber(body)
  const leadingZeros = read?.whole && read.json.length < body.length && read.json !== '0'
  return leadingZeros ? undefined : read?.json
}
