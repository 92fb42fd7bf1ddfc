import type { Family, Format } from '../engine/format.js'
import { QUOTATIONS } from '../engine/quotations.js'
import type { FindOtherFormat } from '../engine/session.js'
import { isSpecialToken } from '../engine/special-token.js'
import { chatMessage, mayHoldMessage, textMessage } from './chat-message.js'
import { lastCloser } from './last-closer.js'
import { isQuoted } from './quoted.js'
import { selfClosedTag } from './self-closed.js'
import { unknownTool } from './unknown-tool.js'
import type { Known, Place, UnreadFormat } from './unread.js'

/** Words in the names of tags around calls: `<tool_use>`, `<|invoke|>`, `[FUNCTION_CALL]`. */
const CALL_WORDS = /(?:^|[^a-z])(?:tool|functions?|func|calls?|toolcalls?|invoke|plugin)(?:[^a-z]|$)/i
/** The same anywhere in a tag: most markup has none, and needs no closer look. */
const ANY_CALL_WORD = /tool|func|call|invoke|plugin/i
/** What comes back from a tool is no call. */
const ANSWER_WORDS = /respon|result|output|error/i
/**
 * A tag that begins a line, with what a call begins with behind it: an object, a list, another tag, a name. In brackets it is in
 * capitals, or names a tool: `[tool:get_tide] {`
 */
