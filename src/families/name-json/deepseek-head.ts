import { spellingLength } from '../../recovery/spellings.js'
import { spaceEnd } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import { wordEnd } from '../../values/json/json-characters.js'
import { type CallHead, type CallHeadResult, LONGEST_NAME, nameEnd } from './call-head.js'

const SEPARATOR = '<｜tool▁sep｜>'
const separatorLength = /* @__PURE__ */ spellingLength(SEPARATOR)

/**
 * Reads both headers of DeepSeek, and what models make of them. With A before the separator and B behind it:
 *
 *     get_aqi<｜tool▁sep｜>{                   B is the arguments, A the name          (V3.1)
 *     get_aqi<｜tool▁sep｜>\n```json\n{        B is a fence, A the name
 *     function<｜tool▁sep｜>get_aqi\n```json   B begins with the name, A is a type     (V3, R1)
 *     {"name": …                              no separator: a call object, in a fence or without
 *
 * @example readDeepSeekHead('get_aqi<｜tool▁sep｜>{') // the name get_aqi, the arguments from index 19 on
 */
export function readDeepSeekHead(text: string): CallHeadResult {
  // Nearly always it is written as the template has it.
  const nameTo = wordEnd(text, 0)
  if (nameTo > 0 && nameTo <= LONGEST_NAME) {
    const behind = nameTo + SEPARATOR.length
    if (text.length <= behind) {
      if (SEPARATOR.startsWith(text.slice(nameTo))) return WAIT
    } else if (text.startsWith(SEPARATOR, nameTo) && text.charCodeAt(behind) === 0x7b)
      return headOf(text.slice(0, nameTo), 0, nameTo, behind, 'arguments')
  }
  const from = gapEnd(text, 0)
  if (from === text.length) return WAIT
  const object = objectAt(text, from)
  if (object !== 0) return object === WAIT ? WAIT : headOf('', from, from, from, 'call object')
  const fenced = behindFence(text, from)
  if (fenced === WAIT) return WAIT
  if (fenced > from) {
    const inside = objectAt(text, fenced)
    return inside === WAIT ? WAIT : inside === 0 ? 'text' : headOf('', fenced, fenced, fenced, 'call object')
  }
  const to = labelEnd(text, from)
  if (to - from > LONGEST_NAME) return 'text'
  const separatorFrom = spaceEnd(text, to)
  const length = separatorLength(text, separatorFrom)
  if (length === WAIT) return WAIT
  if (length === 0) return 'text'
  const head = readBehind(text, text.slice(from, to), from, separatorFrom + length)
  const before = text.slice(separatorFrom, separatorFrom + length)
  if (before === SEPARATOR || typeof head !== 'object') return head
  return { ...head, respelled: { from: separatorFrom, before, after: SEPARATOR } }
}

/** What stands behind the separator: the arguments, their fence or their absence, or the name of a V3 call. */
function readBehind(text: string, before: string, beforeFrom: number, at: number): CallHeadResult {
  const from = gapEnd(text, at)
  if (from === text.length) return WAIT
  const first = text[from] as string
  const direct = headOf(before, beforeFrom, beforeFrom + before.length, at, 'arguments')
  if ('{["<`'.includes(first)) return before === '' ? 'text' : direct
  const to = labelEnd(text, from)
  if (to === text.length) return to - from > LONGEST_NAME ? 'text' : WAIT
  const name = text.slice(from, to)
  if (name === '' || name.length > LONGEST_NAME) return 'text'
  const next = spaceEnd(text, to)
  // `get_aqi<｜tool▁sep｜>5<｜tool▁call▁end｜>`: with no arguments behind it, it is no name but what stands for them.
  const isNamed = before !== '' && before !== 'function'
  if (next === text.length && (isNamed || name === 'null' || !text.slice(to).includes('\n'))) return WAIT
  if (isNamed && text[next] === '<') return direct
  const ends = text.slice(to, next).includes('\n') || '`{<"\\'.includes(text[next] as string)
  if (!ends) return 'text'
  const head = headOf(name, from, to, to, 'arguments')
  return isNamed ? { ...head, extraFrom: beforeFrom, extraTo: beforeFrom + before.length } : head
}

function headOf(name: string, from: number, to: number, length: number, body: CallHead['body']): CallHead {
  return { name, from, to, length, separated: body === 'arguments', body }
}

/** Index behind a name or type: a backslash belongs to it only before an underscore. `get\_aqi` */
function labelEnd(text: string, from: number): number {
  let to = nameEnd(text, from, '<`\\')
  while (text.startsWith('\\_', to)) to = nameEnd(text, to + 2, '<`\\')
  return to === text.length - 1 && text[to] === '\\' ? text.length : to
}

/** Index of what stands in the fence that begins here; `from` if none does, `WAIT` where the text ends before it. */
function behindFence(text: string, from: number): number {
  if (!text.startsWith('```', from)) return '```'.startsWith(text.slice(from)) ? WAIT : from
  let i = from + 3
  while (i < text.length && i - from < 20 && /[a-z]/i.test(text[i] as string)) i++
  const inside = gapEnd(text, i)
  return inside === text.length ? WAIT : inside
}

/** Does the object of a call begin here: a brace and a quote? Its length so far, 0 or `WAIT`. */
function objectAt(text: string, at: number): number {
  if (text[at] !== '{') return 0
  const next = spaceEnd(text, at + 1)
  if (next === text.length) return WAIT
  return text[next] === '"' || text[next] === "'" ? next - at : 0
}

/** Index behind white space, newlines that are written as a backslash and an n among it. */
export function gapEnd(text: string, from: number): number {
  let i = spaceEnd(text, from)
  while (text.startsWith('\\n', i) || text.startsWith('\\r', i)) i = spaceEnd(text, i + 2)
  return i === text.length - 1 && text[i] === '\\' ? text.length : i
}
