import type { CallMarks } from '../../engine/call-marks.js'
import { CALL_SHAPE } from '../../engine/call-shape.js'
import type { Reading } from '../../engine/reading.js'
import { skipTo } from '../../engine/skip-to.js'
import type { Evidence, Repair, Status } from '../../event/event.js'
import { DamagedJson } from '../../recovery/damaged-json.js'
import { Leftover } from '../../recovery/leftover.js'
import { type Cursor, WAIT } from '../../text/cursor.js'
import type { Matcher } from '../../text/matcher.js'
import type { Read } from '../../text/step.js'
import { CallObject } from '../call-object/call-object.js'
import { readArguments } from '../call-object/json-arguments.js'
import type { CallHead } from './call-head.js'

export interface NamedCallContext {
  readonly marks: CallMarks
  /** The arguments may stand in a code fence. */
  readonly fence: boolean
  /** Where the call begins, with its marker. */
  readonly from: number
  /** What was wrong before its header. */
  readonly repairs: readonly Repair[]
}

const FENCE = '```'
/** What the markers of most formats begin with. */
const LT = 0x3c

/** Reads one call whose header was found: its arguments, and what closes it. */
export class NamedCall {
  private readonly closes: boolean
  /** What ends arguments that are not closed themselves. */
  private readonly ends: Matcher<string>
  /** Why it cannot be delivered, if its arguments can be read. */
  private why = 'its close marker is missing'

  constructor(
    private readonly reading: Reading,
    private readonly context: NamedCallContext,
  ) {
    const { marks, fence } = context
    this.closes = marks.written('call-end') !== ''
    this.ends = fence ? marks.fencedMatcher : marks.matcher
  }

  /** The cursor stands at the header. Leaves it behind the call. False if it was given back as text. */
  *read(head: CallHead, evidence: Evidence): Read<boolean> {
    const { cursor } = this.reading
    const at = cursor.offset
    if (head.body === 'call object') {
      cursor.at += head.length
      return yield* this.readCallObject()
    }
    this.open(head, at, evidence)
    cursor.at += head.length
    yield* this.readPayload()
    return true
  }

  private open(head: CallHead, at: number, evidence: Evidence): void {
    const { reading, context } = this
    const { out } = reading
    const escaped = out.settings.repair ? underscores(head.name) : []
    const name = escaped.length === 0 ? head.name : head.name.replaceAll('\\_', '_')
    out.open({
      name,
      nameFrom: at + head.from,
      nameTo: at + head.to,
      nativeId: head.id,
      from: context.from,
      evidence: reading.evidence === 'marker' ? evidence : reading.evidence,
    })
    for (const { kind, from, to, before, after } of context.repairs) out.repair(kind, from, to, before, after)
    if (head.respelled !== undefined) {
      const { from, before, after } = head.respelled
      out.repair('marker-spelling', at + from, at + from + before.length, before, after)
    }
    for (const i of escaped) out.repair('escaped-underscore', at + head.from + i, at + head.from + i + 2, '\\_', '_')
  }

  private *readPayload(): Read<void> {
    const { reading } = this
    const { cursor, out } = reading
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    // Nearly always the arguments follow at once.
    if (code !== 0x7b && this.context.fence) {
      yield* this.readGap()
      yield* this.readFence()
      while ((code = cursor.skipSpace()) === WAIT) yield
    }
    const from = cursor.offset
    const outcome = yield* readArguments(reading, this.ends)
    if (outcome === 'over') return reading.closeCut()
    if (outcome === 'damaged') return yield* this.closeDamaged(code === 0x7b ? reading.value.depth : 0)
    const to = cursor.offset
    const status = this.closes ? yield* this.readClose(to > from ? 'arguments' : 'none') : 'complete'
    out.close(status, this.closes ? cursor.offset : to, this.why)
    reading.lastCallTo = cursor.offset
  }

  private *readCallObject(): Read<boolean> {
    const { reading, context } = this
    const { marks, from, repairs } = context
    const call = new CallObject(reading, CALL_SHAPE, {
      commit: 'name',
      from,
      boundary: marks.matcher,
      accepts: () => true,
    })
    for (const { kind, from, to, before, after } of repairs) call.mend(kind, from, to, before, after)
    const outcome = yield* call.read()
    if (outcome === 'done') {
      yield* this.readClose('call object')
      reading.lastCallTo = reading.cursor.offset
    } else if (call.opened) {
      if (outcome === 'truncated') reading.closeCut()
      else yield* this.closeDamaged(0)
    } else if (outcome === 'truncated') {
      this.reading.cut('the text ended inside a call whose name had not come', from)
    } else {
      return yield* this.giveBack(call.why)
    }
    return true
  }

  /** The fence before the arguments, if one stands there. */
  private *readFence(): Read<void> {
    const { cursor } = this.reading
    let found: number
    while ((found = cursor.starts(FENCE)) === WAIT) yield
    if (found === 0) return this.skipCutFence()
    cursor.at += FENCE.length
    // Read as they come: however many there are, none is looked at again.
    while (skipBlanks(cursor) && !cursor.ended) yield
    let length: number
    while ((length = labelLength(cursor.window, cursor.at)) === WAIT && !cursor.ended) yield
    // The text ended in the label: the arguments never came.
    cursor.at = length === WAIT ? cursor.window.length : cursor.at + length
    yield* this.readGap()
  }

  /** One or two backticks at the very end: the text was cut in the fence. */
  private skipCutFence(): void {
    const { cursor } = this.reading
    const rest = cursor.window.slice(cursor.at)
    if (cursor.ended && FENCE.startsWith(rest)) cursor.at = cursor.window.length
  }

