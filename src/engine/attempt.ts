import { isSpace } from '../text/characters.js'
import { type Cursor, WAIT } from '../text/cursor.js'
import type { Read } from '../text/step.js'
import type { ContentMarker, OpenerMarker } from './grammar.js'
import { endsAt, spaceEnd } from './lines.js'
import type { Reading } from './reading.js'
import { isSpecialToken } from './special-token.js'
import { tagEnd } from './tag-end.js'

/**
 * What a marker is that opens nothing readable. `attempt`: the model tried to call. `mention`: it writes about the marker.
 * `refused`: it is a call that counts for its name only. `cut`: the text ended behind it; `begun`: inside it. A number: it
 * and its closer, so many characters, hold nothing.
 */
export type Verdict = 'attempt' | 'mention' | 'refused' | 'cut' | 'begun' | number

/**
 * Judges a marker that opened nothing. An attempt stands at the start of a line, or before what begins a call: a brace, an
 * inner marker, the name of a given tool. `Mistral models print [TOOL_CALLS] before a call.` mentions it.
 * The cursor is where it was.
 */
export function* judgeOpener(reading: Reading, marker: OpenerMarker, from: number): Read<Verdict> {
  const { cursor } = reading
  const to = cursor.offset
  // All that is left was read: its family knows it as the beginning of a header.
  if (!marker.stem && cursor.peek() < 0 && to >= from + marker.text.length) return 'cut'
  cursor.rewind(from)
  let verdict: Verdict | undefined
  while ((verdict = judge(reading, marker)) === undefined) yield
  cursor.at = to - cursor.base
  return verdict
}

/** Undefined: more text decides. */
function judge(reading: Reading, { text: marker, stem }: OpenerMarker): Verdict | undefined {
  const { cursor, text } = reading
  const { window, at, ended } = cursor
  const tag = stem ? tagEnd(cursor, at, marker) : at + marker.length
  if (tag === WAIT) return undefined
  const isQuoted = text.quotation !== undefined || text.fenced
  if (isQuoted) return 'mention'
  // `<｜DSML｜function_calls` and the end: the token alone says that a call was begun.
  if (tag === 0 && ended && isSpecialToken(marker) && isBegun(window.slice(at + marker.length))) return 'begun'
  const end = tag === 0 ? at + marker.length : tag
  const next = spaceEnd(cursor, end)
  if (next === WAIT) return undefined
  const empty = emptyBlock(reading, end, next)
  if (empty !== 0) return empty === WAIT ? undefined : empty
  const refused = stem ? isRefused(reading, marker, end, next) : false
  if (refused !== false) return refused === WAIT ? undefined : 'refused'
  if (text.atLineStart) return 'attempt'
  const begins = beginsCall(reading, next)
  return begins === WAIT ? undefined : begins ? 'attempt' : 'mention'
}

/** The rest of a token, the word of a tag and the beginning of its attribute: `｜invoke na`. Prose is none: `｜ in front.` */
function isBegun(text: string): boolean {
  return /^[｜|‖] ?[a-z_]{0,40}(?: [a-z]{0,20}=?)?$/i.test(text)
}

/** `<tool_call>\n</tool_call>` alone on its line, or where the text begins or ends. How long it is; 0 for none. */
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
 * `<function=f>`, `<｜DSML｜invoke name="f">`, or a block before that, of a tool that was not given: a call that is refused
 * for its name is no attempt, and neither are the pieces in it.
 */
function isRefused(reading: Reading, marker: string, end: number, next: number): boolean | typeof WAIT {
  const { cursor, out } = reading
  if (!out.tools.given) return false
  if (reading.refusing) return true
  const { window, at } = cursor
  const own = nameIn(window.slice(at, end), marker)
  if (own !== undefined) return own !== '' && !out.tools.has(own)
  if (window.charCodeAt(next) !== 0x3c) return false
  const inner = tagEnd(cursor, next, '<')
  if (inner <= 0) return inner === WAIT ? WAIT : false
  const name = nameIn(window.slice(next, inner), marker)
  return name !== undefined && name !== '' && !out.tools.has(name)
}

function nameIn(tag: string, marker: string): string | undefined {
  if (marker.endsWith('='))
    return tag.startsWith(marker) && tag.endsWith('>') ? tag.slice(marker.length, -1) : undefined
  const at = tag.includes('parameter') ? -1 : tag.indexOf('name="')
  const end = at < 0 ? -1 : tag.indexOf('"', at + 6)
  return end < 0 ? undefined : tag.slice(at + 6, end)
}

/** Does what stands at an index of the window begin a call of the format? */
function beginsCall({ cursor, out, text }: Reading, at: number): boolean | typeof WAIT {
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

/** What stands behind a bracket in a list of calls: `[{`, `[f(`, and not `[a list]`. */
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

/** Markers that stand inside a call, or open one. */
function isInner(marker: ContentMarker): boolean {
  if (marker.kind === 'opener') return !marker.bare
  return marker.kind === 'mention' && !marker.text.includes('/')
}
