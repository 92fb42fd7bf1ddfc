import type { ChannelRules, MessageText } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { isSpace, spaceEnd } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import { MarkerSet, Matcher } from '../../text/matcher.js'
import type { OfferedTools } from '../../tools/offered-tools.js'
import { type HeadFix, HeadWords, messageTextOf, NOBODY, type Word } from './head-words.js'
import type { HeaderEnd } from './header-end.js'
import { leftOf } from './left-of.js'

/** The header of a message, up to where its text begins. Indexes are into the text that was looked at. */
export interface MessageHead {
  readonly holds: MessageText | 'call'
  /** The tool that a call is for. */
  readonly name: string
  readonly from: number
  readonly to: number
  /** The type of the text, where the header tells it: `json`. */
  readonly type: string
  readonly length: number
  readonly fixes: readonly HeadFix[]
  /** It says what only headers of this format say, or leaves out what they say. */
  readonly says?: 'own' | 'partial' | undefined
  /** Why it is not known what was meant, although it can be read. */
  readonly doubt?: string | undefined
}

/** The header of a call whose tool cannot be made out, and its length. */
interface BrokenHead {
  readonly holds: 'broken'
  readonly length: number
}

/** `text`: no header stands here. `cut`: the text ended in one. */
export type MessageHeadResult = MessageHead | BrokenHead | 'text' | 'cut' | typeof WAIT

/** A header has at most this many characters, words and markers. */
export const LONGEST_HEADER = 360
const MOST_WORDS = 12
const MOST_MARKS = 8
const LONGEST_NAME = 128

/** Misspellings of `functions.` have no other letters than it; some models write `tools.` instead. */
const MISSPELT_NAMESPACE = /^[=:]{0,2}(?:[functios]{5,24}[.:/]?|[functios]{0,24}[.:/]|(?:tools?|api)[.:/])$/i

interface DamagedMark {
  readonly at: number
  readonly length: number
  readonly mark: string
}

type Mark = 'start' | 'channel' | 'type' | 'message' | 'end'

/** Reads the headers of a format. */
export interface Heads {
  /** After `WAIT`: what the text ends in, if that is known. */
  end: HeaderEnd | undefined
  read(text: string, ended: boolean): MessageHeadResult
}

/** Reads the headers of one format. An answer other than `WAIT` stays the same when more text comes. */
export class MessageHeads implements Heads {
  private readonly marks: Matcher<Mark>
  private readonly namespace: string
  /** What is left of the marks of a header, longer pieces first, and their marks. */
  private readonly left: readonly (readonly [string, string])[]

  private readonly tools: OfferedTools
  private readonly repair: boolean
  /** After `WAIT`: what the text ends in, if that is known. */
  end: HeaderEnd | undefined

  constructor(
    private readonly reading: Reading,
    private readonly rules: ChannelRules,
    /** What the text of a call begins with. */
    private readonly bodies: readonly string[] = ['{'],
  ) {
    const { grammar, format, out } = reading
    this.tools = out.tools
    this.repair = out.settings.repair
    const { start, channel = '', type = '', recipient, message, ends } = rules
    const marks = (): (readonly [string, Mark])[] => [
      [start, 'start'],
      [channel, 'channel'],
      [type, 'type'],
      [message, 'message'],
      ...[...ends, ...format.stops].map((end) => [end, 'end'] as const),
    ]
    this.marks = new Matcher(grammar.once('marks in headers', () => new MarkerSet(marks())))
    this.namespace = rules.namespace ?? ''
    this.left = this.repair
      ? grammar.once('what is left of marks in headers', () => leftOf([type, channel, message, recipient]))
      : []
  }

