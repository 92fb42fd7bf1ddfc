import type { CallMarks } from '../../engine/call-marks.js'
import type { FamilyReader, Opener, ReasoningBlock } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { readReasoning } from '../../engine/reasoning.js'
import { closerOfStart } from '../../engine/reasoning-start.js'
import { skipTo } from '../../engine/skip-to.js'
import { isSpecialToken } from '../../engine/special-token.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { HoldBack, Read } from '../../text/step.js'
import { AttemptedCall, beginsCalls, parameterStem } from './attempted-call.js'
import { readCallBlock } from './call-block.js'
import { messageMarks, readCall } from './call-message.js'
import type { ChannelGrammar } from './channel-grammar.js'
import { movedFix } from './head-words.js'
import { goesOn } from './header-end.js'
import { KindHeads } from './kind-head.js'
import { headerAfterLost, headerBehindMessage, nameFollows, passLostStart, WHOLE } from './lost-start.js'
import { type Heads, LONGEST_HEADER, type MessageHead, type MessageHeadResult, MessageHeads } from './message-head.js'
import { openMessage } from './open-message.js'
import { unmarkedChannels } from './unmarked-channels.js'

/** The name of a tool and its namespace are not longer. */
const LONGEST_NAME = 160
/** A longer header is looked at anew with each chunk. */
const LONGEST_WAIT = 128

/**
 * Reads the messages of one text. One class in one file: what a header opens depends on how it begins (whole, damaged, in the
 * prompt, with its recipient alone) and on the message before it.
 */
export class Messages implements FamilyReader, HoldBack {
  readonly expects = 'the header of a message'
  opened: 'call' | 'message' = 'call'
  says: FamilyReader['says']
  /** Made for the first header, as the next two are when they are needed: `auto` asks at the start of each text, and most are prose. */
  private madeHeads: Heads | undefined
  /** What the prompt holds of the first header. */
  private prefix: string
  private readonly unmarked: readonly string[]
  /** A header was read, so the text does not begin in the middle of one. */
  private begun = false
  /** How many characters of a damaged or missing start stand before the header. */
  private lost = 0
  /** A call was meant that cannot be read. */
  private isAttempt = false
  private madeAttempt: AttemptedCall | undefined
  private made: CallMarks | undefined
  /** What `opens` found last, and where. */
  private found: { readonly head: MessageHead; readonly at: number } | undefined

  constructor(
    private readonly reading: Reading,
    private readonly grammar: ChannelGrammar,
  ) {
    this.prefix = grammar.rules.role
    this.unmarked = reading.grammar.once('channels without their marker', () => unmarkedChannels(grammar.rules))
  }

  private get heads(): Heads {
    this.madeHeads ??= this.newHeads()
    return this.madeHeads
  }

  private newHeads(): Heads {
    const { reading, grammar } = this
    const { rules } = grammar
    if (rules.kinds !== undefined) return new KindHeads(reading, rules)
    const stem = parameterStem(grammar)
    return new MessageHeads(reading, rules, stem === undefined ? ['{'] : ['{', stem])
  }

  private get attempt(): AttemptedCall {
    this.madeAttempt ??= new AttemptedCall(this.reading, this.grammar)
    return this.madeAttempt
  }

  private get block(): ReasoningBlock {
    const [close = '', ...alike] = this.grammar.rules.ends
    return { open: '', close, alike, stop: 'closes' }
  }

  private get marks(): CallMarks {
    this.made ??= messageMarks(this.reading, this.grammar.rules)
    return this.made
  }

  *begin(): Read<void> {
    const { reading, grammar } = this
    const { prompt, startInReasoning } = reading.out.settings
    if (prompt !== undefined) {
      const open = openMessage(prompt, grammar.rules)
      if (open === undefined) return
      // The text behind a header may have to be given back, together with the part of the header that it holds.
      reading.cursor.keep()
      yield* this.beginBehind(open)
      reading.cursor.drop()
    } else if (startInReasoning === 'detect') {
      if ((yield* closerOfStart(reading, [this.block])) !== '') yield* this.reason('prompt')
    } else if (startInReasoning) yield* this.reason('prompt')
    else if (grammar.rules.kinds !== undefined) yield* passLostStart(reading, grammar.rules)
  }

