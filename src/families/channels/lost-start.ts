import type { ChannelRules, Opener } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import { opensQuotation } from '../../engine/quotations.js'
import type { Reading } from '../../engine/reading.js'
import { isSpecialToken } from '../../engine/special-token.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { leftOf } from './left-of.js'

/** Longer text does not belong to a header. */
const LONGEST = 37
/** This much of the marker behind it shows that a header follows, if no other marker begins so. */
const SHORTEST = 10
/** What is left of the marker that starts a header, and of whose message it is; and the same with more to come. */
const LOST = /^\s{0,4}(?:(?:< \||<\/?\|?|\||\/)\w{1,16}(?:\| >|\|?\/?>|\|)?)?[\w.-]{0,40}$/
const LOST_SO_FAR =
  /^\s{0,4}(?:(?:< ?\|?|<\/?\|?|\||\/)(?:\w{1,16}(?:\| ?>?|\|?\/?>?)?)?)?[\w.-]{0,40}(?:<[\w|]{0,32})?$/

/**
 * Behind the end of a message nothing but a header stands. Where the marker that starts it is damaged or was taken out, what
 * is left of it is left out, with a note: `<|end|>assistant<|channel|>final<|message|>`.
 */
export function* passLostStart(reading: Reading, rules: ChannelRules): Read<void> {
  const { start, channel, kinds = {} } = rules
  const { cursor, out, format, grammar } = reading
  const marks = grammar.once('what begins the marks of headers', () =>
    [...(channel === undefined ? [] : [channel]), ...Object.keys(kinds)].map((mark) => beginning(mark, format.stops)),
  )
  if (marks.length === 0 || !out.settings.repair) return
  let length: number
  while ((length = lostLength(reading, start, marks)) === WAIT) yield
  if (length === 0) length = wordsAtEnd(reading, rules)
  if (length === 0) return
  const from = cursor.offset
  cursor.at += length
  out.note('stray-marker', 'what is left of the start of a header was left out', from, cursor.offset)
}

/** What damage leaves of a start, the role behind it, and the beginning of both. */
const DAMAGED = /^[<|/][<|/ ]{0,3}\w{0,16}[|/> ]{0,4}\w{0,16} {0,4}$/
const FEW_SPACES = /^ {0,4}$/

/**
 * How far behind the cursor the header of a message begins whose start is damaged or was taken out: `|start|>assistant to=f`.
 * Negative: none does, or `WAIT`.
 */
export function headerAfterLost(
  { cursor, out }: Reading,
  rules: ChannelRules,
  place: 'text' | 'behind a message',
): number {
  const { window, at, ended } = cursor
  return lostHeaderIn(window.slice(at, at + LONGEST), { ended, repair: out.settings.repair, rules, place })
}

/** How the header is looked for. `ended`: no more text comes. */
interface LostHeader {
  readonly ended: boolean
  readonly repair: boolean
  readonly rules: ChannelRules
  readonly place: 'text' | 'behind a message'
}

function lostHeaderIn(text: string, { ended, repair, rules, place }: LostHeader): number {
  const { start, role, recipient, channel, of } = rules
  if (text.startsWith(start)) return NONE
  if (text.startsWith(recipient)) return 0
  if (!ended && recipient.startsWith(text)) return WAIT
  const to = recipientAt(text, recipient)
  if (to === 0 && repair) return 0
  const isAll = to >= 0 || ended || text.length === LONGEST
  if (isAll && (to < 0 || !repair)) return NONE
  if (!isAll && leftOf([recipient]).some(([left]) => left.startsWith(text))) return WAIT
  // With the start, the role and the marker of the channel may be gone: `commentary to=functions.f`.
  const channels = channel !== undefined && place === 'behind a message' ? Object.keys(of) : []
  const words = [role, ...channels]
  if (isAll) {
    const before = text.slice(0, to)
    const isLost = DAMAGED.test(before) ? before.trimEnd().endsWith(role) : words.some((word) => isSpaced(word, before))
    return isLost ? to : NONE
  }
  const mayBeLost = (before: string) =>
    DAMAGED.test(before) || words.some((word) => word.startsWith(before) || isSpaced(word, before))
  return repair && beginnings(text, recipient).some(mayBeLost) ? WAIT : NONE
}

/** May a header without its start begin at an index of text of which more may come, while the format is not known? */
export function lostStartLooks(rules: ChannelRules): NonNullable<Opener['mayBegin']> {
  const { recipient, inPrompt } = rules
  if (recipient === '') return () => false
  const looks: LostHeader = { ended: false, repair: true, rules, place: 'text' }
  return (text, at) => {
    if (inPrompt !== undefined && !'<>{}"'.includes(text.charAt(at))) return true
    const found = lostHeaderIn(text.slice(at, at + LONGEST), looks)
    return found === WAIT ? WAIT : found >= 0
  }
}

