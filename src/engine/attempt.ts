import { isSpace } from '../text/characters.js'
import { type Cursor, WAIT } from '../text/cursor.js'
import type { Read } from '../text/step.js'
import type { OfferedTools } from '../tools/offered-tools.js'
import type { ContentMarker, OpenerMarker } from './grammar.js'
import { endsAt, spaceEnd } from './lines.js'
import type { Reading } from './reading.js'
import { isSpecialToken } from './special-token.js'
import { tagEnd } from './tag-end.js'

/**
 * What to make of a marker that opens no readable call. `attempt`: the model tried to call. `mention`: it writes about
 * the marker. `refused`: it calls a tool that was not given. `cut`: the text ended behind the marker; `begun`: inside
 * it. A number: an empty block, marker and closer together that many characters long.
 */
export type Verdict = 'attempt' | 'mention' | 'refused' | 'cut' | 'begun' | number

/**
 * Judges a marker that opened nothing. It is an attempt at the start of a line, or right behind a message or a call, if it
 * is no plain word, or before something that begins a call: a brace, an inner marker, the name of a given tool.
 * `Mistral models print [TOOL_CALLS] before a call.` is a mention.
 * Leaves the cursor where it was.
 */
export function* judgeOpener(reading: Reading, marker: OpenerMarker, from: number): Read<Verdict> {
  const { cursor } = reading
  const to = cursor.offset
  // The family read everything up to the end as the beginning of a header.
  const mayBeCut = !marker.stem && (reading.text.atLineStart || !isWord(marker.text))
  if (mayBeCut && cursor.peek() < 0 && to >= from + marker.text.length) return 'cut'
  cursor.rewind(from)
  let verdict: Verdict | undefined
  while ((verdict = judge(reading, marker)) === undefined) yield
  cursor.at = to - cursor.base
  return verdict
}

/** The verdict, or undefined while it depends on more text. */
function judge(reading: Reading, { text: marker, stem, inText }: OpenerMarker): Verdict | undefined {
  if (inText) return 'mention'
  const { cursor, text } = reading
  const { window, at, ended } = cursor
  const tag = stem ? tagEnd(cursor, at, marker) : at + marker.length
  if (tag === WAIT) return undefined
  const isQuoted = text.quotation !== undefined || text.fenced
  if (isQuoted) return 'mention'
  // The text ends in `<｜DSML｜function_calls`: the token alone shows that a call was begun.
  if (tag === 0 && ended && isSpecialToken(marker) && isBegun(window.slice(at + marker.length))) return 'begun'
  const end = tag === 0 ? at + marker.length : tag
  const next = spaceEnd(cursor, end)
  if (next === WAIT) return undefined
  const empty = emptyBlock(reading, end, next)
  if (empty !== 0) return empty === WAIT ? undefined : empty
  const refused = stem ? isRefused(reading, marker, end, next) : false
  if (refused !== false) return refused === WAIT ? undefined : 'refused'
  if ((text.atLineStart || text.fresh) && !isWord(marker)) return 'attempt'
  const begins = beginsCall(reading, next)
  return begins === WAIT ? undefined : begins ? 'attempt' : 'mention'
}

/** Is the marker a plain word (`functools`, `Action:`), with which any line may begin? */
function isWord(marker: string): boolean {
  return /^\w{1,40}:?$/.test(marker)
}

/**
 * Is this the rest of a token, a tag's word and the beginning of an attribute (`｜invoke na`), and not prose (`｜ in
 * front.`)?
 */
function isBegun(text: string): boolean {
  return /^[｜|‖] ?[a-z_]{0,40}(?: [a-z]{0,20}=?)?$/i.test(text)
}

/**
 * Length of an empty block at the cursor (`<tool_call>\n</tool_call>` alone on its line, or at either end of the text),
 * or 0.
 */