  /** Reads the rest of a header that the prompt began, or the message behind one that it wrote whole. */
  private *beginBehind(prompt: string): Read<void> {
    const { reading } = this
    this.prefix = prompt
    const head = this.heads.read(prompt, false)
    if (typeof head === 'object' && head.holds !== 'broken') {
      if (head.holds === 'call' && reading.out.refusesCalls) return
      this.begun = true
      yield* this.readMessage({ ...head, from: 0, to: 0, length: 0, fixes: [] }, 0, 'prompt')
      return
    }
    // Text behind the role in a prompt is certainly the middle of a header.
    const { role } = this.grammar.rules
    if (head !== WAIT || (role !== '' && prompt.trim() === role)) return
    let found: MessageHeadResult
    while ((found = this.peek('')) === WAIT) yield
    if (typeof found !== 'object' || found.holds === 'broken') return
    if (found.holds === 'call' && reading.out.refusesCalls) return
    this.begun = true
    yield* this.readMessage(found, 0, 'prompt')
    reading.text.fresh = true
  }

  /** Takes in text that only continues the word or the marker in which a header ends so far. */
  get holdBack(): HoldBack | undefined {
    return this.madeHeads?.end === undefined ? undefined : this
  }

  absorbs(text: string): boolean {
    const { window, at } = this.reading.cursor
    const { end } = this.heads
    return end !== undefined && window.length - at + text.length < LONGEST_WAIT && goesOn(end, text)
  }

  opens(opener: Opener, _from: number): boolean | typeof WAIT {
    const { reading } = this
    const { cursor, out } = reading
    if (this.madeHeads !== undefined) this.madeHeads.end = undefined
    this.found = undefined
    this.isAttempt = false
    this.says = undefined
    this.lost = 0
    if (opener.marker !== '' && (opener.marker === this.grammar.rules.recipient || this.isUnmarked(opener)))
      return this.opensUnstarted(opener)
    if (opener.marker === '') {
      if (this.begun || reading.reasoned || reading.lastCallTo >= 0 || this.grammar.rules.recipient === '') return false
      const code = cursor.skipSpace()
      if (code < 0) return code === WAIT ? WAIT : false
      const { channel, message, inPrompt, role } = this.grammar.rules
      const named = inPrompt === undefined ? false : nameFollows(reading, this.grammar.rules)
      if (named === WAIT) return WAIT
      if (inPrompt !== undefined && reading.out.settings.prompt === undefined) this.prefix = named ? inPrompt : role
      const found = named ? 0 : headerAfterLost(reading, this.grammar.rules, 'text')
      // While the format is not decided, the end of a header alone shows no header.
      const bare = channel === undefined && message !== '' && !reading.deciding ? cursor.starts(message) : 0
      if (found < 0 && bare !== 1) return found === WAIT || bare === WAIT ? WAIT : false
      this.lost = bare === 1 ? 0 : found
    }
    const head = this.peek(opener.marker, opener.marker === '' ? ' ' : '')
    if (head === WAIT) return WAIT
    if (head === 'cut') {
      // Prose may end after a marker too: only a header that has begun is cut.
      if (opener.marker !== '') cursor.at = cursor.window.length
      return false
    }
    if (head === 'text' || head.holds === 'broken') {
      // A header that cannot be read does not end the reasoning of another format.
      if (reading.deciding && reading.reasoning) return false
      if (head !== 'text') cursor.at += head.length
      const attempt = opener.marker === '' || out.refusesCalls ? false : this.attempt.follows()
      if (attempt === WAIT) {
        if (head !== 'text') cursor.at -= head.length
        return WAIT
      }
      this.isAttempt = attempt
      this.opened = 'call'
      return attempt
    }
    // While the format is not decided, no message begins in the middle of a line. But a call may be meant, by a header before it.
    if (head.holds !== 'call' && reading.deciding && !this.standsFree(opener)) {
      const attempt = reading.reasoning || out.refusesCalls ? false : this.attempt.beginsBehind(head.length)
      this.isAttempt = attempt === true
      this.opened = 'call'
      return attempt
    }
    this.opened = head.holds === 'call' ? 'call' : 'message'
    this.says = head.says
    this.found = { head, at: cursor.offset }
    return true
  }