/** Index of the mark of a recipient, or of what is left of it; negative if there is none. */
function recipientAt(text: string, recipient: string): number {
  const core = coreOf(recipient)
  const at = text.indexOf(core)
  if (at < 1 || core === recipient || text.charAt(at - 1) !== '|') return at
  return text.charAt(at - 2) === '<' ? at - 2 : at - 1
}

/** What a token and all that may be left of it share: `recipient|` of `<|recipient|>`. */
const coreOf = (mark: string) => (isSpecialToken(mark) ? mark.slice(2, -1) : mark)

/** Is the text this word, with a few spaces behind it? */
const isSpaced = (word: string, text: string) => text.startsWith(word) && FEW_SPACES.test(text.slice(word.length))

/** The text without what it may hold of the beginning of `marker` at its end: each way to take it. */
function beginnings(text: string, marker: string): string[] {
  const found = [text]
  for (let at = Math.max(0, text.length - marker.length); at < text.length; at++)
    if (marker.startsWith(text.slice(at))) found.push(text.slice(0, at))
  return found
}

/** No header begins. */
const NONE = -2
/** One begins, and its start is whole. */
export const WHOLE = -3

/** The same behind the end of a message; `WHOLE` if nothing of its start is lost. Skips white space. */
export function* headerBehindMessage(reading: Reading, rules: ChannelRules): Read<number> {
  const { cursor, grammar } = reading
  while (cursor.skipSpace() === WAIT) yield
  const starts = new Matcher(grammar.once('the start of a message', () => markerSet([rules.start])))
  if ((yield* reading.marker(starts)) !== undefined) return WHOLE
  if (rules.recipient === '') return NONE
  let found: number
  while ((found = headerAfterLost(reading, rules, 'behind a message')) === WAIT) yield
  return found
}

const NAME_LINE = /^\s{0,4}[^\s<>{}"]{1,128}\s{1,4}/
const NAME_LINE_SO_FAR = /^\s{0,4}(?:[^\s<>{}"]{1,128}(?:\s{1,4}<?[^\s<>]{0,32}>?)?)?$/
const LONGEST_NAME_LINE = 180

/**
 * Does the text go on with a name that only the end of a header follows, since the prompt holds the rest of it?
 *
 *     get_tide
 *     <|content|>{"port": "Moss"}
 */
export function nameFollows({ cursor }: Reading, { message }: ChannelRules): boolean | typeof WAIT {
  const { window, at, ended } = cursor
  const text = window.slice(at, at + LONGEST_NAME_LINE)
  const line = NAME_LINE.exec(text)?.[0]
  if (line !== undefined && text.startsWith(message, line.length)) return true
  if (ended || text.length === LONGEST_NAME_LINE || !NAME_LINE_SO_FAR.test(text)) return false
  return line === undefined || message.startsWith(text.slice(line.length)) ? WAIT : false
}

/** What of a marker tells it from others. */
function beginning(mark: string, others: readonly string[]): string {
  let length = SHORTEST
  while (length < mark.length && others.some((other) => other.startsWith(mark.slice(0, length)))) length++
  return mark.slice(0, length)
}

/** How much of it stands at the cursor. */
function lostLength({ cursor }: Reading, start: string, marks: readonly string[]): number {
  const { window, at, ended } = cursor
  const text = window.slice(at, at + LONGEST)
  const begun = text.trimStart()
  if (begun.startsWith(start) || opensQuotation(begun)) return 0
  const to = Math.min(...marks.map((mark) => text.indexOf(mark)).filter((i) => i >= 0), LONGEST)
  if (to < LONGEST) return text.slice(0, to).trim() !== '' && LOST.test(text.slice(0, to)) ? to : 0
  return ended || text.length === LONGEST || !LOST_SO_FAR.test(text) ? 0 : WAIT
}

/** How much the text goes on, if that is only the words that a header begins with: `<|call|>assistantcommentary`. */
function wordsAtEnd({ cursor }: Reading, { role, channel, of }: ChannelRules): number {
  const { window, at, ended } = cursor
  if (!ended || channel === undefined || window.length - at >= LONGEST) return 0
  const text = window.slice(at).trim()
  // What was waited for.
  if (!LOST_SO_FAR.test(window.slice(at))) return 0
  const word = role !== '' && text.startsWith(role) ? text.slice(role.length) : text
  return text !== '' && (word === '' || Object.hasOwn(of, word)) ? window.length - at : 0
}
