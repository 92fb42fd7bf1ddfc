import type { CallMarks } from '../../engine/call-marks.js'
import type { CallShape } from '../../engine/call-shape.js'
import type { ChannelRules, Family, FamilyReader, Opener, ReasoningBlock } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { readReasoning } from '../../engine/reasoning.js'
import { beginsInReasoning } from '../../engine/reasoning-start.js'
import { skipTo } from '../../engine/skip-to.js'
import { giveBackArguments, objectFollows } from '../../recovery/headless-call.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { readCallBlock } from './call-block.js'
import { messageMarks, readCall } from './call-message.js'
import { KindHeads } from './kind-head.js'
import { passLostStart } from './lost-start.js'
import { LONGEST_HEADER, type MessageHead, type MessageHeadResult, MessageHeads } from './message-head.js'
import { openMessage } from './open-message.js'

/** Calls that are the text of messages with headers. */
export interface ChannelGrammar {
  readonly rules: ChannelRules
  /** Tools whose text is code, as it is. */
  readonly codeTools: readonly string[]
  /** The text of a call is an object that holds its name too. */
  readonly shape?: CallShape
  /** The text of a call is a block of this family, whose calls have names of their own. */
  readonly calls?: Family
}

/** Reads the headers of a format. */
interface Heads {
  read(text: string, ended: boolean): MessageHeadResult
}

/**
 * The family of formats whose text is messages, each behind a header that says what it holds: reasoning, content, or the
 * arguments of a call. It tells the engine where reasoning and content begin, and reads the calls.
 */
export function channels(grammar: ChannelGrammar): Family {
  const { rules } = grammar
  const headers = [
    rules.start,
    ...(rules.channel === undefined ? [] : [rules.channel]),
    ...Object.keys(rules.kinds ?? {}),
  ]
  return {
    openers: [
      ...headers.map((marker) => ({ marker, begins: 'message' as const })),
      // The prompt holds the start of the first header.
      { marker: '', where: 'text-start', bare: true },
    ],
    strays: [...rules.ends, ...(rules.message === '' ? [] : [rules.message])],
    create: (reading: Reading) => new Messages(reading, grammar),
  }
}

/** Reads the messages of one text. */
class Messages implements FamilyReader {
  readonly expects = 'the header of a message'
  opened: 'call' | 'message' = 'call'
  private readonly heads: Heads
  private readonly block: ReasoningBlock
  /** What the prompt holds of the first header. */
  private prefix: string
  /** A header was read, so that no text begins in the middle of one. */
  private begun = false
  /** A call was meant that cannot be read. */
  private isAttempt = false
  private made: CallMarks | undefined