function emptyBlock({ cursor, text, stops }: Reading, end: number, next: number): number {
  const { window, at, ended } = cursor
  let open = at
  while (isSpace(window.charCodeAt(open))) open++
  const close = `</${window.slice(open + 1, end)}`
  if (window.charAt(open) !== '<' || !close.endsWith('>')) return 0
  if (!window.startsWith(close, next)) return !ended && close.startsWith(window.slice(next)) ? WAIT : 0
  const to = next + close.length
  if (text.blank) return to - at
  const behind = endsAt(cursor, to, stops)
  if (behind === WAIT) return WAIT
  return behind === 'text' || (behind === 'line' && text.atLineStart) ? to - at : 0
}

/**
 * Is this `<function=f>` or `<｜DSML｜invoke name="f">`, or the block around it, of a tool that was not given? A call
 * that is refused for its name is not an attempt, and neither are the pieces in it.
 */
function isRefused(reading: Reading, marker: string, end: number, next: number): boolean | typeof WAIT {
  const { cursor, out } = reading
  if (!out.tools.given) return false
  if (reading.refusing) return true
  const { window, at } = cursor
  const own = nameIn(window.slice(at, end), marker)
  if (own !== undefined) return isName(own) && !namesTool(own, out.tools)
  if (window.charCodeAt(next) !== 0x3c) return false
  const inner = tagEnd(cursor, next, '<')
  if (inner <= 0) return inner === WAIT ? WAIT : false
  const name = nameIn(window.slice(next, inner), marker)
  return name !== undefined && isName(name) && !namesTool(name, out.tools)
}

/** `w then rite_file` and `w(rite_file` are none, but what is left of one. `{name}` stands for one in a template. */
function isName(text: string): boolean {
  return text !== '' && (!/[\s(){}"'`]/.test(text) || /^\{.{1,100}\}$/.test(text))
}

/** Is the name of a given tool among the words in the place of a name? `f a="1"`, `{f}` */
function namesTool(name: string, tools: OfferedTools): boolean {
  return tools.has(name) || name.split(/[^\p{L}\p{N}_.-]/u, 8).some((word) => tools.has(word))
}

function nameIn(tag: string, marker: string): string | undefined {
  if (marker.endsWith('='))
    return tag.startsWith(marker) && tag.endsWith('>') ? tag.slice(marker.length, -1) : undefined
  const at = tag.includes('param') ? -1 : tag.indexOf('name="')
  const end = at < 0 ? -1 : tag.indexOf('"', at + 6)
  return end < 0 ? undefined : tag.slice(at + 6, end)
}

/** Does a call of the format begin at this index of the window? */
export function beginsCall({ cursor, out, text }: Reading, at: number): boolean | typeof WAIT {
  const { window, ended } = cursor
  const code = window.charCodeAt(at)
  if (code === 0x7b) return true
  const list = code === 0x5b ? beginsList(cursor, at + 1) : false
  if (list !== false) return list
  if (text.matcher.at(window, at, ended)) {
    const { hit } = text.matcher
    if (hit === undefined) return WAIT
    if (isInner(hit)) return true
  }
  const rest = window.slice(at)
  for (const name of out.tools.names) {
    if (rest.startsWith(name)) {
      if (rest.length === name.length && !ended) return WAIT
      if (!isNameCharacter(rest.charAt(name.length))) return true
    } else if (!ended && name.startsWith(rest)) return WAIT
  }
  return false
}

/** Is this the text behind the bracket of a list of calls: `[{` or `[f(`, not `[a list]`? */
function beginsList(cursor: Cursor, at: number): boolean | typeof WAIT {
  const { window, ended } = cursor
  const next = spaceEnd(cursor, at)
  if (next === WAIT) return WAIT
  let i = next
  while (i < window.length && i < next + LONGEST_NAME && isNameCharacter(window.charAt(i))) i++
  if (i === window.length) return ended ? true : WAIT
  return i === next ? '{["\']'.includes(window.charAt(i)) : window.charAt(i) === '('
}

const LONGEST_NAME = 64

function isNameCharacter(character: string): boolean {
  return /[\p{L}\p{N}_.-]/u.test(character)
}

/** Does the marker stand inside a call, or open one? */
function isInner(marker: ContentMarker): boolean {
  if (marker.kind === 'opener') return !marker.bare
  return marker.kind === 'inner' && !marker.text.includes('/')
}
