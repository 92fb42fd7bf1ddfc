import type { ChannelRules, Family, FamilyReader, Opener } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { THINK } from '../../engine/reasoning-blocks.js'
import { skipTo } from '../../engine/skip-to.js'
import type { Repair } from '../../event/event.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { messageMarks, readCall } from './call-message.js'
import type { ChannelGrammar } from './channel-grammar.js'
import { headerLooks } from './header-looks.js'
import { LONGEST_HEADER, type MessageHead, type MessageHeadResult, MessageHeads } from './message-head.js'

const ADVICE =
  'the special tokens of messages were removed from the text: have the server keep them (vLLM, SGLang: skip_special_tokens false; llama.cpp: --special)'

/** What is left of the marker of a channel, before its name: `|channel|>commentary`. */
const LEFT = /^(?:[<|/ ]{1,4}[a-z]{1,12}[|/> ]{0,4}(?=[a-z]))?/i
/** The name of a channel is searched for this far. */
const LONGEST_START = 40

/**
 * The family of messages whose special tokens a server took out, at the start of a text. Their words are left:
 *
 *     analysisThe user sails.assistantcommentary to=functions.get_tide json{"port": "Moss"}
 *
 * A call counts only for a given tool.
 */
export function strippedMessages(grammar: ChannelGrammar): Family {
  return {
    openers: [
      {
        marker: '',
        where: 'text-start',
        bare: true,
        mayOpen: headerLooks(grammar.rules),
        mayBegin: channelLooks(grammar.rules),
      },
    ],
    create: (reading: Reading) => new StrippedMessages(reading, grammar),
  }
}

/** May the name of a channel begin at an index of text of which more may come, behind what is left of its marker? */
function channelLooks({ of }: ChannelRules): NonNullable<Opener['mayBegin']> {
  const channels = Object.keys(of)
  const firsts = `<|/ ${channels.map((channel) => channel.charAt(0)).join('')}`
  return (text, at) => {
    if (!firsts.includes(text.charAt(at))) return false
    if (text.length - at < LONGEST_START) return true
    const begun = text.slice(at, at + LONGEST_START)
    return channels.some((channel) => begun.includes(channel))
  }
}

/** The beginning of a message: what stands before its channel's name, and that. */
interface Start {
  readonly left: string
  readonly channel: string
  readonly kind: 'text' | 'header'
}

class StrippedMessages implements FamilyReader {
  readonly expects = 'the name of a channel'
  opened: 'call' | 'message' = 'message'
  private readonly rules: ChannelRules
  private readonly heads: MessageHeads
  /** `assistantfinal` */
  private readonly starts: readonly string[]

  constructor(
    private readonly reading: Reading,
    private readonly grammar: ChannelGrammar,
  ) {
    this.rules = grammar.rules
    this.heads = new MessageHeads(reading, this.rules)
    this.starts = Object.keys(this.rules.of).map((channel) => this.rules.role + channel)
  }

  opens(): boolean | typeof WAIT {
    const { reading } = this
    const { cursor, out } = reading
    if (!out.settings.repair || reading.reasoned || reading.lastCallTo >= 0 || reading.messageEnds.length > 0)
      return false
    const code = cursor.skipSpace()
    if (code < 0) return code === WAIT ? WAIT : false
    const start = this.start()
    if (start === WAIT || start === undefined) return start === WAIT ? WAIT : false
    if (start.kind === 'text') {
      this.opened = 'message'
      return true
    }
    const head = this.head(start)
    if (head === WAIT) return WAIT
    this.opened = 'call'
    return isCall(head) && this.isGiven(head.name)
  }

  private isGiven(name: string): boolean {
    const { tools } = this.reading.out
    return tools.given && tools.has(name)
  }

  /** Does a message begin at the cursor? `behind` another, whatever follows its channel is its text: `assistantfinalfour`. */
  private start(behind = false): Start | undefined | typeof WAIT {
    const { window, at, ended } = this.reading.cursor
    const begun = window.slice(at, at + LONGEST_START)
    // Whole markers have a family of their own.
    if (begun.startsWith(this.rules.start) || begun.startsWith(this.rules.channel ?? this.rules.start)) return undefined
    const [left = ''] = LEFT.exec(begun) ?? []
    const rest = begun.slice(left.length)
    const isOver = ended || begun.length === LONGEST_START
    for (const channel of Object.keys(this.rules.of)) {
      if (!rest.startsWith(channel)) {
        if (!isOver && (channel.startsWith(rest) || mayGrow(begun, rest))) return WAIT
        continue
      }
      const next = rest.slice(channel.length)
      const text: Start = { left, channel, kind: 'text' }
      if (/^\s{0,8}$/.test(next) || this.rules.recipient.startsWith(next.trimStart()))
        return !isOver ? WAIT : behind ? text : undefined
      if (/^\s{0,8}to=/.test(next)) return { left, channel, kind: 'header' }
      return left === '' && (behind || beginsText(channel, next)) ? text : undefined
    }
    return undefined
  }

