import { RenderError } from '../../engine/format.js'
import { isSpace, spaceEnd } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import { isWordCode } from '../../values/json/json-characters.js'

/** What stands between a call's marker and its arguments. Indexes are into the text that was looked at. */
export interface CallHead {
  readonly name: string
  readonly from: number
  readonly to: number
  /** The call's own id on the wire. */
  readonly id?: string | undefined
  /**
   * Its name is written otherwise than the format has it, which would have been this: so it is a header of a given tool
   * only. `orElse`: what stands here of any other; text, where nothing is said.
   */
  readonly meant?: string | undefined
  readonly orElse?: CallHead | 'broken' | undefined
  /** Characters up to where the arguments, or their fence, begin. */
  readonly length: number
  /** A separator of the format stood in it: no ordinary text looks like that. */
  readonly separated: boolean
  /** A separator that stood there in another spelling, and its own. */
  readonly respelled?: { readonly from: number; readonly before: string; readonly after: string } | undefined
  /** Where a word stands in the header that is neither the name nor what the format has there; empty if none does. */
  readonly extraFrom?: number
  readonly extraTo?: number
  /** The arguments follow, or an object that holds the name as well. */
  readonly body: 'arguments' | 'call object'
}

/**
 * `text` is no header. `broken` begins as one, so that a call was meant, and cannot be read on. `WAIT` says that it may
 * still become one.
 */
export type CallHeadResult = CallHead | 'text' | 'broken' | typeof WAIT

/** Reads a header from the text behind a call's marker. Pure: what it answers for a text holds for every longer one. */
export type ReadCallHead = (text: string) => CallHeadResult

/** No name is longer, in UTF-16 units. */
export const LONGEST_NAME = 128

/** A header, two names and the markers between them, is searched for this far. */
export const LONGEST_HEAD = 320

/**
 * A name that its header's reader reads back as it is, with `after` behind it. Throws a `RenderError` for any other.
 * `field`: what holds the name, if that is more.
 */
export function nameBefore(after: string, readHead: ReadCallHead, name: string, field = name): string {
  const head = readHead(field + after)
  if (typeof head === 'object' && head.name === name && !name.includes('\\') && field.length <= LONGEST_NAME)
    return field
  throw new RenderError(
    `this format cannot write the name ${JSON.stringify(name)}: 1 to ${LONGEST_NAME} characters, none of them white space, brackets, quotes, commas, "<", "\`" or "\\"`,
  )
}

/** One field of a header, and what separates it from the field before. */
export interface HeadField {
  readonly is: 'name' | 'id' | 'type'
  readonly after?: string
  /** May be left out, with what separates it. */
  readonly optional?: boolean
}

export interface HeadGrammar {
  /** In the order of the wire. */
  readonly fields: readonly HeadField[]
  /** What separates the last field from the arguments. */
  readonly argumentsAfter: string
  /** Whether a brace right behind the last field begins the arguments too. */
  readonly argumentsMarker: 'required' | 'optional'
  /** Stop tokens: no field holds one. */
  readonly stops?: readonly string[]
  /** The name in its field, and what else the field says. Default: the field is the name. */
  readonly decode?: (field: string) => NameField
}

/** What the field of a name says. `meant`: a name that it means if a tool of that name was given, and how that is written. */
export interface NameField extends Pick<CallHead, 'name' | 'id'> {
  readonly meant?: { readonly name: string; readonly written: string }
}

/**
 * Reads headers that are fields with separators: `name[CALL_ID]id[ARGS]{`.
 * @example fieldHead({ fields: [{ is: 'name' }], argumentsAfter: '[ARGS]', argumentsMarker: 'optional' })('f[ARGS]{').length // 7
 */
export function fieldHead(grammar: HeadGrammar): ReadCallHead {
  const { fields, argumentsAfter, stops = [] } = grammar
  const ends = [...fields.map(({ after = '' }) => after), argumentsAfter, ...stops].filter((end) => end !== '')
  return (text) => readFields(grammar, ends, text)
}

function plainName(name: string): NameField {
  return { name }
}

