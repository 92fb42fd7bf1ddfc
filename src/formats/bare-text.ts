import { RenderError } from '../engine/format.js'

/** Every call object has one of these keys, in either kind of quotes, or an escape in its place. */
const CALL_KEY = /(["'])(?:name|function|tool_calls)\1|\\u00/

/**
 * Throws a `RenderError` where an object in the content may be read as a call without a marker, or where the
 * calls behind it may be read as part of an object or list that it begins.
 * @example noBareCalls('{"name": "f", "arguments": {}}') // throws
 */
export function noBareCalls(content: string): void {
  if (content.includes('{') && CALL_KEY.test(content)) {
    throw new RenderError('the content holds an object that may be read as a call')
  }
  if (content.trimEnd().endsWith('[') || endsInData(content)) {
    throw new RenderError('the content ends inside an object or list, so that calls behind it would be data')
  }
}

/** Is an object still open at the end, judging by brackets and quotes? A quoted string does not go beyond its line. */
function endsInData(content: string): boolean {
  let depth = 0
  let quote = ''
  for (let i = 0; i < content.length; i++) {
    const char = content[i] as string
    if (char === '\n' && quote !== '') {
      quote = ''
      depth = 0
    } else if (quote !== '') {
      if (char === '\\') i++
      else if (char === quote) quote = ''
    } else if (char === '{' || char === '[') {
      if (depth > 0 || opensData(content, i, char)) depth++
    } else if (depth > 0) {
      if (char === '"' || char === "'") quote = char
      else if (char === '}' || char === ']') depth--
    }
  }
  return depth > 0
}

/** `{"` or `[{`: the beginning of JSON, which is read as data if it is not a call. */
function opensData(content: string, at: number, bracket: string): boolean {
  let i = at + 1
  while (i < content.length && ' \n\r\t'.includes(content[i] as string)) i++
  const next = content[i] ?? ''
  return bracket === '{' ? next === '"' || next === "'" : next === '{'
}
