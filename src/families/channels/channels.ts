import type { CallMarks } from '../../engine/call-marks.js'
import type { CallShape } from '../../engine/call-shape.js'
import type { ChannelRules, Family, FamilyReader, Opener, ReasoningBlock } from '../../engine/format.js'
import { markerSet } from '../../engine/grammar.js'
import type { Reading } from '../../engine/reading.js'
import { readReasoning } from '../../engine/reasoning.js'
import { beginsInReasoning } from '../../engine/reasoning-start.js'
import { skipTo } from '../../engine/skip-to.js'
import { DamagedSpan } from '../../recovery/damaged-span.js'
import { giveBackArguments, objectFollows } from '../../recovery/headless-call.js'
import { TagMarks } from '../../recovery/span-marks.js'
import { WAIT } from '../../text/cursor.js'
import { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { TagReader } from '../../text/tag-reader.js'
import type { TaggedGrammar } from '../tagged/tagged-grammar.js'
import { readCallBlock } from './call-block.js'
import { messageMarks, readCall } from './call-message.js'
import { headerLooks } from './header-looks.js'
import { KindHeads } from './kind-head.js'
import { headerAfterLost, nameFollows, passLostStart } from './lost-start.js'
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
  /** The text of a call is parameters in tags; an object is read too. */
  readonly tags?: TaggedGrammar
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
  const { rules, tags } = grammar
  const valueEnds = tags === undefined ? [] : [`</${tags.syntax.parameter}>`]
  const headers = [
    rules.start,
    ...(rules.channel === undefined ? [] : [rules.channel]),
    ...Object.keys(rules.kinds ?? {}),
  ]
  return {
    openers: [
      ...headers.map((marker) => ({ marker, begins: 'message' as const })),
      // The prompt holds the start of the first header.
      { marker: '', where: 'text-start', bare: true, mayOpen: headerLooks(rules) },
    ],
    strays: [...rules.ends, ...(rules.message === '' ? [] : [rules.message])],
    mentions: valueEnds,
    valueEnds,
    create: (reading: Reading) => new Messages(reading, grammar),
  }
}

/** Reads the messages of one text. */
class Messages implements FamilyReader {
  readonly expects = 'the header of a message'
  opened: 'call' | 'message' = 'call'
  says: FamilyReader['says']
  private readonly heads: Heads
  private readonly block: ReasoningBlock
  /** What the prompt holds of the first header. */
  private prefix: string
  /** A header was read, so that no text begins in the middle of one. */
  private begun = false
  /** So much stands before the header, of a start that was damaged or taken out. */
  private lost = 0
  /** A call was meant that cannot be read. */
  private isAttempt = false
  /** And its text is an object. */
  private isObject = false
  private made: CallMarks | undefined
  /** What the text of a call begins with. */
  private readonly bodies: readonly string[]

