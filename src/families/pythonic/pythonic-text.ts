import type { RenderCall } from '../../engine/format.js'
import { RenderError } from '../../engine/format.js'

/** Names that the grammar can carry: parts of letters, digits, `_` and `-`, joined by dots. */
const NAME = /^[\p{L}_][\p{L}\p{N}\p{M}_-]*(?:\.[\p{L}_][\p{L}\p{N}\p{M}_-]*)*$/u
const KEYWORD = /^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u
/** With what stands around it, a longer header is not looked for. */
const LONGEST_NAME = 128

/**
 * Calls as Python writes them: `[plant(crop='kale', row=4), harvest()]`. Throws a `RenderError` for names and keywords
 * that no call can have.
 */
export function pythonicText(calls: readonly RenderCall[]): string {
  return `[${calls.map(callText).join(', ')}]`
}

/** The same without brackets, a call on each line. */
export function pythonicLines(calls: readonly RenderCall[]): string {
  return calls.map(callText).join('\n')
}

function callText({ name, arguments: args }: RenderCall): string {
  check('name', name, NAME)
  const pairs = Object.entries(args).filter(([, value]) => value !== undefined)
  return `${name}(${pairs.map(([key, value]) => `${check('argument', key, KEYWORD)}=${pythonLiteral(value)}`).join(', ')})`
}

function check(what: string, name: string, pattern: RegExp): string {
  if (name.length > LONGEST_NAME) throw new RenderError(`the ${what} ${name.slice(0, 60)}… is too long`)
  if (pattern.test(name)) return name
  throw new RenderError(`the ${what} ${JSON.stringify(name)} cannot be written as Python`)
}

/** A JSON value as Python prints it: `None`, `True`, `'it\'s'`. */
export function pythonLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return pythonString(value)
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`
  if (typeof value !== 'object') return JSON.stringify(value) ?? 'None'
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  return `{${members.map(([key, member]) => `${pythonString(key)}: ${pythonLiteral(member)}`).join(', ')}}`
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Single quotes, unless only single ones are inside. */
function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let out = ''
  for (const char of text) {
    const code = char.codePointAt(0) as number
    if (char === quote) out += `\\${char}`
    else if (ESCAPES[char] !== undefined) out += ESCAPES[char]
    else if (code < 32 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`
    else if (code >= 0xd800 && code <= 0xdfff) out += `\\u${code.toString(16)}`
    else out += char
  }
  return quote + out + quote
}

/** What would be read as a call without a marker: `[f(`, or `f(a=` and `f()` where it begins the text. */
const LIST_IN_TEXT = /\[\s*[\p{L}_][\p{L}\p{N}\p{M}_.-]*\s*\(/u
const CALL_AS_TEXT = /^\s*[\p{L}_][\p{L}\p{N}\p{M}_.-]*\s*\(\s*(?:\)|[\p{L}_][\p{L}\p{N}\p{M}_]*\s*=)/u

/** No header has a longer name. */
const HEADER_AS_TEXT = /^\s{0,200}[\p{L}_][\p{L}\p{N}\p{M}_.-]{0,200}\s{0,200}\(/u

/**
 * Content, and calls behind it as a list without a marker, which counts at the beginning of a line. Throws a `RenderError`
 * for content that would be read as calls, or would make the list part of something else.
 */
export function bareListText(content: string, calls: readonly RenderCall[]): string {
  if (LIST_IN_TEXT.test(content) || CALL_AS_TEXT.test(content)) {
    throw new RenderError('the content holds what would be read as a call')
  }
  if (calls.length === 0) return content
  if (HEADER_AS_TEXT.test(content) && content.split('(').length > content.split(')').length)
    throw new RenderError('the content begins like a call with an open parenthesis, which would swallow the calls')
  const before = content.trimEnd()
  if (before.endsWith('['))
    throw new RenderError('the content ends with a bracket, which would make the list of calls data')
  return `${content}${before === '' || /\n[ \t]*$/.test(content) ? '' : '\n'}${pythonicText(calls)}`
}