const TAG =
  /^(<[|｜]?[A-Za-z][\w:.-]{1,40}(?:[ =][^<>\n]{1,120})?[|｜]?>|\[(?:[A-Z][A-Z_]{3,40}|[a-z_]{4,20}[:=] ?[\w.-]{1,64})\])\s{0,8}(?:[{[<]|[\w.-]{1,64}\s{0,4}[({[<])/
/** A line of nothing but close tags. */
const LAST_TAG = /<\/[A-Za-z][\w:.-]{1,40}>$/
const CLOSE_TAGS = /^(?:<\/[A-Za-z][\w:.-]{1,40}>\s{0,8}){1,8}$/
/** Such a tag behind an object or a list. */
const CLOSED_JSON = /[}\]]\s{0,4}<\/[A-Za-z][\w:.-]{1,40}>$/
/** A tag or token that opens: `<tool_call id="1">`, `<|Tool_calls_begin|>` */
const LEFT_TAG = /^<[|｜]?[A-Za-z][^<>\n]{1,80}>/
const LEFT_TAGS = /<[|｜/]?[A-Za-z][^<>\n]{1,80}>/g
const LONGEST_LINE = 1024
/** Places that are looked at: a text that is full of such tags says no more than its first ones. */
const MOST_PLACES = 16

/** So many names of given tools are looked for. */
const MOST_NAMES = 64

/**
 * Looks in text that no format reads as a call for the marks of one that is known and cannot be read, and for markup that
 * looks like that of a call and is nobody's. What is quoted (inline code, a line of a quotation, a fence) is none, nor what
 * stands in reasoning that closes.
 * @example unreadCalls(formats, known)('<TOOLCALL>[…]', read)?.message // '<TOOLCALL> is a mark of nemotron-json (…'
 */
export function unreadCalls(formats: readonly Format[], { unread }: Known): FindOtherFormat {
  const written = ownNames(formats)
  const all = inAnyCase(written)
  const byId = new Map<string, ReadonlySet<string>>()
  // Of a format that was asked for, only its own tags have other notes; what no format decided, all have looked at, as each writes it.
  const isOwn = (tag: string, id: string): boolean => {
    const format = formats.find((one) => one.id === id)
    if (format === undefined) return written.has(nameIn(tag))
    const names = byId.get(id) ?? inAnyCase(ownNames([format]))
    byId.set(id, names)
    return names.has(nameOf(tag))
  }
  const closer = lastCloser(formats)
  const marks = unread.flatMap(({ markers }) => markers)
  const lined = unread.find(({ isNameLine }) => isNameLine === true)
  /** A tag of some format's calls, of which the format itself says nothing. */
  const isOfOthers = (tag: string, id: string) =>
    all.has(nameOf(tag)) &&
    isOfCall(nameOf(tag)) &&
    !formats.some(({ id: other, families }) => other === id && families.some((family) => closes(family, tag)))
  return (text, { format: id, called, tools }) => {
    // Nearly every text has nothing of the kind, and this is asked at the end of each.
    const isMarked = marks.some((mark) => text.includes(mark))
    const isMessage = !called && mayHoldMessage(text)
    const named = called || lined === undefined ? undefined : nameLine(text, tools.names, lined)
    if (named !== undefined) return { ...named, code: 'unread-call', isLoss: false }
    const unknown = called || !tools.given ? undefined : unknownTool(text, closer, tools)
    if (unknown !== undefined) return { ...unknown, code: 'unknown-tool', isLoss: false }
    const wrapped = called ? textMessage(text, closer) : undefined
    if (wrapped !== undefined) return { ...wrapped, code: 'marker-in-text', isLoss: false }
    const mayHoldTag = called ? holdsCallTag(text) : text.includes('<') || text.includes('[')
    if (!isMarked && !isMessage && !mayHoldTag) return undefined
    const closed = closer(text).from + 1
    // What the format opens itself, and does not read, has a note of its own.
    const isOpened = (mark: string) =>
      formats.some((format) => format.id === id && format.families.some((family) => opens(family, mark)))
    const mark = knownMark(text, closed, unread, isOpened)
    // Beside calls that were read, a tag is one of theirs that is damaged.
    const left = called && mark === undefined ? leftTag(text, closed, isOpened) : undefined
    if (left !== undefined) return { ...left, code: 'marker-in-text', isLoss: false }
    const place =
      mark ??
      (called
        ? undefined
        : (strangeTag(text, closed, (tag) => isOwn(tag, id), all) ??
          selfClosedTag(text, closed, tools.names) ??
          closersOnly(text, closed, (tag) => isOfOthers(tag, id)))) ??
      (isMessage ? chatMessage(text, closed) : undefined)
    return place === undefined ? undefined : { ...place, code: 'unread-call', isLoss: false }
  }
}

function opens({ openers }: Family, mark: string): boolean {
  return openers.some(({ marker }) => marker === mark)
}

/** Is this the close tag of a tag that a family leaves out, or notes, where it closes nothing? */
function closes({ strays = [], innerMarkers = [] }: Family, tag: string): boolean {
  const close = tag.replace('<', '</')
  return strays.includes(close) || innerMarkers.includes(close)
}

/** Names of the tags of formats that read a text, as they write them: what those open and is no call has notes of its own. */
function ownNames(formats: readonly Format[]): ReadonlySet<string> {
  const openers = formats.flatMap(({ families }) => families.flatMap((family) => family.openers))
  const shown = formats.flatMap(({ wire }) => wire.match(/[<[][|｜]?[^\s<>|｜="'[\]{}…]{1,60}/g) ?? [])
  const markers = [...openers.map(({ marker }) => marker), ...shown, ...QUOTATIONS.map(({ open }) => open)]
  return new Set(markers.map((marker) => nameIn(marker)))
}

/** Names as `nameOf` gives them. */
function inAnyCase(names: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...names].map((name) => name.toLowerCase()))
}

/** The name in a tag in any case of letters: `tool_call` of `<Tool_Call>`. */
export function nameOf(tag: string): string {
  return nameIn(tag).toLowerCase()
}

/** The name in a tag, with the bar or bracket of a special token: `invoke` of `<invoke name="f">`, `|call` of `<|call|>`. */
function nameIn(tag: string): string {
  const [, bar = '', name = ''] = /^[<[]?([|｜]?)([^\s<>|｜="'[\]{}]{0,60})/.exec(tag) ?? []
  // Without the suffix of a checkpoint (`<tool_calls:opensource>`) and the lost bars of DSML.
  const plain = name.replace(/^dsml/i, '').replace(/(?<=[a-z_]{4}):[^:]{0,40}$/i, '')
  const barred = bar === '' ? plain : `|${plain}`
  return tag.startsWith('[') ? `[${barred}` : barred
}

function knownMark(
  text: string,
  start: number,
  unread: Known['unread'],
  isOpened: (mark: string) => boolean,
): Place | undefined {
  let first: Place | undefined
  for (const { markers, id, models } of unread) {
    for (const marker of markers) {
      const from = placeOf(text, start, marker)
      if (from === undefined || isOpened(marker) || (first !== undefined && first.from <= from)) continue
      const message = `${JSON.stringify(marker).slice(1, -1)} is a mark of ${id} (${models}), a format that callsift knows but cannot read yet`
      first = { from, to: from + marker.length, message }
    }
  }
  return first
}

/** Where a marker stands that is not quoted; one that is no special token, at the start of a line. */
function placeOf(text: string, start: number, marker: string): number | undefined {
  let at = text.indexOf(marker, start)
  for (let tried = 0; at >= 0 && tried < MOST_PLACES; tried++) {
    const line = text.slice(text.lastIndexOf('\n', at - 1) + 1, at)
    if ((line.trim() === '' || isSpecialToken(marker)) && !isQuoted(text, at)) return at
    at = text.indexOf(marker, at + marker.length)
  }
  return undefined
}

/** The tag or token at an index whose words suggest a call; empty if none stands there. */
function callTagAt(text: string, from: number): string {
  const [tag = ''] = LEFT_TAG.exec(text.slice(from, from + 100)) ?? []
  return ANY_CALL_WORD.test(tag) && (isOfCall(nameOf(tag)) || isOfCall(tag)) ? tag : ''
}

/** May a text hold such a tag, as its first places show? To ask where its reasoning ended takes longer. */
function holdsCallTag(text: string): boolean {
  let from = text.indexOf('<')
  for (let tried = 0; from >= 0 && tried < MOST_PLACES && callTagAt(text, from) === ''; tried++)
    from = text.indexOf('<', from + 1)
  return from >= 0
}

/** A tag of calls that stands alone on its line, beside calls that were read: it is one of theirs, and was taken for text. */
function leftTag(text: string, start: number, isOpened: (mark: string) => boolean): Place | undefined {
  let tried = 0
  for (let from = text.indexOf('<', start); from >= 0 && tried < MOST_PLACES; from = text.indexOf('<', from + 1)) {
    tried++
    const tag = callTagAt(text, from)
    if (tag === '' || isOpened(tag)) continue
    const lineEnd = text.indexOf('\n', from)
    const line = text.slice(text.lastIndexOf('\n', from) + 1, lineEnd < 0 ? text.length : lineEnd)
    if (!/^\w{0,20}$/.test(line.slice(0, LONGEST_LINE).replace(LEFT_TAGS, '').trim()) || isQuoted(text, from)) continue
    return { from, to: from + tag.length, message: `${tag} looks like the markup of a call, and was left in the text` }
  }
  return undefined
}

function strangeTag(
  text: string,
  start: number,
  isOwn: (tag: string) => boolean,
  all: ReadonlySet<string>,
): Place | undefined {
  let at = start === 0 ? 0 : text.indexOf('>', start) + 1
  for (let tried = 0; at >= 0 && tried < MOST_PLACES; ) {
    const lineEnd = text.indexOf('\n', at)
    const from = at + (text.slice(at, at + 40).length - text.slice(at, at + 40).trimStart().length)
    const first = text[from]
    if (first === '<' || first === '[') {
      tried++
      const [, tag = ''] = TAG.exec(text.slice(from, from + 300)) ?? []
      const name = nameOf(tag)
      if (isOfCall(name) && !isOwn(tag) && !isQuoted(text, from)) {
        const whose = all.has(name) ? 'no call that is whole' : 'no known format'
        return {
          from,
          to: from + tag.length,
          message: `${tag} looks like the markup of a call, but belongs to ${whose}`,
        }
      }
    }
    at = lineEnd < 0 ? -1 : lineEnd + 1
  }
  return undefined
}

/** Lines of close tags, or data and a close tag, at the end of a text without a call: the rest of one that was cut off, or drafted somewhere else. */
function closersOnly(text: string, start: number, isOfOthers: (tag: string) => boolean): Place | undefined {
  const to = text.trimEnd().length
  let from = to
  for (let at = to, count = 0; count < MOST_PLACES && at > start; count++) {
    at = text.lastIndexOf('\n', at - 1) + 1
    if (!CLOSE_TAGS.test(text.slice(at, Math.min(from, at + 400)).trim())) break
    from = at
    at = Math.max(0, text.slice(0, at).trimEnd().length)
  }
  if (from === to && endsInClosedJson(text.slice(text.lastIndexOf('\n', to - 1) + 1, to)))
    from = text.lastIndexOf('<', to)
  const [last] = LAST_TAG.exec(text.slice(Math.max(from, to - 48), to)) ?? []
  const tag = last?.replace('/', '')
  if (last === undefined || tag === undefined || !isOfOthers(tag)) return undefined
  if (text.includes(tag.slice(0, -1)) || isQuoted(text, from)) return undefined
  return { from, to, message: `${last} closes a call, and no call comes before it` }
}

/** Is a line data of JSON and a close tag? */
function endsInClosedJson(line: string): boolean {
  return /^\s{0,40}[{[]/.test(line) && CLOSED_JSON.test(line.slice(-64))
}

/** A line that is the name of a given tool, before an object: a call of a format without marks. */
function nameLine(text: string, names: readonly string[], { id, models }: UnreadFormat): Place | undefined {
  for (const name of names.slice(0, MOST_NAMES)) {
    const from = text.indexOf(`${name}\n{`)
    if (from < 0 || text.slice(text.lastIndexOf('\n', from - 1) + 1, from).trim() !== '' || isQuoted(text, from))
      continue
    const message = `a line with the name of a tool before an object is how ${id} (${models}) writes calls, a format that callsift knows but cannot read yet`
    return { from, to: from + name.length, message }
  }
  return undefined
}

/** Do the words of a tag's name suggest a call? */
export function isOfCall(name: string): boolean {
  const words = name.replaceAll('_', ' ')
  return CALL_WORDS.test(words) && !ANSWER_WORDS.test(words)
}