  constructor(
    private readonly reading: Reading,
    private readonly grammar: ChannelGrammar,
  ) {
    const { rules, tags } = grammar
    this.bodies = tags === undefined ? ['{'] : ['{', `<${tags.syntax.parameter}`]
    this.heads =
      rules.kinds === undefined ? new MessageHeads(reading, rules, this.bodies) : new KindHeads(reading, rules)
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
      if (open === undefined) return
      // What stands behind a header may have to be given back, with what of the header is in the text.
      reading.cursor.keep()
      yield* this.beginBehind(open)
      reading.cursor.drop()
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
    this.says = undefined
    this.lost = 0
    if (opener.marker === '') {
      if (this.begun || reading.reasoned || reading.lastCallTo >= 0 || this.grammar.rules.recipient === '') return false
      const code = cursor.skipSpace()
      if (code < 0) return code === WAIT ? WAIT : false
      const { channel, message, inPrompt, role } = this.grammar.rules
      const named = inPrompt === undefined ? false : nameFollows(reading, this.grammar.rules)
      if (named === WAIT) return WAIT
      if (inPrompt !== undefined && reading.out.settings.prompt === undefined) this.prefix = named ? inPrompt : role
      const found = named ? 0 : headerAfterLost(reading, this.grammar.rules)
      const bare = channel === undefined && message !== '' ? cursor.starts(message) : 0
      if (found < 0 && bare !== 1) return found === WAIT || bare === WAIT ? WAIT : false
      this.lost = bare === 1 ? 0 : found
    }
    const head = this.peek(opener.marker, opener.marker === '' ? ' ' : '')
    if (head === WAIT) return WAIT
    if (head === 'cut') {
      // Prose may end behind a marker too: only a header that has begun is cut.
      if (opener.marker !== '') cursor.at = cursor.window.length
      return false
    }
    if (head === 'text' || head.holds === 'broken') {
      // What cannot be read ends no reasoning of another format.
      if (reading.deciding && reading.reasoning) return false
      if (head !== 'text') cursor.at += head.length
      const attempt = opener.marker === '' || out.refusesCalls ? false : this.bodyFollows()
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
    this.says = head.says
    return true
  }

  /** Does the text of a call follow, although its header cannot be read? */
  private bodyFollows(): boolean | typeof WAIT {
    const { window, at, ended } = this.reading.cursor
    const [, tag] = this.bodies
    const object = objectFollows(this.reading)
    this.isObject = object === true
    if (tag === undefined || object !== false) return object
    const { start, ends } = this.grammar.rules
    const text = window.slice(at, at + LONGEST_HEADER)
    const stops = [start, ...ends].map((marker) => text.indexOf(marker)).filter((i) => i >= 0)
    const found = text.indexOf(tag)
    if (found >= 0) return stops.every((stop) => found < stop)
    return stops.length > 0 || ended || text.length === LONGEST_HEADER ? false : WAIT
  }

  /** A call whose header cannot be read is text, with all that it quotes. */
  private *giveBack(from: number): Read<void> {
    const { reading, grammar } = this
    const { cursor, out, text } = reading
    const why = reading.expected(this.expects)
    if (grammar.tags === undefined || this.isObject) return yield* giveBackArguments(reading, from, why)
    // Its own marker before the parameters opens nothing further.
    const begin = cursor.window.indexOf(this.bodies[1] ?? '', cursor.at)
    if (begin > cursor.at) cursor.at = begin
    const marks = new TagMarks(new TagReader(grammar.tags.syntax, true), reading.stops)
    const span = new DamagedSpan(cursor, marks, { openers: 'nest-anywhere', until: 'call-end' })
    if ((yield* span.skip()) === 'call-end') span.readEnd()
    const given = cursor.since(from)
    text.track(given)
    out.release('damaged-block', `this message is no call that can be read: ${why}`, given, from)
    out.fail('malformed')
  }

  /** Nothing is said on the line before it; in reasoning of another format only a whole header counts. */
  private standsFree({ marker }: Opener): boolean {
    const { reasoning, text } = this.reading
    return reasoning ? marker === this.grammar.rules.start : text.atLineStart || text.fresh
  }

  /** The header that stands at the cursor, behind a marker. */
  private peek(marker: string, gap = ''): MessageHeadResult {
    const { cursor } = this.reading
    const { lost } = this
    const before = this.before(marker) + gap
    const text = before + cursor.window.slice(cursor.at + lost, cursor.at + lost + LONGEST_HEADER - before.length)
    const isAll = before.length + cursor.window.length - cursor.at - lost <= text.length
    const head = this.heads.read(text, cursor.ended && isAll)
    if (typeof head !== 'object') return head
    const moved = (at: number) => Math.max(0, at - before.length + lost)
    if (head.holds === 'broken') return { ...head, length: moved(head.length) }
    return {
      ...head,
      from: moved(head.from),
      to: moved(head.to),
      length: moved(head.length),
      fixes: [
        ...(lost > 0 ? [{ from: 0, to: lost, after: this.grammar.rules.start + this.grammar.rules.role }] : []),
        ...head.fixes
          .filter(({ to }) => to > before.length)
          .map((fix) => ({ ...fix, from: moved(fix.from), to: moved(fix.to) })),
      ],
    }
  }

  /** What stands before the text behind a marker, in its header. */
  private before(marker: string): string {
    const { start, role } = this.grammar.rules
    if (marker === start) return ''
    return marker === '' ? this.prefix : role + marker
  }

  *read(opener: Opener, from: number): Read<boolean> {
    if (this.isAttempt) {
      this.isAttempt = false
      yield* this.giveBack(from)
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
    const holdsCalls = yield* this.holdsCalls()
    if (holdsCalls && grammar.tags !== undefined) {
      cursor.keep(from)
      this.isObject = false
      yield* this.giveBack(from)
      cursor.drop()
      return
    }
    if (holdsCalls || (head.holds === 'reasoning' && head.type !== '')) {
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
    const { cursor } = this.reading
    // A thought may be long, and is not given back.
    cursor.pause()
    yield* readReasoning(this.reading, [this.block], cursor.offset, by)
    cursor.resume()
    this.reading.text.beginMessage()
    yield* this.passLost()
  }

  /** Behind the end of a message: a header whose start is damaged. */
  private *passLost(): Read<void> {
    const { reading, grammar } = this
    const { cursor, out } = reading
    if (!out.settings.repair || grammar.rules.recipient === '') return yield* passLostStart(reading, grammar.rules)
    const from = cursor.offset
    cursor.keep(from)
    while (cursor.skipSpace() === WAIT) yield
    let found: number
    while ((found = headerAfterLost(reading, grammar.rules)) === WAIT) yield
    this.lost = Math.max(0, found)
    let head: MessageHeadResult = 'text'
    if (found >= 0) while ((head = this.peek('', ' ')) === WAIT) yield
    this.lost = 0
    if (typeof head === 'object' && head.holds === 'call' && !out.refusesCalls)
      yield* this.readCall(head, cursor.offset)
    else {
      cursor.rewind(from)
      yield* passLostStart(reading, grammar.rules)
    }
    cursor.drop()
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
    const [, tag] = this.bodies
    const begins = calls === undefined ? (tag === undefined ? [] : [tag]) : calls.openers.map(({ marker }) => marker)
    if (begins.length === 0) return false
    const set = this.reading.grammar.once('calls begin', () => markerSet(begins))
    return (yield* this.reading.marker(new Matcher(set))) !== undefined
  }

  private *readCall(head: MessageHead, from: number): Read<void> {
    const { reading, grammar } = this
    if (grammar.calls !== undefined) return yield* readCallBlock(reading, head, from, grammar.rules, grammar.calls)
    yield* readCall(reading, head, {
      from,
      marks: this.marks,
      codeTools: grammar.codeTools,
      shape: grammar.shape,
      tags: grammar.tags,
      evidence: 'marker',
    })
    reading.text.beginMessage()
    yield* this.passLost()
  }
}