  /** `text` begins behind the start of a header. `ended`: no more of it comes. */
  read(text: string, ended: boolean): MessageHeadResult {
    this.end = undefined
    const words = new HeadWords(this.rules, text)
    for (let i = 0; ; ) {
      i = spaceEnd(text, i)
      if (i >= text.length) return this.atEnd(text, ended)
      if (this.marks.at(text, i, ended)) {
        const { hit, end } = this.marks
        if (hit === undefined) return this.atEnd(text, ended, this.marks)
        if (hit === 'start' && words.isEmpty) words.beginAgain(i, end)
        else if (hit === 'end' && words.recipient !== undefined && words.channel !== undefined) {
          // A call without arguments, and without the marker before them.
          words.fixes.push({ from: i, to: i, after: this.rules.message })
          return this.judge(words, i)
        } else if (hit === 'start' || hit === 'end') return 'text'
        if (hit === 'message') return this.behindMessage(words, text, ended, end)
        if (hit === 'start') {
          i = end
          continue
        }
        words.marker(hit, i, end)
        if (words.marks > MOST_MARKS) return 'text'
        i = end
        continue
      }
      // The marker that ends the header is missing: an object can only be the text of a call.
      const begins = this.beginsBody(text, i, ended)
      if (begins === WAIT) return this.atEnd(text, ended)
      if (begins) {
        words.fixes.push({ from: i, to: i, after: this.rules.message })
        // One word may be what is left of the marker. More of them are a text's own, such as an argument without its tag.
        const isLost = words.recipient === undefined || words.unknownWords.length > 1
        return isLost ? { holds: 'broken', length: i } : this.judge(words, i)
      }
      words.holdsBrace ||= text.charAt(i) === '{'
      const to = wordEnd(text, i)
      // What begins like a marker may be what the text of a call begins with.
      if (to >= text.length) return this.atEnd(text, ended, text.charAt(i) === '<' ? undefined : 'word')
      const damaged = this.damagedMark(text.slice(i, to))
      if (damaged === undefined) {
        words.word(i, to)
        i = to
      } else {
        const { at, length, mark } = damaged
        const markFrom = i + at
        i = markFrom + length
        if (at > 0) words.word(markFrom - at, markFrom)
        words.fixes.push({ from: markFrom, to: i, after: mark })
        if (mark === this.rules.message) return this.behindMessage(words, text, ended, i)
        if (mark === this.rules.recipient) words.expectRecipient()
        else words.marker(mark === this.rules.channel ? 'channel' : 'type', markFrom, i)
        if (words.marks > MOST_MARKS) return 'text'
      }
      if (words.count > MOST_WORDS) return 'text'
    }
  }

  /**
   * Does the text of a call begin at an index? Where it is parameters in tags, a brace begins an object only before a key in
   * quotes: any other may stand in a word of the header, and the object would end in the middle of it.
   */
  private beginsBody(text: string, at: number, ended: boolean): boolean | typeof WAIT {
    if (!this.bodies.some((body) => text.startsWith(body, at))) return false
    if (this.bodies.length === 1 || text.charAt(at) !== '{') return true
    const next = spaceEnd(text, at + 1)
    if (next >= text.length) return ended || text.length >= LONGEST_HEADER || WAIT
    return `"'}`.includes(text.charAt(next))
  }

  /** What a word holds of a mark that lost a bracket, or is written in capitals: `get_weather|message|>`, `get_weather<|message|`. */
  private damagedMark(word: string): DamagedMark | undefined {
    if (!/[|>]/.test(word)) return undefined
    const lower = word.toLowerCase()
    let found: DamagedMark | undefined
    for (const [left, mark] of this.left) {
      const begin = lower.indexOf(left.toLowerCase())
      const at = word.charAt(begin - 1) === '<' ? begin - 1 : begin
      const length = begin + left.length - at
      const whole = word.indexOf(mark)
      const isPart = whole >= 0 && whole <= begin && begin < whole + mark.length
      if (begin >= 0 && !isPart && (found === undefined || at < found.at)) found = { at, length, mark }
    }
    return found
  }

  /** The marker that ends the header of a call may come twice. */
  private behindMessage(words: HeadWords, text: string, ended: boolean, end: number): MessageHeadResult {
    if ((words.recipient === undefined && !this.lostRecipient(words)) || !this.repair) return this.judge(words, end)
    const isAll = ended || text.length >= LONGEST_HEADER
    const i = spaceEnd(text, end)
    if (i >= text.length) return isAll ? this.judge(words, end) : WAIT
    const begun = text.slice(i)
    if (!isAll && this.bodies.some((body) => body.length > begun.length && body.startsWith(begun))) return WAIT
    words.holdsCall = this.bodies.some((body) => begun.startsWith(body))
    if (!this.marks.at(text, i, isAll)) return this.judge(words, end)
    if (this.marks.hit === undefined) return isAll ? this.judge(words, end) : WAIT
    if (this.marks.hit !== 'message') return this.judge(words, end)
    words.fixes.push({ from: i, to: this.marks.end, after: '' })
    return this.judge(words, this.marks.end)
  }

  private atEnd(text: string, ended: boolean, end?: HeaderEnd): MessageHeadResult {
    if (text.length >= LONGEST_HEADER) return 'text'
    this.end = end
    return ended ? 'cut' : WAIT
  }