  /**
   * Does the rest of a whole header of a call stand behind its recipient's mark, in a message that was not ended?
   *
   *     to=self<|message|>I look.to=get_tide<|message|>
   */
  private opensUnstarted(opener: Opener): boolean | typeof WAIT {
    const { marker, bare } = opener
    const unmarked = this.isUnmarked(opener)
    const { cursor, out, text, deciding } = this.reading
    if (!out.settings.repair || out.refusesCalls || deciding || text.quotation !== undefined) return false
    const length = bare === true ? marker.length : 0
    const named = this.namesTool(length)
    const head = named === false ? 'text' : this.peek(marker)
    if (named === WAIT || head === WAIT) return WAIT
    this.opened = 'call'
    if (typeof head === 'object' && head.holds === 'call' && head.fixes.length === 0 && out.tools.has(head.name)) {
      this.says = head.says
      const whole = unmarked ? this.unmarkedHead(head) : this.started(head, length - marker.length)
      this.found = { head: whole, at: cursor.offset }
      return true
    }
    if (bare === true) return false
    // A token is no word of prose: a call was meant.
    if (head === 'cut') cursor.at = cursor.window.length
    const attempt = head !== 'cut' && this.attempt.follows()
    this.isAttempt = attempt === true
    return attempt
  }

  /** A header before which nothing stands, with what is missing there, so far from the cursor. */
  private started(head: MessageHead, at = 0, channel = ' '): MessageHead {
    const { start, role } = this.grammar.rules
    return { ...head, fixes: [{ from: at, to: at, after: start + role + channel }, ...head.fixes] }
  }

  /** A header that begins with its channel. Without a namespace, it may be damaged in more than one place. */
  private unmarkedHead(head: MessageHead): MessageHead {
    const { channel, namespace = '' } = this.grammar.rules
    const { window, at } = this.reading.cursor
    const before = window.slice(at + head.from - namespace.length, at + head.from)
    const isNamed = namespace !== '' && before === namespace
    const doubt = isNamed ? head.doubt : 'the start of its message is lost, and more of its header'
    return { ...this.started(head, 0, channel), doubt }
  }

  /** Does it begin with the name of a channel whose marker is lost? */
  private isUnmarked({ marker }: Opener): boolean {
    return this.unmarked.includes(marker)
  }

  /** Does the name of a given tool stand so far behind the cursor, with its namespace or without? */
  private namesTool(length: number): boolean | typeof WAIT {
    const { cursor, out } = this.reading
    const { namespace = '' } = this.grammar.rules
    const { window, at, ended } = cursor
    const text = window.slice(at + length, at + length + LONGEST_NAME)
    const isBegun = !ended && text.length < LONGEST_NAME
    if (isBegun && namespace.startsWith(text)) return WAIT
    const name = text.startsWith(namespace) ? text.slice(namespace.length) : text
    if (isBegun && out.tools.names.some((one) => one.startsWith(name))) return WAIT
    return out.tools.names.some((one) => name.startsWith(one))
  }

  /** Does the header begin a line? Inside the reasoning of another format only a whole header counts. */
  private standsFree({ marker }: Opener): boolean {
    const { reasoning, text } = this.reading
    return reasoning ? marker === this.grammar.rules.start : text.atLineStart || text.fresh
  }

  /** The header that stands at the cursor, after a marker. */
  private peek(marker: string, space = ''): MessageHeadResult {
    const { cursor } = this.reading
    const { lost } = this
    const before = this.before(marker) + space
    const text = before + cursor.window.slice(cursor.at + lost, cursor.at + lost + LONGEST_HEADER - before.length)
    const isAll = before.length + cursor.window.length - cursor.at - lost <= text.length
    const head = this.heads.read(text, cursor.ended && isAll)
    if (typeof head !== 'object') return head
    if (before === '' && lost === 0) return head
    const by = lost - before.length
    const length = Math.max(0, head.length + by)
    if (head.holds === 'broken') return { holds: 'broken', length }
    const { holds, name, type, says, doubt } = head
    const fixes = head.fixes.filter(({ to }) => to > before.length).map((fix) => movedFix(fix, by))
    if (lost > 0) fixes.unshift({ from: 0, to: lost, after: this.grammar.rules.start + this.grammar.rules.role })
    const [nameFrom, nameTo] = [Math.max(0, head.from + by), Math.max(0, head.to + by)]
    return { holds, name, type, says, doubt, length, fixes, from: nameFrom, to: nameTo }
  }

  /** What stands before the text after a marker, in its header. */
  private before(marker: string): string {
    const { start, role, recipient, channel = '' } = this.grammar.rules
    if (marker === start) return ''
    if (this.unmarked.includes(marker)) return role + channel
    if (marker === recipient) return marker === '' ? this.prefix : `${role} ${isSpecialToken(marker) ? marker : ''}`
    return marker === '' ? this.prefix : role + marker
  }