  /** White space; and newlines that the model wrote as a backslash and an n. */
  private *readGap(): Read<void> {
    const { cursor, out } = this.reading
    for (;;) {
      let code: number
      while ((code = cursor.skipSpace()) === WAIT) yield
      if (code !== 0x5c || !out.settings.repair) return
      while (cursor.at + 1 === cursor.window.length && !cursor.ended) yield
      const at = cursor.offset
      const before = cursor.window.slice(cursor.at, cursor.at + 2)
      if (before !== '\\n' && before !== '\\r') return
      out.repair('literal-newline', at, at + 2, before, before === '\\n' ? '\n' : '\r')
      cursor.at += 2
    }
  }

  /**
   * From behind what was read, the arguments, a whole call object or none, to behind the call's close marker. What stands
   * between, besides a fence, is left out, if it cannot be the rest of the arguments. A close marker that is missing where
   * something else goes on is a repair. The status says what becomes of the call.
   */
  private *readClose(read: 'arguments' | 'none' | 'call object'): Read<Status> {
    const { reading, context } = this
    const { cursor, out } = reading
    const { repair } = out.settings
    const { marks } = context
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    if (code !== LT) {
      yield* this.readGap()
      let fence: number
      while ((fence = cursor.starts(FENCE)) === WAIT) yield
      if (fence === 1 && context.fence) {
        cursor.at += FENCE.length
        yield* this.readGap()
      }
    }
    if (code === LT) {
      const close = yield* reading.marker(marks.matcher)
      if (close !== undefined && marks.of(close) === 'call-end' && marks.isNative(close)) {
        cursor.at += close.length
        return 'complete'
      }
    }
    const from = cursor.offset
    const leftover = new Leftover()
    let text = ''
    const hit = yield* skipTo(cursor, marks.matcher, (piece) => {
      leftover.read(piece)
      if (leftover.isClosers) text += piece
    })
    const at = cursor.offset
    let status: Status = 'complete'
    if (leftover.isText && leftover.isClosers && read !== 'call object' && repair)
      out.repair('surplus-closer', from, from + text.trimEnd().length, text.trimEnd(), '')
    else if (leftover.isText) {
      // The call stands: its arguments were whole, and had been so if the text had ended there.
      const isRest = leftover.endsArguments || (read === 'none' && !leftover.isClosers)
      const what = isRest
        ? 'text behind the arguments of a call, perhaps the rest of them,'
        : 'text behind the arguments of a call'
      out.note('dropped-text', `${what} was left out`, from, at)
      if (isRest) out.fail('malformed')
      if (!repair) {
        status = 'malformed'
        this.why = 'text stands behind its arguments'
      }
    }
    if (hit !== undefined && marks.of(hit) === 'call-end') {
      cursor.at += hit.length
      const native = marks.isNative(hit)
      if (!native && read !== 'call object' && repair)
        out.repair('marker-spelling', at, cursor.offset, hit, marks.written('call-end'))
      return native || repair ? status : 'malformed'
    }
    if (!repair) return hit === undefined ? 'truncated' : 'malformed'
    if (read !== 'call object' && hit !== undefined) out.repair('missing-closer', at, at, '', marks.written('call-end'))
    return status
  }

  /** Ends the call as damaged, behind what belongs to it. `depth` brackets of its arguments are open. */
  private *closeDamaged(depth: number): Read<void> {
    const { reading, context } = this
    const { cursor } = reading
    while (cursor.peek() === WAIT) yield
    const why = reading.expected('arguments that are a JSON object')
    // Where no marker closes a call, its braces do.
    const rest =
      !this.closes && depth > 0 ? new DamagedJson(cursor, depth, context.marks.markers).skip() : this.skipToClose()
    yield* reading.closeDamaged(why, rest)
  }

  private *skipToClose(): Read<void> {
    const { cursor } = this.reading
    const { marks } = this.context
    const hit = yield* skipTo(cursor, marks.matcher)
    if (hit !== undefined && marks.of(hit) === 'call-end') cursor.at += hit.length
  }

  /** Text after all, up to behind its close marker. Always false. */
  *giveBack(why: string): Read<boolean> {
    const { reading, context } = this
    const { cursor, out, text } = reading
    const { from, marks } = context
    const keep = out.settings.damaged === 'keep'
    const reason = why || reading.expected('the name of a tool')
    if (keep) {
      out.content(cursor.since(from), from)
      text.sawContent()
    }
    const hit = yield* skipTo(cursor, marks.matcher, keep ? (text, from) => out.content(text, from) : undefined)
    if (hit !== undefined && marks.of(hit) === 'call-end') {
      if (keep) out.content(hit, cursor.offset)
      cursor.at += hit.length
    }
    out.fail('malformed')
    out.note('damaged-block', `this block is no call that can be read: ${reason}`, from, cursor.offset)
    return false
  }
}

/** Where a name holds underscores that were escaped as in Markdown. */
function underscores(name: string): number[] {
  const found: number[] = []
  if (!name.includes('\\')) return found
  for (let i = name.indexOf('\\_'); i >= 0; i = name.indexOf('\\_', i + 2)) found.push(i)
  return found
}

/** Reads spaces and tabs. True at the end of what has come. */
function skipBlanks(cursor: Cursor): boolean {
  const { window } = cursor
  while (window[cursor.at] === ' ' || window[cursor.at] === '\t') cursor.at++
  return cursor.at === window.length
}

/** Length of the label behind a fence: a word of at most 20 characters, or none. `WAIT` where the text ends in it. */
function labelLength(text: string, from: number): number {
  let i = from
  while (i < text.length && i - from < 20 && /[\w+-]/.test(text[i] as string)) i++
  return i === text.length && i - from < 20 ? WAIT : i - from
}
