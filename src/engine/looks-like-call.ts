import { isSpace } from '../text/characters.js'
import { fenceBehind } from '../text/fences.js'
import type { Declared, OfferedTools } from '../tools/offered-tools.js'
import { TILDES } from './grammar.js'
import { QUOTATIONS } from './quotations.js'

const FENCE = '```'
/** Characters that may stand before the name. */
const BEFORE_NAME = '{[("\'“”:'
/** A tag before an object or a list. */
const TAG_BEFORE = /^<[^<>]{1,78}>\s{0,40}(?=[{[])/
/** The words of a tag, or of one that lost a bracket, before an object: `<tool=f>{`, `<f{`, `function=f>{`. */
const TAG_WORDS = /^(?:<[^<>{[]{1,78}>?|[\w=:/.-]{1,78}>)\s{0,40}(?=[{[])/

/** Only this much of a line is examined, and this many of its words. */
const LONGEST_HEAD = 160
const MOST_WORDS = 4
/** No more lines than this are reported. */
const MOST_LINES = 16

export interface CallLikeLine {
  readonly name: string
  readonly from: number
  readonly to: number
  /** Where the call is quoted, if it is. */
  readonly place: 'inline code' | 'a quoted line' | 'a code fence' | undefined
}

/** What follows the brace of a call in the middle of a line; a definition of a tool is none. */
const OBJECT_BEHIND_BRACE =
  /^"name"\s{0,4}:\s{0,4}"([^"\n]{1,128})"\s{0,4},\s{0,4}"(?:arguments|parameters)"\s{0,4}:\s{0,4}\{(?!\s{0,4}"(?:type|properties)"\s{0,4}:)/
const OBJECT_KEY = '"name"'
/** The brace of an object that is no item and no member of another. */
const BRACE = /(?<!(?:[[{(,"']|["']\s{0,4}:)\s{0,4})\{\s{0,4}$/

/**
 * Lines that start like a call of a given tool without a marker (`{"nme": "get_weather", …`,
 * `get_weather(city="Paris"`), or behind a tag that is no marker of the format (`<entry> {"name": "get_weather", …`), or behind
 * its name at the end of the line before; also in quotations. `isCalled`: beside calls, where nobody asks what other formats find,
 * lines that hold the object of one too. `text` is what the parser did not read as calls, so none of them is one.
 */
export function callLikeLines(
  text: string,
  from: number,
  tools: OfferedTools,
  markers: readonly string[],
  isCalled: boolean,
): CallLikeLine[] {
  const lines: CallLikeLine[] = []
  const firsts = firstsOf(tools)
  let fence = ''
  /** What ends the open comment or echoed result, whose reader reports the calls in it. */
  let closers: readonly string[] = []
  let tick = text.indexOf('`', from)
  let key = isCalled ? text.indexOf(OBJECT_KEY, from) : -1
  for (let at = from; at < text.length && lines.length < MOST_LINES; ) {
    const end = text.indexOf('\n', at)
    const to = end < 0 ? text.length : end
    if (tick >= 0 && tick < at) tick = text.indexOf('`', at)
    if (key >= 0 && key < at) key = text.indexOf(OBJECT_KEY, at)
    const isKeyed = key >= 0 && key < to
    // Rules out nearly all lines of prose without slicing the text.
    if (closers.length > 0 || isKeyed || (tick >= 0 && tick < to) || mayBegin(text, at, to, firsts)) {
      const head = text.slice(at, Math.min(to, at + LONGEST_HEAD)).trim()
      fence = fenceBehind(fence, head)
      if (closers.length === 0) closers = QUOTATIONS.find(({ open }) => head.startsWith(open))?.ends ?? []
      const tag = markers.some((marker) => marker !== '' && head.startsWith(marker))
        ? ''
        : (TAG_BEFORE.exec(head)?.[0] ?? '')
      const found =
        closers.length === 0
          ? (callIn(head.slice(tag.length), fence !== '', tools) ??
            (tag === '' ? undefined : callIn(head, false, tools)) ??
            (fence === '' && lines.at(-1)?.to !== at - 1 ? nameBefore(text, at, head, tools) : undefined) ??
            (fence === '' && isKeyed ? objectIn(text, at, key, tools) : undefined))
          : undefined
      if (closers.some((closer) => text.slice(at, to).includes(closer))) closers = []
      if (found !== undefined) lines.push({ ...found, from: at, to })
    }
    at = to + 1
  }
  return lines
}

/** The call whose name ends the line before, and whose arguments begin a line: `I call f↵{"a": 1}` */
function nameBefore(
  text: string,
  at: number,
  head: string,
  { names }: OfferedTools,
): Pick<CallLikeLine, 'name' | 'place'> | undefined {
  if (!/^\{\s{0,4}["'}]/.test(head)) return undefined
  const name = names.find((one) => text.endsWith(one, at - 1))
  const isWhole = name !== undefined && !/[\p{L}\p{N}_]/u.test(text.charAt(at - name.length - 2))
  return isWhole ? { name, place: undefined } : undefined
}

/** The call whose object holds its name at `key`, in the line that begins at `from`. */
function objectIn(
  text: string,
  from: number,
  key: number,
  { names }: OfferedTools,
): Pick<CallLikeLine, 'name' | 'place'> | undefined {
  const before = text.slice(Math.max(from, key - LONGEST_HEAD), key)
  const [, name = ''] = OBJECT_BEHIND_BRACE.exec(text.slice(key, key + 320)) ?? []
  if (!names.includes(name) || !BRACE.test(before)) return undefined
  return { name, place: before.split('`').length % 2 === 0 ? 'inline code' : undefined }
}

/** An object with a name or the name of a function before its arguments, on the same line or behind what begins an item. */
const BEHIND_CALL =
  /^([^\n{("'`<>]{0,24}?|[\s\d.,;:*•)-]{0,24}?)(?:\{\s{0,4}["'](?:name["']\s{0,4}:\s{0,4}["'](?=[^"'\n]{1,128}["']\s{0,4},)|(?=[^"'\n]{1,128}["']\s{0,4}:\s{0,4}\{))([\w.:/-]{1,128})["']|([\w.-]{1,128})\(\s{0,4}\w{1,64}\s{0,4}=)/

/**
 * What is left of a call that lost its beginning: a name, and what stands behind one in markup.
 * @example name": "f", "arguments": {    f": {"    =f<|message|>{    f\n```json\n{    name="f">    f>\n<parameter=
 */
const TAIL_BEHIND_CALL =
  /^([^`<]{0,24}?)([\w.-]{1,128})(?:["']\s{0,4}(?:,\s{0,4}["']\w{1,64}["']\s{0,4})?:\s{0,4}\{|["']>|>\s{0,4}<\w|\s{0,40}(?:```(?:json)?\s{0,4})?\{\s{0,4}(?:["'}]|\w{1,64}\s{0,4}:)|\s{0,40}<[|｜]|(?:\s{5,40})?<[/\w])/

/** A call of a given tool close behind the end of another one, where what separates them separates no calls of the format. */
export function callBehind(
  text: string,
  end: number,
  tools: OfferedTools,
): Pick<CallLikeLine, 'name' | 'from' | 'to'> | undefined {
  const near = text.slice(end, end + 320)
  const found = BEHIND_CALL.exec(near)
  if (found === null) return tailBehind(text, end, tools)
  const [all, before = '', key, called] = found
  // Letters before the name of a function may belong to it: `\nf(a=1)`.
  const name = key ?? (tools.has(called ?? '') ? called : called?.replace(/^n(?=\w)/, ''))
  if (name === undefined || !tools.has(name)) return undefined
  return { name, from: end + before.length, to: end + all.length }
}

function tailBehind(
  text: string,
  end: number,
  tools: OfferedTools,
): Pick<CallLikeLine, 'name' | 'from' | 'to'> | undefined {
  let from = end
  // Markers that were left out are blanks.
  while (from < end + LONGEST_HEAD && isSpace(text.charCodeAt(from))) from++
  const [all, before = '', word = ''] = TAIL_BEHIND_CALL.exec(text.slice(from, from + 320)) ?? []
  if (all === undefined) return undefined
  // `functions.f`, and `namef": {`
  const isQuoted = '"\''.includes(all.charAt(before.length + word.length))
  const name = tools.names.find((one) => word === one || word.endsWith(`.${one}`) || (isQuoted && word.endsWith(one)))
  return name === undefined ? undefined : { name, from: from + before.length, to: from + all.length }
}

/** A member of JSON, or the tag of a parameter, before its value. */
const REST_BEHIND =
  /^[\s,:;}\])`]{0,24}(?:\{?\s{0,4}["']([\w.-]{1,64})["']\s{0,4}:|<[^<>]{1,40}?[=">｜]([\w.-]{1,64})["'<>])/

/** Arguments right behind the end of a call, which was closed before them: a key of its schema, or of call objects. */
export function restBehind(
  text: string,
  end: number,
  declared: Declared | undefined,
): Pick<CallLikeLine, 'from' | 'to'> | undefined {
  const [all, member, parameter] = REST_BEHIND.exec(text.slice(end, end + 160)) ?? []
  if (all === undefined) return undefined
  const isArgument = declared?.properties.has(member ?? parameter ?? '') === true
  return isArgument || member === 'arguments' || member === 'parameters'
    ? { from: end, to: end + all.length }
    : undefined
}

/** What a call, the name of a tool, a quotation, a quoted line or a fence may begin with. */
function firstsOf({ names }: OfferedTools): string {
  let firsts = `${BEFORE_NAME}${FENCE}${TILDES}<>`
  for (const { open } of QUOTATIONS) firsts += open.charAt(0)
  for (const name of names) firsts += name.charAt(0)
  return firsts
}

function mayBegin(text: string, from: number, to: number, firsts: string): boolean {
  let i = from
  while (i < to && isSpace(text.charCodeAt(i))) i++
  const code = text.charCodeAt(i)
  return i < to && (code >= 128 || code < 32 || firsts.includes(text.charAt(i)))
}

function callIn(
  head: string,
  isFenced: boolean,
  tools: OfferedTools,
): Pick<CallLikeLine, 'name' | 'place'> | undefined {
  const name = calledIn(head, tools)
  if (name !== undefined) return { name, place: isFenced ? 'a code fence' : undefined }
  if (isFenced || head.startsWith(FENCE)) return undefined
  if (head.startsWith('>')) {
    const quoted = calledIn(head.replace(/^[> ]{1,40}/, ''), tools)
    return quoted === undefined ? undefined : { name: quoted, place: 'a quoted line' }
  }
  // Between backticks, every second piece is code.
  const code = head.split('`').filter((piece, i) => i % 2 === 1 && HOLDS_CALL.test(piece))
  const inline = code.map((piece) => calledIn(piece, tools)).find((found) => found !== undefined)
  return inline === undefined ? undefined : { name: inline, place: 'inline code' }
}

/** More than the name alone, which prose may quote, and no marker in front, which is reported elsewhere. */
const HOLDS_CALL = /^(?!\[[A-Z_]{3,40}\]).{0,80}[{([]./

/** The tool that the head of a line seems to call. */
function calledIn(head: string, { names }: OfferedTools): string | undefined {
  const first = head.charAt(0)
  if (first === '' || first === '`') return undefined
  const [tag = ''] = TAG_WORDS.exec(head) ?? []
  const tagged = tag.split(/[^\p{L}\p{N}_.-]/u).find((word) => names.includes(word))
  if (tagged !== undefined) return tagged
  const direct = names.find((name) => head.startsWith(name) && '({[='.includes(head.charAt(name.length) || ' '))
  if (direct !== undefined) return direct
  if (!BEFORE_NAME.includes(first)) return undefined
  const words = head.split(/[^\p{L}\p{N}_.-]/u).filter((word) => word !== '')
  return words
    .slice(0, MOST_WORDS)
    .map((word) => names.find((name) => word.startsWith(name) || word.endsWith(`.${name}`)))
    .find((name) => name !== undefined)
}