  *read(opener: Opener, from: number): Read<boolean> {
    if (this.isAttempt) {
      this.isAttempt = false
      yield* this.attempt.giveBack(from, this.expects)
      return false
    }
    const { found } = this
    let head: MessageHeadResult = found?.at === this.reading.cursor.offset ? found.head : WAIT
    while (head === WAIT && (head = this.peek(opener.marker, opener.marker === '' ? ' ' : '')) === WAIT) yield
    if (typeof head !== 'object' || head.holds === 'broken') return false
    this.begun = true
    yield* this.readMessage(head, from, 'text')
    return true
  }

  /** Reads the rest of a header, before which the cursor stands, and its message. */
  private *readMessage(head: MessageHead, from: number, by: 'text' | 'prompt'): Read<void> {
    const { reading, grammar } = this
    const { cursor, out, text } = reading
    const at = cursor.offset
    reading.messageEnds = []
    if (head.holds === 'call') return yield* this.readCall(head, from)
    out.mark('call')
    cursor.at += head.length
    if (head.fixes.length > 0) out.note('dropped-text', 'words in the header of a message', at, cursor.offset)
    const holdsCalls = yield* beginsCalls(reading, grammar)
    if (holdsCalls && grammar.tags !== undefined) {
      cursor.keep(from)
      yield* this.attempt.giveBackTags(from, reading.expected(this.expects))
      cursor.drop()
      return
    }
    if (holdsCalls || (head.holds === 'reasoning' && head.type !== '')) {
      out.damage('calls stand in a message that is not for a tool', at, cursor.offset)
    }
    if (head.holds === 'reasoning') yield* this.reason(by)
    else if (head.holds === 'content') {
      reading.messageEnds = grammar.rules.ends
      reading.callEnds = grammar.rules.callEnds ?? []
      text.beginMessage()
      out.mark('closeReasoning')
    } else yield* this.leaveOut(from)
  }

  private *reason(by: 'text' | 'prompt'): Read<void> {
    this.begun = true
    const { cursor } = this.reading
    // A thought may be long, and is not given back.
    cursor.pause()
    yield* readReasoning(this.reading, [this.block], cursor.offset, by)
    cursor.resume()
    this.reading.text.beginMessage()
    const next = yield* this.passLost()
    if (next === undefined) return
    // Nobody keeps text behind a thought that the prompt began.
    cursor.keep()
    yield* this.readCall(next, cursor.offset)
    cursor.drop()
  }

  /** Behind the end of a message, the header of a call whose start is damaged. The cursor stands before it. */
  private *passLost(): Read<MessageHead | undefined> {
    const { reading, grammar } = this
    const { cursor, out } = reading
    const { rules } = grammar
    if (!out.settings.repair) return undefined
    const from = cursor.offset
    cursor.keep(from)
    const found = yield* headerBehindMessage(reading, rules)
    this.lost = Math.max(0, found)
    let head: MessageHeadResult = 'text'
    if (found >= 0) while ((head = this.peek('', ' ')) === WAIT) yield
    this.lost = 0
    if (typeof head === 'object' && head.holds === 'call' && !out.refusesCalls) {
      cursor.drop()
      return found === 0 ? this.started(head) : head
    }
    cursor.rewind(from)
    if (found !== WHOLE) yield* passLostStart(reading, rules)
    cursor.drop()
    return undefined
  }

  /** Leaves out a message to or from somebody else. */
  private *leaveOut(from: number): Read<void> {
    const { reading, grammar } = this
    const { cursor, out } = reading
    const { start, ends } = grammar.rules
    const next = new Matcher([start, ...ends, ...reading.format.stops].map((marker) => [marker, marker] as const))
    const hit = yield* skipTo(cursor, next)
    if (hit !== undefined && ends.includes(hit)) cursor.at += hit.length
    out.note('dropped-text', 'a message that is not for the user was left out', from, cursor.offset)
    reading.text.beginMessage()
  }

  /** Reads a call, and in a loop those behind it whose headers are damaged: a text may hold any number of them. */
  private *readCall(head: MessageHead, from: number): Read<void> {
    const { reading, grammar } = this
    if (grammar.calls !== undefined) return yield* readCallBlock(reading, head, from, grammar.rules, grammar.calls)
    let next: MessageHead | undefined = head
    for (let at = from; next !== undefined; at = reading.cursor.offset) {
      yield* readCall(reading, next, {
        from: at,
        marks: this.marks,
        codeTools: grammar.codeTools,
        shape: grammar.shape,
        tags: grammar.tags,
        evidence: 'marker',
      })
      reading.text.beginMessage()
      next = yield* this.passLost()
    }
  }
}