  /** The header whose channel begins at the cursor. */
  private head({ left }: Start): MessageHeadResult {
    const { cursor } = this.reading
    const { role, channel: mark = '' } = this.rules
    const before = role + mark
    const text = before + cursor.window.slice(cursor.at + left.length, cursor.at + LONGEST_HEADER)
    const head = this.heads.read(text, cursor.ended)
    if (typeof head !== 'object') return head
    const moved = (at: number) => Math.max(0, at - before.length + left.length)
    if (head.holds === 'broken') return { ...head, length: moved(head.length) }
    const fixes = head.fixes.map((fix) => ({ ...fix, from: moved(fix.from), to: moved(fix.to) }))
    return { ...head, from: moved(head.from), to: moved(head.to), length: moved(head.length), fixes }
  }

  *read(_opener: unknown, from: number): Read<boolean> {
    const { cursor, text, out } = this.reading
    const { grammar } = this.reading
    const { start: whole, channel = whole, type = whole, message } = this.rules
    const ends = [...this.rules.ends, ...this.reading.format.stops]
    // Behind a marker that was not taken out, the text is read as usual. A thought may quote those inside a header.
    const next = new Matcher(grammar.once('stripped starts', () => markerSet([...this.starts, whole, ...ends])))
    const inContent = new Matcher(
      grammar.once('markers left in stripped text', () =>
        markerSet([...this.starts, whole, channel, type, message, ...ends, THINK.open, THINK.close]),
      ),
    )
    let isNoted = false
    for (let at = from; ; at = cursor.offset) {
      let start: Start | undefined | typeof WAIT
      while ((start = this.start(at > from)) === WAIT) yield
      if (start === undefined) return true
      if (start.kind === 'header') {
        if (!(yield* this.call(start, at))) return true
        while (cursor.peek() === WAIT) yield
      } else {
        const word = cursor.offset
        cursor.at += start.channel.length
        if (!isNoted) out.note('stripped-markers', ADVICE, word, cursor.offset)
        isNoted = true
        const holds = this.rules.of[start.channel]
        if (holds === 'reasoning') yield* this.reason(next)
        else if (start.channel === 'final') {
          text.beginMessage()
          return true
        } else {
          text.beginMessage()
          yield* this.content(inContent)
        }
      }
      const marker = yield* this.reading.marker(next)
      if (marker === undefined || !this.starts.includes(marker)) return true
      out.mark('call')
      cursor.at += this.rules.role.length
    }
  }

  /** The text of a message. What would open or close a thought in other texts means nothing in it. */
  private *content(next: Matcher<string>): Read<void> {
    const { cursor, out, text } = this.reading
    for (;;) {
      const marker = yield* skipTo(cursor, next, (piece, from) => {
        text.track(piece)
        out.content(piece, from)
      })
      if (marker !== THINK.open && marker !== THINK.close) return
      text.track(marker)
      out.release('marker-in-text', `${marker} stands in the text of a message`, marker, cursor.offset)
      cursor.at += marker.length
    }
  }

  private *reason(next: Matcher<string>): Read<void> {
    const { reading } = this
    const { out, cursor } = reading
    const from = cursor.offset
    reading.reasoned = true
    out.mark('openReasoning')
    cursor.pause()
    const hit = yield* skipTo(cursor, next, (text, at) => out.reasoning(text, at))
    cursor.resume()
    out.mark('closeReasoning')
    if (hit !== undefined) return
    out.note('truncated-reasoning', `the text ended before ${this.rules.role}final`, from, cursor.offset)
    out.fail('truncated')
  }

  /** False if it is no call, and what follows is content. */
  private *call(start: Start, from: number): Read<boolean> {
    const { reading, rules } = this
    const { out, cursor } = reading
    let head: MessageHeadResult
    while ((head = this.head(start)) === WAIT) yield
    if (!isCall(head) || !this.isGiven(head.name) || out.refusesCalls) {
      out.note('stripped-markers', ADVICE, cursor.offset, cursor.offset + start.left.length + start.channel.length)
      if (!out.refusesCalls) out.fail('malformed')
      return false
    }
    const at = cursor.offset
    const { left } = start
    const repair: Repair = {
      kind: left === '' ? 'stripped-marker' : 'misspelt-header',
      from: at,
      to: at + left.length,
      before: left,
      after: rules.channel ?? '',
    }
    const marks = messageMarks(reading, rules, this.starts)
    yield* readCall(reading, head, {
      from,
      marks,
      codeTools: this.grammar.codeTools,
      evidence: 'bare',
      repairs: [repair],
    })
    reading.text.beginMessage()
    return true
  }
}

function isCall(head: MessageHeadResult): head is MessageHead {
  return typeof head === 'object' && head.holds === 'call'
}

/** May what stands before the name of a channel go on? */
function mayGrow(text: string, rest: string): boolean {
  return /^[<|/ ]{1,4}[a-z]{0,12}[|/> ]{0,4}$/i.test(text) || (rest !== text && rest === '')
}

/** `analysisThe` is no word, so a message begins behind the channel. `finally` is one. */
function beginsText(channel: string, next: string): boolean {
  const first = next.charAt(0)
  if (!/[\p{L}\p{N}]/u.test(first)) return false
  return channel === 'analysis' || first !== first.toLowerCase() || /[^a-z\d]/i.test(first)
}
