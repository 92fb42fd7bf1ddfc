import type { Format } from '../engine/format.js'
import { markerSet } from '../engine/grammar.js'
import type { OtherFormat, ReadOfText } from '../engine/session.js'
import { fencesIn } from '../text/fences.js'
import { lastMarker } from '../text/last-marker.js'
import type { OfferedTools } from '../tools/offered-tools.js'
import { toolOf } from '../tools/schema.js'
import { propertyNames } from '../tools/value-types.js'
import { lastCloser } from './last-closer.js'
import { isQuoted } from './quoted.js'
import { type Pattern, type Shape, strippedShapes } from './stripped-shape.js'

/** A call of a given tool in a text whose special tokens, or all `<`, were taken out. */
interface StrippedCall {
  readonly name: string
  readonly from: number
  readonly to: number
  /** It begins a line, or ends the text: it is no example in a sentence. */
  readonly isMeant: boolean
  readonly message: string
}

/** What a server leaves of the header of a message. */
const ROLE = 'assistant'
/** What may stand between a recipient and its object, whatever the model wrote there: ` ...\n`, `code`, ` commentary json\n` */
const TYPE = /^(?:\s[\s.…]{0,8}(?:[a-z]{1,16}[\s.…]{1,8}){0,2})?(?:[a-z]{1,16})?(?=\{)/
/** What may stand before the name of a tool, as part of it: `call:ns:f{` */
const NAMESPACE = /(?:[\w-]{1,32}[:.]){1,2}$/
/** The header of a message up to a recipient, and what stands before it, begin a line. */
const HEADER = /^[^\p{L}]{0,16}assistant\s?$/u

/** Looks in text for a call that lost its special tokens or its `<`. */
export type LookForStripped = (
  text: string,
  read: Pick<ReadOfText, 'tools' | 'namesTool'>,
  startsInReasoning: boolean,
) => OtherFormat | undefined

/**
 * Looks for calls of some formats without their special tokens or without `<`. Such a call is a loss, but not in the middle of
 * a sentence. `all`: whose closed reasoning may hold drafts. `isTelling`: only where the words around the name tell that it is a
 * call, since the format of the text is not known.
 */
export function strippedCalls(formats: readonly Format[], all: readonly Format[], isTelling = false): LookForStripped {
  const shapes = strippedShapes(formats).filter((shape) => shape.isTelling || !isTelling)
  const blocks = formats.flatMap(({ reasoning }) => reasoning?.blocks ?? [])
  const opens = markerSet(blocks.map(({ open }) => open))
  const closer = lastCloser(all)
  return (text, { tools, namesTool }, startsInReasoning) => {
    // This alone rules out nearly every text.
    if (shapes.length === 0 || !namesTool) return undefined
    // A thought may hold drafts.
    const begin = closer(text).from + 1
    const isOpen = lastMarker(text, opens).from >= begin
    if (isOpen || (begin === 0 && startsInReasoning)) return undefined
    const found = strippedCall(begin === 0 ? text : ' '.repeat(begin) + text.slice(begin), shapes, tools)
    if (found === undefined) return undefined
    const { from, to, isMeant, message } = found
    return { code: 'stripped-markers', message, from, to, isLoss: isMeant }
  }
}

/** A token right before the call was not taken out: it is a call of another format. */
const BEHIND_TOKEN = /<[^<>\s]{1,46}>\s?$/
const LONGEST_TOKEN = 50

/** So many that are quoted are looked at of one name. */
const MOST_QUOTED = 16

/** The first call of a given tool that is left so in a text, outside of code and quotations. */
function strippedCall(text: string, all: readonly Shape[], tools: OfferedTools): StrippedCall | undefined {
  const shapes = all.filter(({ lost }) => !lost.some((mark) => text.includes(mark)))
  const places = new Places(text)
  let found: StrippedCall | undefined
  for (const name of tools.names) {
    let quoted = 0
    for (let at = text.indexOf(name); at >= 0 && quoted < MOST_QUOTED; at = text.indexOf(name, at + 1)) {
      if (found !== undefined && at >= found.to) break
      const shape = shapes.find((one) => standsAt(text, at, name, one, tools))
      if (shape === undefined) continue
      const from = beginningOf(text, at, shape)
      const behind = text.slice(Math.max(0, from - LONGEST_TOKEN), from)
      const isLed = shape.lead !== '' && behind.trimEnd().endsWith(shape.lead)
      if (BEHIND_TOKEN.test(behind) && !isLed) continue
      // The fence of a call that is code is no quotation, but may be an example.
      const place = isLed && shape.lead.startsWith('```') ? 'inside' : places.of(from)
      if (place === 'quoted') {
        quoted++
        continue
      }
      const isMeant = shape.isTelling && (place === 'line' || /[}>\])]\s{0,8}$/.test(text.slice(-16)))
      found = { name, from, to: at + name.length, isMeant, message: shape.message }
      break
    }
  }
  return found
}

