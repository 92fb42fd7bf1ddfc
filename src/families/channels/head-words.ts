import type { ChannelRules, MessageText } from '../../engine/format.js'

/** A place where a header differs from what the format writes. Indexes are into the header. */
export interface HeadFix {
  readonly from: number
  readonly to: number
  readonly after: string
}

/** A word of a header, without the marker before it. */
export interface Word {
  readonly text: string
  readonly from: number
  readonly to: number
}

/** Recipients of messages that are no calls. */
export const NOBODY = ['all', 'user', 'assistant']
/** Roles of others than the model. A role with a point in it is the name of a tool. */
const OTHER_ROLES = ['user', 'system', 'developer', 'tool']

/** The words of one header, and what each says. */
export class HeadWords {
  channel: string | undefined
  recipient: Word | undefined
  type = ''
  /** The message is not the model's: a user wrote it, or a tool answered. */
  isOther = false
  /** Two tools are named. */
  isAmbiguous = false
  /** The text of a call follows. */
  holdsCall = false
  /** A brace stands in it that begins no object. */
  holdsBrace = false
  count = 0
  /** How many markers it holds. */
  marks = 0
  readonly fixes: HeadFix[] = []
  /** Words that mean nothing in a header. */
  readonly unknownWords: Word[] = []
  private expects: 'role' | 'channel' | 'type' | 'recipient' | 'name' | undefined = 'role'
  private channelWord: Word | undefined
  private markFrom = 0
  private markTo = 0

  constructor(
    private readonly rules: ChannelRules,
    private readonly text: string,
  ) {}

  marker(mark: 'channel' | 'type', from: number, to: number): void {
    this.marks++
    const isAgain = this.expects === mark || (mark === 'channel' ? this.channel !== undefined : this.type !== '')
    if (isAgain) this.fix(from, to, '')
    this.expects = mark
    this.markFrom = from
    this.markTo = to
  }

  /** What is left of the mark of the recipient: its name is next. */
  expectRecipient(): void {
    this.isAmbiguous ||= this.recipient !== undefined
    this.expects = 'name'
  }

  /** The mark of a recipient came last, and no name. */
  get lacksRecipient(): boolean {
    return this.expects === 'recipient' || this.expects === 'name'
  }

  /**
   * Why it is not known what was meant: its markup is damaged in more than one place, or a brace
   * stands in it. Undefined if it is known. Words too many leave no doubt.
   */
  get doubt(): string | undefined {
    if (this.holdsBrace) return 'a brace stands in the header of its message'
    const places = this.fixes
      .filter(({ from, to }) => /[<|>]/.test(this.text.slice(from, to)))
      .sort((a, b) => a.from - b.from)
    // One spelling for all markers is no junk.
    if (places.every(({ after }) => after !== '')) return undefined
    let [count, end] = [0, 0]
    for (const { from, to } of places) {
      if (count === 0 || this.text.slice(end, from).trim() !== '') count++
      end = Math.max(end, to)
    }
    return count > 1 ? 'the header of its message is damaged in more than one place' : undefined
  }

  /** It holds nothing, or the role alone. */
  get isEmpty(): boolean {
    return this.fixes.length === 0 && this.count <= 1 && this.recipient === undefined && !this.isOther
  }

  /** The start came once more: at from..to. */
  beginAgain(from: number, to: number): void {
    this.fix(this.count === 0 ? from : 0, to, '')
    this.count = 0
    this.expects = 'role'
  }

  word(from: number, to: number): void {
    this.count++
    const { recipient: mark, role, types } = this.rules
    const word = { text: this.text.slice(from, to), from, to }
    const { expects } = this
    this.expects = undefined
    if (word.text.startsWith(mark)) {
      const at = from + mark.length
      // Without the marker, a space parts the recipient from what stands before it.
      if (expects === 'channel') this.fix(this.markFrom, this.markTo, from > this.markTo ? '' : ' ')
      const { recipient } = this
      // One that is nobody gives way to a tool.
      if (recipient !== undefined && NOBODY.includes(recipient.text) && at < to) {
        this.fix(recipient.from - mark.length, recipient.to, '')
        this.recipient = { text: word.text.slice(mark.length), from: at, to }
      } else if (recipient !== undefined) {
        this.isAmbiguous ||= at < to && word.text.slice(mark.length) !== recipient.text
        this.fix(from, to, '')
      } else if (at === to) this.expects = 'recipient'
      else this.recipient = { text: word.text.slice(mark.length), from: at, to }
    } else if (expects === 'role') this.readRole(word, role)
    else if (expects === 'recipient') {
      this.fix(from - 1, from, '')
      this.recipient = word
    } else if (expects === 'name') this.recipient = word
    else if (expects === 'channel') this.readChannel(word)
    else if (expects === 'type' && this.type === '') {
      this.type = word.text
      if (!types.includes(word.text)) this.fix(from, to, '')
    } else if (types.includes(word.text) && this.type === '' && this.channel !== undefined) this.type = word.text
    else {
      this.unknownWords.push(word)
      this.fix(from, to, '')
    }
  }

  private readRole(word: Word, role: string): void {
    const { text, from, to } = word
    if (text === role || text.startsWith(`${role}:`)) return
    if (OTHER_ROLES.includes(text) || (text.includes('.') && !text.includes('='))) this.isOther = true
    else {
      this.unknownWords.push(word)
      this.fix(from, to, role)
    }
  }

  private readChannel(word: Word): void {
    if (this.channel !== undefined) {
      this.fix(word.from, word.to, '')
      return
    }
    const { of } = this.rules
    this.channelWord = word
    this.channel = word.text
    if (messageTextOf(of, word.text) !== undefined) return
    // `––commentary`: dashes before the name.
    const plain = word.text.replace(/^[^\p{L}]{1,8}/u, '')
    if (messageTextOf(of, plain) === undefined) return
    this.fix(word.from, word.to - plain.length, '')
    this.channel = plain
  }

  /** The channel is none that the format knows. */
  unknownChannel(): void {
    if (this.channelWord === undefined) return
    this.fix(this.channelWord.from, this.channelWord.to, '')
  }

  private fix(from: number, to: number, after: string): void {
    this.fixes.push({ from, to, after })
  }
}

/** The same fix in a text that begins so many characters earlier. */
export function movedFix({ from, to, after }: HeadFix, by: number): HeadFix {
  return { from: Math.max(0, from + by), to: Math.max(0, to + by), after }
}

/** What a message holds by the channel or recipient of this name; undefined if the rules do not have it. */
export function messageTextOf(of: ChannelRules['of'], name: string): MessageText | undefined {
  return Object.hasOwn(of, name) ? of[name] : undefined
}
