import { type Cursor, WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'
import type { ReasoningBlock } from './format.js'
import type { Candidate, ContentMarker, OpenerMarker } from './grammar.js'
import { opensCall } from './opens-call.js'
import { isCloser, leaveOrphans } from './orphan-closer.js'
import type { Reading } from './reading.js'
import { skipTo } from './skip-to.js'
import { isSpecialToken } from './special-token.js'

/** A draft that swallows the closer of its block is read twice, so after this many no more calls are looked for. */
const MOST_SWALLOWED = 16

/**
 * Reads the rest of a reasoning block whose opener ends at offset `opened`. It is one of `blocks`: there are several if
 * the prompt opened it and its close marker is unknown.
 *
 * A whole call in the block is held back, with the white space behind it, until its next text is known. If the block
 * closes or continues, the call is a draft, which is reasoning. If the text ends or a stop token follows, it is a call
 * and ends the block.
 */
export function* readReasoning(
  reading: Reading,
  blocks: readonly ReasoningBlock[],
  opened: number,
  by: 'text' | 'prompt' = 'text',
): Read<void> {
  reading.reasoning = reading.reasoned = true
  reading.out.mark('openReasoning')
  yield* new Thought(reading, blocks, opened, by).read()
  reading.out.mark('closeReasoning')
  reading.reasoning = false
  reading.text.fresh = true
}

/**
 * Reads a call in a block of reasoning that stays content, since plain words mark it. The cursor stands at the marker.
 * A draft is text; a call that the end of the text leaves in the open block begins where the cursor then is.
 *
 *     Here is my thought process:\nMaybe <|tool_call|>[{"name": "rm", "arguments": {}}] but no.\nHere is my response: …
 */
export function* readThoughtCall(
  reading: Reading,
  block: ReasoningBlock,
  marker: OpenerMarker,
  from: number,
): Read<void> {
  const { cursor, out, text, drafts } = reading
  const before = drafts.length
  if (yield* new Thought(reading, [block], from, 'text').readCall(marker, from)) {
    reading.thought = undefined
    return
  }
  const read = cursor.since(from)
  text.track(read)
  if (drafts.length > before) {
    if (out.settings.damaged === 'keep') out.content(read, from)
    return
  }
  let next: number
  while ((next = cursor.peek()) === WAIT) yield
  out.fail(next < 0 ? 'truncated' : 'malformed')
  out.release('damaged-block', `${marker.text} after "${block.open}" opens no complete call`, read, from)
}

/** No marker is longer. */
const LONGEST_MARKER = 256
/** At most this much of a line is examined. */
const LONGEST_LINE = 1024

/** Does a line end inside a string of JSON: behind a quote that a value or a key begins with? */
function endsInString(line: string): boolean {
  let before = ''
  let isOpen = false
  for (let i = 0; i < line.length; i++) {
    const character = line.charAt(i)
    if (isOpen && character === '\\') i++
    else if (isOpen) isOpen = character !== '"'
    else if (character === '"') isOpen = ':{[,'.includes(before)
    if (!isOpen && character !== ' ') before = character
  }
  return isOpen
}

const BACKTICK = 0x60
const FENCE = '```'

/**
 * Reads one reasoning block. One class in one file: whether a marker ends the thought depends on the line before it, and on the
 * openers and calls that were read as its text.
 */
class Thought {
  private readonly matcher: Matcher<ContentMarker>
  private blank = true
  private lineBlank = true
  /** The last characters of the thought, as many as a fence has. */
  private tail = ''
  /** The end of the line so far, where more than the block's own closer may end it. */
  private line = ''
  /** The format has further blocks of reasoning, as where it is not known. */
  private readonly hasOtherBlocks: boolean
  private readonly hasOtherClosers: boolean
  /** Whether a call in the block may count. */
  private readonly calls: boolean
  /** How many openers of calls became reasoning text and are not closed yet: their closers will be text too. */
  private openersAsText = 0

  constructor(
    private readonly reading: Reading,
    private readonly blocks: readonly ReasoningBlock[],
    private readonly opened: number,
    private readonly by: 'text' | 'prompt',
  ) {
    const { out, grammar, swallowed } = reading
    this.calls = out.settings.callsInReasoning === 'unclosed' && !out.refusesCalls && swallowed < MOST_SWALLOWED
    this.matcher = new Matcher(grammar.reasoning(blocks))
    const known = reading.format.reasoning?.blocks ?? blocks
    this.hasOtherBlocks = known.length > 1
    this.hasOtherClosers = this.hasOtherBlocks || known.some(({ alike }) => alike !== undefined)
  }

  private readonly emit = (text: string, from: number): void => {
    const line = text.lastIndexOf('\n') + 1
    const isBlank = text.slice(line).trim() === ''
    this.lineBlank = isBlank && (line > 0 || this.lineBlank)
    if (this.blank && text.trim() !== '') this.blank = false
    this.tail = (this.tail + text).slice(-FENCE.length)
    if (this.hasOtherClosers) this.line = (line > 0 ? text.slice(line) : this.line + text).slice(-LONGEST_LINE)
    this.reading.out.reasoning(text, from)
  }

  private get behindTick(): boolean {
    return this.tail.endsWith('`')
  }

  *read(): Read<void> {
    const { cursor, out } = this.reading
    for (;;) {
      const marker = yield* skipTo(cursor, this.matcher, this.emit)
      const from = cursor.offset
      if (marker?.kind === 'stop' && this.behindTick && (yield* this.isInCode(marker.text, from))) {
        this.pass(marker.text, from)
        continue
      }
      if (marker?.kind === 'stop' && this.blocks.some(({ stop }) => stop === 'closes')) return
      if (marker === undefined || marker.kind === 'stop') return this.endOpen()
      if (marker.kind === 'reasoning-close' && (yield* this.isQuoted(marker.text, from))) this.pass(marker.text, from)
      else if (marker.kind === 'reasoning-close') {
        cursor.at += marker.text.length
        if (!this.blocks.some(({ close }) => close === marker.text))
          out.note('stray-marker', `${marker.text} closed the reasoning instead of its own closer`, from, cursor.offset)
        if (this.blank) out.note('empty-reasoning', 'a reasoning block without text', this.opened, cursor.offset)
        return
      } else if (marker.kind === 'opener' && marker.isHeader) {
        if (yield* this.endsAtHeader(marker, from)) return
      } else if (marker.kind === 'opener' && !this.calls) this.mention(marker.text, from)
      else if (marker.kind === 'opener') {
        cursor.keep(from)
        const isOver = yield* this.readCall(marker, from)
        if (!isOver) this.emit(cursor.since(from), from)
        cursor.drop()
        if (isOver) return
      } else if (marker.kind === 'reasoning') this.openAgain(marker.text, from)
      else if (!isCloser(marker) || this.openersAsText > 0) this.mention(marker.text, from, isCloser(marker) ? -1 : 1)
      else if (!(yield* leaveOrphans(this.reading, this.matcher, this.lineBlank))) this.pass(marker.text, from)
    }
  }

  /** Is a closer one that the thought is about, and not its end? */
  private *isQuoted(closer: string, from: number): Read<boolean> {
    return (this.behindTick && (yield* this.isInCode(closer, from))) || (yield* this.isInString(closer, from))
  }

  /** Does a backtick stand right behind it too? Three of them are a fence, behind which a thought may end. */
  private *isInCode(closer: string, from: number): Read<boolean> {
    if (this.tail === FENCE) return false
    return (yield* this.peekBehind(closer, from)) === BACKTICK
  }

  /** The character behind a closer. Reads nothing. */
  private *peekBehind(closer: string, from: number): Read<number> {
    const { cursor } = this.reading
    cursor.keep(from)
    cursor.at += closer.length
    let code: number
    while ((code = cursor.peek()) === WAIT) yield
    cursor.rewind(from)
    cursor.drop()
    return code
  }

  /**
   * Closers beside the block's own are looked for too, and where the block is not known, those of formats that the model never
   * writes: in a JSON string, such a closer is text. That of the first block closes as it would if the text had opened it.
   * No JSON string continues on the next line.
   */
  private *isInString(closer: string, from: number): Read<boolean> {
    if (closer === this.blocks[0]?.close || !endsInString(this.line)) return false
    const code = yield* this.peekBehind(closer, from)
    return code >= 0 && code !== 10 && code !== 13
  }

  /** True if a header of another message stands at the marker, which ends the block without its closer. */
  private *endsAtHeader(marker: OpenerMarker, from: number): Read<boolean> {
    const { reading } = this
    const { cursor } = reading
    // Where the format is not known, the header may be of one that the model never writes: in a string of JSON it is data.
    if (this.behindTick || (this.hasOtherBlocks && (yield* this.isInString(marker.text, from)))) {
      this.pass(marker.text, from)
      return false
    }
    cursor.keep(from)
    const found = yield* opensCall(reading, marker, from)
    const isOver = found !== undefined || (cursor.peek() < 0 && cursor.offset > from + marker.text.length)
    if (isOver) cursor.rewind(from)
    else {
      cursor.rewind(from + marker.text.length)
      this.emit(marker.text, from)
    }
    cursor.drop()
    return isOver
  }

  private mention(text: string, from: number, change = 1): void {
    this.openersAsText += change
    this.pass(text, from)
  }

  private pass(text: string, from: number): void {
    this.reading.cursor.at += text.length
    this.emit(text, from)
  }

  /** Leaves out a second opener, unless it is in inline code. */
  private openAgain(open: string, from: number): void {
    const { cursor, out } = this.reading
    if (this.behindTick) {
      this.pass(open, from)
      return
    }
    cursor.at += open.length
    out.note('stray-marker', `${open} opens nothing: reasoning is open`, from, cursor.offset)
  }

  /** Ends the block at the end of the text or a stop token. An opener with nothing behind it is an empty block. */
  private endOpen(): void {
    const { out, cursor } = this.reading
    const { opened, blocks, blank } = this
    this.reading.drafts.length = 0
    if (blank && this.by === 'text') {
      out.note('empty-reasoning', 'a reasoning block was opened and holds nothing', opened, cursor.offset)
      return
    }
    out.note('truncated-reasoning', `the text ended before ${blocks[0]?.close}`, opened, cursor.offset)
    out.fail('truncated')
  }

  /**
   * True if a real call begins at `from`, where the cursor then is, so that the block is over. Else what was read is
   * reasoning.
   */
  *readCall(marker: OpenerMarker, from: number): Read<boolean> {
    const { reading, matcher } = this
    const { cursor, out } = reading
    let candidate = yield* opensCall(reading, marker, from)
    if (candidate === undefined) this.openersAsText++
    let held = false
    for (let at = from; candidate !== undefined; ) {
      const isWhole = yield* this.isWhole(candidate, at)
      if (!isWhole && !held) break
      held = true
      const to = cursor.offset
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      const next = yield* reading.marker(matcher)
      if (this.calls && (code < 0 || next?.kind === 'stop' || this.endsInMarker())) {
        this.deliver(from)
        return true
      }
      // A further call is read only behind a whole one.
      if (!isWhole || next?.kind !== 'opener') {
        cursor.rewind(to)
        break
      }
      at = cursor.offset
      candidate = yield* opensCall(reading, next, at)
      if (candidate === undefined) cursor.rewind(to)
    }
    if (held) {
      reading.drafts.push(from)
      out.note(
        'draft',
        'the call stands in reasoning that goes on or closes behind it, so it is a draft',
        from,
        cursor.offset,
      )
    }
    return false
  }

  /** Does the text end here in the beginning of a special token, which may have closed the block of the calls? */
  private endsInMarker(): boolean {
    const { cursor, grammar } = this.reading
    if (!cursor.ended || cursor.window.length - cursor.at > LONGEST_MARKER) return false
    const rest = cursor.window.slice(cursor.at)
    if (rest.length < 2 || this.blocks.some(({ close }) => close.startsWith(rest))) return false
    return grammar.leftOut.some((marker) => isSpecialToken(marker) && marker.startsWith(rest))
  }

  /**
   * Makes the held call a real one, since the text ends behind it. If the source was cut, more reasoning may have
   * followed.
   */
  private deliver(from: number): void {
    const { cursor, out } = this.reading
    this.reading.evidence = 'unclosed-reasoning'
    if (cursor.ended && cursor.peek() < 0 && cursor.reason !== 'stop')
      out.doubt = { status: 'truncated', why: 'the text was cut in a reasoning block' }
    // The block opened in a call that could not be read: a value of that one may hold this call.
    if (this.reading.openersAsText > 0)
      out.doubt ??= {
        status: 'malformed',
        why: 'the reasoning block around it opened behind the marker of another call',
      }
    cursor.rewind(from)
  }

  /**
   * Reads a block of calls without events. True if it holds a whole call, and the block's closer stands in none that is damaged or
   * whose end was guessed.
   */
  private *isWhole({ family, opener }: Candidate, from: number): Read<boolean> {
    const { out, cursor } = this.reading
    const { announced, wholeCalls, guessedCalls } = out
    const lastCallTo = this.reading.lastCallTo
    out.mute()
    yield* this.reading.reader(family).read(opener, from)
    out.unmute()
    const text = cursor.since(from)
    const swallows = this.holdsClose(text)
    const found = out.wholeCalls - wholeCalls
    const isClear = out.guessedCalls === guessedCalls && out.announced - announced === found
    const isWhole = found > 0 && (isClear || !swallows || !this.holdsClose(text.slice(0, out.wholeCallTo - from)))
    // A damaged call behind the last whole one may have swallowed the closer.
    if (isWhole) this.backToClose(cursor, out.wholeCallTo)
    else if (!isWhole && swallows) this.backToClose(cursor, from)
    this.reading.lastCallTo = lastCallTo
    return isWhole
  }

  private holdsClose(text: string): boolean {
    return this.blocks.some(({ close }) => text.includes(close))
  }

  /** Goes back to the close marker that a damaged block swallowed, if it did. */
  private backToClose(cursor: Cursor, from: number): void {
    const text = cursor.since(from)
    const found = this.blocks.map(({ close }) => text.indexOf(close)).filter((i) => i >= 0)
    if (found.length === 0) return
    this.reading.swallowed++
    cursor.rewind(from + Math.min(...found))
  }
}