  constructor(
    private readonly reading: Reading,
    private readonly grammar: ChannelGrammar,
  ) {
    const { rules } = grammar
    const { out, format } = reading
    this.heads =
      rules.kinds === undefined
        ? new MessageHeads(rules, format.stops, out.tools, out.settings.repair)
        : new KindHeads(rules, out.settings.repair)
    const [close = '', ...alike] = rules.ends
    this.block = { open: '', close, alike, stop: 'closes' }
    this.prefix = rules.role
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
      if (open !== undefined) yield* this.beginBehind(open)
    } else if (startInReasoning === 'detect') {
      if (yield* beginsInReasoning(reading, [this.block])) yield* this.reason('prompt')
    } else if (startInReasoning) yield* this.reason('prompt')
    else if (grammar.rules.kinds !== undefined) yield* passLostStart(reading, grammar.rules)
  }

  /** The text goes on behind a header that the prompt began, or in the message behind it. */
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
    // What stands behind the role in a prompt is the middle of a header for certain.
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

  opens(opener: Opener, _from: number): boolean | typeof WAIT {
    const { reading } = this
    const { cursor, out } = reading
    this.isAttempt = false
    if (opener.marker === '') {
      if (this.begun || reading.reasoned || reading.lastCallTo >= 0 || this.grammar.rules.recipient === '') return false
      const code = cursor.skipSpace()
      if (code < 0) return code === WAIT ? WAIT : false
      const { recipient, channel, message } = this.grammar.rules
      const found = cursor.starts(recipient)
      const bare = channel === undefined && message !== '' ? cursor.starts(message) : 0
      if (found !== 1 && bare !== 1) return found === WAIT || bare === WAIT ? WAIT : false
    }
    const head = this.peek(opener.marker, opener.marker === '' ? ' ' : '')
    if (head === WAIT) return WAIT
    if (head === 'cut') {
      // Prose may end behind a marker too: only a header that has begun is cut.
      if (opener.marker !== '') cursor.at = cursor.window.length
      return false
    }
    if (head === 'text' || head.holds === 'broken') {
      if (head !== 'text') cursor.at += head.length
      const attempt = opener.marker === '' || out.refusesCalls ? false : objectFollows(reading)
      if (attempt === WAIT) {
        if (head !== 'text') cursor.at -= head.length
        return WAIT
      }
      this.isAttempt = attempt
      this.opened = 'call'
      return attempt
    }
    // A format that is not known yet begins no message in the middle of a line.
    if (head.holds !== 'call' && reading.deciding && !this.standsFree(opener)) return false
    this.opened = head.holds === 'call' ? 'call' : 'message'
    return true
  }

  /** Nothing is said on the line before it; in reasoning of another format only a whole header counts. */
  private standsFree({ marker }: Opener): boolean {
    const { reasoning, text } = this.reading
    return reasoning ? marker === this.grammar.rules.start : text.atLineStart || text.fresh
  }

  /** The header that stands at the cursor, behind a marker. */
  private peek(marker: string, gap = ''): MessageHeadResult {
    const { cursor } = this.reading
    const before = this.before(marker) + gap
    const text = before + cursor.window.slice(cursor.at, cursor.at + LONGEST_HEADER - before.length)
    const isAll = before.length + cursor.window.length - cursor.at <= text.length
    const head = this.heads.read(text, cursor.ended && isAll)
    if (typeof head !== 'object') return head
    const moved = (at: number) => Math.max(0, at - before.length)
    if (head.holds === 'broken') return { ...head, length: moved(head.length) }
    return {
      ...head,
      from: moved(head.from),
      to: moved(head.to),
      length: moved(head.length),
      fixes: head.fixes
        .filter(({ to }) => to > before.length)
        .map((fix) => ({ ...fix, from: moved(fix.from), to: moved(fix.to) })),
    }
  }

  /** What stands before the text behind a marker, in its header. */
  private before(marker: string): string {
    const { start, role } = this.grammar.rules
    if (marker === start) return ''
    return marker === '' ? this.prefix : role + marker
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { reading } = this
    if (this.isAttempt) {
      this.isAttempt = false
      yield* giveBackArguments(reading, from, reading.expected(this.expects))
      return false
    }
    let head: MessageHeadResult
    while ((head = this.peek(opener.marker, opener.marker === '' ? ' ' : '')) === WAIT) yield
    if (typeof head !== 'object' || head.holds === 'broken') return false
    this.begun = true
    yield* this.readMessage(head, from, 'text')
    return true
  }

  /** The cursor stands at what is left of a header. */
  private *readMessage(head: MessageHead, from: number, by: 'text' | 'prompt'): Read<void> {
    const { reading, grammar } = this
    const { cursor, out, text } = reading
    const at = cursor.offset
    reading.messageEnds = []
    if (head.holds === 'call') return yield* this.readCall(head, from)
    out.mark('call')
    cursor.at += head.length
    if (head.fixes.length > 0) out.note('dropped-text', 'words in the header of a message', at, cursor.offset)
    if (yield* this.holdsCalls()) {
      out.fail('malformed')
      out.note('damaged-block', 'calls stand in a message that is for no tool', at, cursor.offset)
    }
    if (head.holds === 'reasoning') yield* this.reason(by)
    else if (head.holds === 'content') {
      reading.messageEnds = grammar.rules.ends
      reading.callEnds = grammar.rules.callEnds ?? []
      text.beginMessage()
      out.mark('close-reasoning')
    } else yield* this.leaveOut(from)
  }

  private *reason(by: 'text' | 'prompt'): Read<void> {
    this.begun = true
    yield* readReasoning(this.reading, [this.block], this.reading.cursor.offset, by)
    this.reading.text.beginMessage()
    yield* passLostStart(this.reading, this.grammar.rules)
  }

  /** A message that is meant for somebody else, or of somebody else. */
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

  /** Does the block of the family of calls begin here? */
  private *holdsCalls(): Read<boolean> {
    const { calls } = this.grammar
    if (calls === undefined) return false
    const openers = new Matcher(calls.openers.map(({ marker }) => [marker, marker] as const))
    return (yield* this.reading.marker(openers)) !== undefined
  }

  private *readCall(head: MessageHead, from: number): Read<void> {
    const { reading, grammar } = this
    if (grammar.calls !== undefined) return yield* readCallBlock(reading, head, from, grammar.rules, grammar.calls)
    yield* readCall(reading, head, {
      from,
      marks: this.marks,
      codeTools: grammar.codeTools,
      shape: grammar.shape,
      evidence: 'marker',
    })
    reading.text.beginMessage()
    yield* passLostStart(reading, grammar.rules)
  }
}
