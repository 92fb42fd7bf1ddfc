/** A decimal number as JSON writes it. `whole`: it was written without fraction and exponent. */
export interface DecimalNumber {
  json: string
  whole: boolean
}

/**
 * Reads a decimal number as programs and models write it (`+5`, `007`, `.5`, `5.`, `1e21`) and makes it JSON: no plus
 * sign, no leading zeros, a digit on each side of the point. All other digits are kept, however many there are. Linear.
 * @returns undefined for anything else, and for numbers that are not finite (`1e999`, `NaN`)
 * @example decimalNumber('-.50') // { json: '-0.50', whole: false }
 */
export function decimalNumber(text: string): DecimalNumber | undefined {
  const signed = text.startsWith('-') || text.startsWith('+')
  const start = signed ? 1 : 0
  const point = skipDigits(text, start)
  let end = point
  let fraction = ''
  if (text.charCodeAt(point) === POINT) {
    end = skipDigits(text, point + 1)
    fraction = `.${text.slice(point + 1, end) || '0'}`
  }
  if (point === start && end <= point + 1) return undefined
  let exponent = ''
  if (end < text.length) {
    const letter = text.charCodeAt(end)
    if (letter !== UPPER_E && letter !== LOWER_E) return undefined
    const sign = text.charCodeAt(end + 1)
    const digits = sign === PLUS || sign === MINUS ? end + 2 : end + 1
    if (digits === text.length || skipDigits(text, digits) !== text.length) return undefined
    exponent = text.slice(end)
  }
  let lead = start
  while (text.charCodeAt(lead) === ZERO) lead++
  const json = `${text.startsWith('-') ? '-' : ''}${text.slice(lead, point) || '0'}${fraction}${exponent}`
  return Number.isFinite(Number(json)) ? { json, whole: fraction === '' && exponent === '' } : undefined
}

const PLUS = 0x2b
const MINUS = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const UPPER_E = 0x45
const LOWER_E = 0x65

function skipDigits(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < ZERO || code > 0x39) break
  }
  return at
}
