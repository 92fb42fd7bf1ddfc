import { QUOTE, stringEnd } from '../json/json-characters.js'

/**
 * Does a JSON text hold an integer that a double cannot? Linear, without a pattern; numbers in strings do not count.
 * @example holdsBigInteger('[1, 9007199254740993]') // true
 */
export function holdsBigInteger(json: string): boolean {
  for (let i = 0; i < json.length; i++) {
    const code = json.charCodeAt(i)
    if (code === QUOTE) i = stringEnd(json, i) - 1
    else if (isNumberCode(code)) {
      const end = numberEnd(json, i)
      const text = json.slice(i, end)
      if (end - i > 15 && isInteger(text) && !Number.isSafeInteger(Number(text))) return true
      i = end - 1
    }
  }
  return false
}

function numberEnd(json: string, from: number): number {
  let i = from
  while (i < json.length && isNumberCode(json.charCodeAt(i))) i++
  return i
}

function isNumberCode(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2b || code === 0x2e || (code | 0x20) === 0x65
}

function isInteger(text: string): boolean {
  for (let i = text.startsWith('-') ? 1 : 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x30 || code > 0x39) return false
  }
  return true
}