  private judge(words: HeadWords, length: number): MessageHeadResult {
    const { of, unnamed, channel } = this.rules
    const recipient = words.recipient ?? this.misspeltRecipient(words)
    const head = (holds: MessageText, says?: MessageHead['says']): MessageHead => {
      const { type, fixes } = words
      return { holds, name: '', from: 0, to: 0, type, length, fixes, says }
    }
    const named = channel === undefined ? recipient?.text : words.channel
    if (words.isOther) return head('left out')
    if (words.holdsCall && this.lostRecipient(words)) return { holds: 'broken', length }
    if (
      recipient === undefined ||
      NOBODY.includes(recipient.text) ||
      (channel === undefined && messageTextOf(of, recipient.text) !== undefined)
    ) {
      const holds =
        named === undefined
          ? unnamed
          : (messageTextOf(of, named) ?? messageTextOf(of, named.toLowerCase()) ?? 'content')
      if (named !== undefined && messageTextOf(of, named) === undefined) words.unknownChannel()
      return head(holds, named === undefined ? (channel === undefined ? undefined : 'partial') : 'own')
    }
    const isNamed = this.namespace !== '' && recipient.text.startsWith(this.namespace)
    // Other formats have recipients without channels. The namespace, the type or the text of a call shows that it is this one.
    const isOwn = isNamed || words.type !== '' || (words.holdsCall && this.means(recipient))
    if (channel !== undefined && words.channel === undefined && !isOwn) return 'text'
    if (channel !== undefined && messageTextOf(of, words.channel ?? '') === undefined) words.unknownChannel()
    const { name, from, to } = this.toolOf(recipient, words)
    if (name === '' || name.length > LONGEST_NAME || words.isAmbiguous || (!this.repair && words.fixes.length > 0))
      return { holds: 'broken', length }
    if (this.isDoubtful(name, words)) return { holds: 'broken', length }
    // A header that is quoted in a list or in code: `f(a='<|recipient|>', b={`
    if (/["',]/.test(name) && !this.tools.has(name)) return { holds: 'broken', length }
    const { type, fixes, doubt } = words
    return { holds: 'call', name, from, to, type, length, fixes, says: undefined, doubt }
  }

  /** Words are left out of the header, and they name another tool, or the recipient is none: `to=get_weather list_files`, `to=get weather` */
  private isDoubtful(name: string, { unknownWords }: HeadWords): boolean {
    if (!this.tools.given) return false
    const isKnown = this.tools.has(name)
    return unknownWords.some(({ text }) => text !== name && (!isKnown || this.tools.has(text)))
  }

  /** Is it a given tool, in a text whose format is named? */
  private means({ text }: Word): boolean {
    return !this.reading.deciding && this.tools.given && this.tools.has(text)
  }

  /** The tool that a recipient names: `functions.get_weather`. */
  private toolOf({ text, from, to }: Word, words: HeadWords): { name: string; from: number; to: number } {
    // A namespace alone names no tool.
    if (`${text}.` === this.namespace) return { name: '', from, to }
    const at = text.startsWith(this.namespace) ? this.namespace.length : 0
    const name = text.slice(at)
    const { tools } = this
    const own = { name, from: from + at, to }
    if (!tools.given || tools.has(name) || !this.repair) return own
    // `get_weatherjson`: the type without a space before it.
    const type = this.rules.types.find((one) => name.endsWith(one) && tools.has(name.slice(0, -one.length)))
    if (type !== undefined) {
      words.fixes.push({ from: to - type.length, to, after: ` ${type}` })
      return { name: name.slice(0, -type.length), from: from + at, to: to - type.length }
    }
    const tool = tools.names.find((one) => text.endsWith(one) && MISSPELT_NAMESPACE.test(text.slice(0, -one.length)))
    if (tool === undefined) return own
    words.fixes.push({ from, to: to - tool.length, after: this.namespace })
    return { name: tool, from: to - tool.length, to }
  }

  /** The mark of a recipient stands there without a name, or the name of a tool without the mark. */
  private lostRecipient({ recipient, unknownWords, lacksRecipient }: HeadWords): boolean {
    if (recipient !== undefined || this.rules.channel !== undefined) return false
    return lacksRecipient || (this.tools.given && unknownWords.some(({ text }) => this.tools.has(text)))
  }

  /** `o=functions.get_weather`, `tofunctions.get_weather`: a word that can only name a given tool. */
  private misspeltRecipient({ unknownWords }: HeadWords): Word | undefined {
    if (!this.repair || !this.tools.given) return undefined
    for (const { text, from, to } of unknownWords) {
      const at =
        Math.max(
          text.lastIndexOf('='),
          text.lastIndexOf(':'),
          this.namespace === '' ? -1 : text.indexOf(this.namespace) - 1,
        ) + 1
      const name = text.slice(at).startsWith(this.namespace) ? text.slice(at + this.namespace.length) : text.slice(at)
      if (at > 0 && this.tools.has(name)) return { text: text.slice(at), from: from + at, to }
      // `toget_weather`
      if (this.tools.has(text.slice(2)) && text.startsWith('to')) return { text: text.slice(2), from: from + 2, to }
    }
    return undefined
  }
}

/** A word ends at white space, and before what begins a marker. */
function wordEnd(text: string, from: number): number {
  let i = from + 1
  while (i < text.length && !isSpace(text.charCodeAt(i)) && text.charAt(i) !== '<' && text.charAt(i) !== '{') i++
  return i
}