/** Where what is left of the call begins whose name stands at an index: with the words of its header, if they stand there. */
function beginningOf(text: string, at: number, { before, words }: Shape): number {
  const from = nameFrom(text, at, before) - before.length
  const begin = text.slice(Math.max(0, from - words.length), from) === words ? from - words.length : from
  const line = text.slice(Math.max(0, text.lastIndexOf('\n', begin - 1) + 1, begin - LONGEST_HEADER), begin)
  return HEADER.test(line) ? begin - line.length : begin
}

/** Where a name begins, with its namespace where that stands between it and `before`. */
function nameFrom(text: string, at: number, before: string): number {
  if (before === '' || text.startsWith(before, at - before.length)) return at
  const [space = ''] = NAMESPACE.exec(text.slice(Math.max(0, at - LONGEST_NAMESPACE), at)) ?? []
  // The name of a role or the word before the name is none: `call:`
  return space.startsWith(before) ? at - space.length + before.length : at - space.length
}

function standsAt(text: string, at: number, name: string, shape: Shape, tools: OfferedTools): boolean {
  const { before } = shape
  const from = nameFrom(text, at, before)
  if (from < before.length || !text.startsWith(before, from - before.length)) return false
  if (before === '' && /[\p{L}\p{N}_-]/u.test(text.charAt(at - 1)) && !text.startsWith(ROLE, at - ROLE.length))
    return false
  const end = at + name.length
  const [type = ''] = (shape.isTyped && TYPE.exec(text.slice(end, end + LONGEST_TYPE))) || []
  return begins(text, end + type.length, shape, name, tools)
}

/** Do the arguments of the tool begin at an index, or is that a call without any? */
function begins(
  text: string,
  at: number,
  { toKey, empty, isTelling }: Shape,
  name: string,
  tools: OfferedTools,
): boolean {
  if (empty !== '' && matches(text, at, empty, name) >= 0) return true
  const key = matches(text, at, toKey, name)
  if (key < 0) return false
  const keys = propertyNames(toolOf(tools, name))
  // Models put quotes around keys that the format writes without.
  const bare = key + Number(QUOTES.includes(text.charAt(key) || ' '))
  if (keys.length > 0) return keys.some((one) => text.startsWith(one, bare))
  return isTelling && /[\p{L}_]/u.test(text.charAt(key))
}

const LONGEST_TYPE = 48
const LONGEST_NAMESPACE = 66
const LONGEST_HEADER = 32

/** At most this much white space, and this many digits, stand at one place. */
const MOST = 64

/** The index behind a pattern, or -1. */
function matches(text: string, at: number, pattern: Pattern, name: string): number {
  let i = at
  for (const part of pattern) {
    const from = i
    if (part === '\n') {
      i = past(text, i, SPACE)
      if (!text.slice(from, i).includes('\n')) return -1
      continue
    }
    i = past(text, i, SPACE)
    const begin = i
    if (part === '0') i = past(text, i, '0123456789')
    else if (part === '\0') i += text.startsWith(name, i) ? name.length : 0
    else if (text.charAt(i) === part) i++
    if (i === begin) return -1
  }
  return past(text, i, SPACE)
}

const SPACE = ' \n\r\t'
const QUOTES = '"\''

function past(text: string, at: number, characters: string): number {
  let i = at
  while (i < text.length && i - at < MOST && characters.includes(text.charAt(i))) i++
  return i
}

/** At most this much of the line before a place is examined. */
const LONGEST_LINE = 1024

/** Where the places of a text are. */
class Places {
  /** Where lines stand that open or close a fence. */
  private fences: number[] | undefined

  constructor(private readonly text: string) {}

  /** Does a line begin at an index, or is it in code or a quoted line? */
  of(at: number): 'line' | 'inside' | 'quoted' {
    const { text } = this
    if (isQuoted(text, at, () => (this.fences ??= fencesIn(text)))) return 'quoted'
    const line = text.slice(Math.max(text.lastIndexOf('\n', at - 1) + 1, at - LONGEST_LINE), at)
    return line.trim() === '' ? 'line' : 'inside'
  }
}