/** A field ends at one of `ends`, or where a name does. */
function readFields(grammar: HeadGrammar, ends: readonly string[], text: string): CallHeadResult {
  const { fields, decode = plainName } = grammar
  let name = ''
  let nameFrom = 0
  let nameTo = 0
  let id: string | undefined
  let meant: NameField['meant']
  let at = 0
  let separated = false
  for (let i = 0; i < fields.length; ) {
    const { is } = fields[i] as HeadField
    const from = spaceEnd(text, at)
    const field = text.slice(from, nameEnd(text, from))
    const value = field.slice(0, endIn(field, ends))
    const to = from + value.length
    if (to === text.length) return to - from - begunEnd(value, ends) > LONGEST_NAME ? 'text' : WAIT
    if (is === 'name') {
      const decoded = decode(value)
      if (decoded.name === '' || to - from > LONGEST_NAME) return separated ? 'broken' : 'text'
      name = decoded.name
      nameFrom = from
      nameTo = to
      id = decoded.id ?? id
      meant = decoded.meant
    } else if (is === 'id' && value !== '') id = value
    const next = nextField(grammar, text, to, i)
    if (typeof next === 'number') return WAIT
    if (next === undefined) return separated ? 'broken' : 'text'
    separated ||= next.separated
    at = next.at
    i = next.index
  }
  const head: CallHead = { name, from: nameFrom, to: nameTo, id, length: at, separated, body: 'arguments' }
  return meant === undefined ? head : { ...head, name: meant.name, meant: meant.written, orElse: head }
}

/** Index of the first of `ends` in a field, or its length. */
function endIn(field: string, ends: readonly string[]): number {
  let to = field.length
  for (const end of ends) {
    const found = field.indexOf(end)
    if (found >= 0 && found < to) to = found
  }
  return to
}

/** How many characters at the end of a field may begin one of `ends`. A short field waits for more in any case. */
function begunEnd(field: string, ends: readonly string[]): number {
  if (field.length <= LONGEST_NAME) return 0
  const begun = ends.map((end) => {
    let length = Math.min(end.length - 1, field.length)
    while (length > 0 && !field.endsWith(end.slice(0, length))) length--
    return length
  })
  return Math.max(0, ...begun)
}

/** What follows field `index` in the text at `at`: another field (its index, and where it begins), or the arguments. */
function nextField(
  { fields, argumentsAfter, argumentsMarker }: HeadGrammar,
  text: string,
  at: number,
  index: number,
): { index: number; at: number; separated: boolean } | typeof WAIT | undefined {
  let waiting = false
  const behindSpace = spaceEnd(text, at)
  for (let start = at; ; start = behindSpace) {
    let i = index + 1
    for (; i <= fields.length; i++) {
      const field = fields[i]
      const separator = field === undefined ? argumentsAfter : (field.after ?? '')
      if (text.startsWith(separator, start)) return { index: i, at: start + separator.length, separated: true }
      waiting ||= text.length - start < separator.length && separator.startsWith(text.slice(start))
      if (field?.optional !== true) break
    }
    // Every field that is left may be left out.
    if (i === fields.length && argumentsMarker === 'optional' && text.charCodeAt(start) === 0x7b)
      return { index: i, at: start, separated: false }
    if (start === behindSpace) break
  }
  return waiting ? WAIT : undefined
}

/** Index behind the name at `from`: a name holds no white space and none of `{ } [ ] " ,`, nor what else is given. */
export function nameEnd(text: string, from: number, others = ''): number {
  let i = from
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i)
    // Headers are read again with each chunk of them, and most of their characters are letters.
    if (isWordCode(code)) continue
    const character = text.charAt(i)
    if (isSpace(code) || '{}[]",'.includes(character) || others.includes(character)) break
  }
  return i
}

/**
 * Could this text, at the very end, be a header that was cut, rather than prose that ends after a marker? A sentence that
 * mentions the marker goes on behind a space, and ends in a point: ` tokens.`
 */
export function isCutHead(text: string, spaced: boolean): boolean {
  const last = text.trim()
  const sentence = spaced && '.!?:;)'.includes(last[last.length - 1] as string)
  return /[\p{L}\p{N}_]/u.test(last) && !sentence
}
