import type { Evidence, NoteCode, ParseEvent, Status, ToolCall } from '../event/event.js'
import type { EndReason } from '../text/cursor.js'
import { GrowingText } from '../text/growing-text.js'
import { isObject } from '../tools/is-object.js'
import type { OfferedTools } from '../tools/offered-tools.js'
import type { JsonSink } from '../values/json/json.js'
import type { Format } from './format.js'
import type { Settings } from './options.js'
import { Separators } from './separators.js'

/** What a reader knows of a call when it announces it. Offsets are into the whole text. */
export interface CallHead {
  name: string
  nameFrom: number
  nameTo: number
  /** Where the call begins, with its marker. */
  from: number
  evidence: Evidence
  nativeId?: string | undefined
}

/** What the policy needs of a format: its name, and how its ids look. */
export type Writer = Pick<Format, 'id' | 'makeId'>

/** Says of calls that stand where not every call counts, by their names, which are delivered. */
export interface Gate {
  /** What such a call stands behind, if not what its reader says. */
  readonly evidence?: Evidence
  /** A call was accepted. */
  called: boolean
  /** What is no call is no damage either: it may be quoted. */
  readonly forgives?: boolean
  accepts(name: string): boolean
  /** Where a call begins that was not accepted: nothing came out from there on. */
  refusedFrom?: number
  refusedName?: string
}

/** More repairs than this in one call are counted together: a list that long is read by nobody. */
const MOST_REPAIRS = 256

/**
 * The one place where events are made, and where everything is decided that is no matter of grammar: ordinals, ids,
 * unknown names, tool choice, limits, what becomes of damaged text. Readers say what they read; this says what comes out.
 */
export class Policy implements JsonSink {
  /** Made with its first event in it: a list that grows from nothing takes room for seventeen. */
  private events: ParseEvent[] | undefined
  private count = 0
  private truncated = false
  private malformed = false
  /** While positive, nothing comes out: the text that is being read is given back as a whole afterwards. */
  private quiet = 0

  /** Has a call been announced? */
  called = false
  /** Calls that ended complete, muted ones too: tells a reader what a trial reading found. */
  wholeCalls = 0
  /** Those of them whose end was guessed, since a closer is missing. */
  guessedCalls = 0

  /** Where the first call begins. */
  firstCallFrom = -1
  /** Calls that were announced, muted ones too. */
  announced = 0
  /** Asked about the names of the calls that come. */
  gate: Gate | undefined
  /** Why calls that come now are not complete, however whole they are. */
  doubt: { readonly status: 'truncated' | 'malformed'; readonly why: string } | undefined
  private readonly separators: Separators | undefined

  private call: ToolCall | undefined
  private text = new GrowingText()
  private bigIntegers: number[] = []
  private overLimit = false

  constructor(
    readonly settings: Settings,
    readonly tools: OfferedTools,
    private writer: Writer,
  ) {
    if (settings.separators === 'keep') return
    this.separators = new Separators(
      (text, from) => this.emitContent(text, from),
      (text, from) => this.emit({ type: 'reasoning', text, from, to: from + text.length }),
    )
  }

  /** The id of the format that reads the text. */
  get format(): string {
    return this.writer.id
  }

  /** Another format reads from here on. */
  become(writer: Writer): Writer {
    const before = this.writer
    this.writer = writer
    return before
  }

  /** Hands over what has come out since the last time. */
  drain(): ParseEvent[] {
    const { events } = this
    this.events = undefined
    return events ?? []
  }

  private emit(event: ParseEvent): void {
    if (this.events === undefined) this.events = [event]
    else this.events.push(event)
  }

  /** Whether calls may be delivered at all. */
  get refusesCalls(): boolean {
    return this.settings.toolChoice === 'none' || (this.tools.given && this.tools.names.length === 0)
  }

  get muted(): boolean {
    return this.quiet > 0
  }

  mute(): void {
    this.quiet++
  }

  unmute(): void {
    this.quiet--
  }

  content(text: string, from: number): void {
    if (text === '' || this.quiet > 0) return
    if (this.separators === undefined) this.emitContent(text, from)
    else this.separators.content(text, from)
  }

  private emitContent(text: string, from: number): void {
    // What goes on where the last piece ended, in the same chunk, is one piece with it: braces in prose come one by one.
    const last = this.events?.[this.events.length - 1]
    if (last?.type === 'content' && last.to === from) {
      last.text += text
      last.to += text.length
    } else this.emit({ type: 'content', text, from, to: from + text.length })
  }

  reasoning(text: string, from: number): void {
    if (text === '' || this.quiet > 0) return
    if (this.separators === undefined) this.emit({ type: 'reasoning', text, from, to: from + text.length })
    else this.separators.reasoning(text, from)
  }

  /** White space is held, or would be if it came now: nobody else may hand content on. */
  get separates(): boolean {
    return this.separators?.waits === true
  }

  /** Does white space at the end of content have to be held? */
  get dropsSeparators(): boolean {
    return this.separators !== undefined
  }

  /** A marker stands here that comes out nowhere: `call` for what opens or closes one, and for empty blocks. */
  mark(marker: 'call' | 'open-reasoning' | 'close-reasoning' | 'orphan-closer' | 'end'): void {
    if (this.separators === undefined || this.quiet > 0) return
    if (marker === 'call') this.separators.call()
    else if (marker === 'open-reasoning') this.separators.open()
    else if (marker === 'close-reasoning') this.separators.close()
    else if (marker === 'orphan-closer') this.separators.orphan()
    else this.separators.end()
  }

  note(code: NoteCode, message: string, from: number, to: number): void {
    if (this.quiet === 0) this.emit({ type: 'note', code, message, from, to })
  }

  /** The text ended inside something (`truncated`), or something that looked like a call could not be read (`malformed`). */
  fail(status: 'truncated' | 'malformed'): void {
    if (this.quiet > 0) return
    if (status === 'malformed' && this.gate?.forgives === true && !this.gate.called) return
    if (status === 'truncated') this.truncated = true
    else this.malformed = true
  }

  /** Text of a block that is no call, or a marker that opened nothing: back to content, or left out; a note either way. */
  release(code: NoteCode, message: string, text: string, from: number): void {
    if (this.settings.damaged === 'keep') {
      this.content(text, from)
      this.note(code, message, from, from + text.length)
    } else {
      this.note(code, `${message} (left out)`, from, from + text.length)
    }
  }

  /** Announces a call. */
  open(head: CallHead): void {
    const { settings, tools, gate } = this
    const { name } = head
    this.announced++
    if (gate !== undefined && this.quiet === 0) {
      if (gate.accepts(name)) gate.called = true
      else {
        gate.refusedFrom = head.from
        gate.refusedName = name
        this.quiet++
      }
    }
    this.mark('call')
    if (this.count >= settings.calls) this.quiet++
    const index = this.count
    const known = !tools.given || tools.has(name)
    const id =
      this.quiet > 0
        ? ''
        : (settings.generateId?.({ index, name, format: this.format }) ??
          this.writer.makeId?.(index) ??
          `call_${index}`)
    const call: ToolCall = {
      index,
      id,
      name,
      arguments: {},
      argumentsText: '',
      status: 'complete',
      known,
      evidence: gate?.evidence ?? head.evidence,
      repairs: [],
      from: head.from,
      to: head.nameTo,
    }
    this.call = head.nativeId === undefined ? call : withNativeId(call, head.nativeId)
    this.text = new GrowingText()
    this.overLimit = false
    const { nameFrom: from, nameTo: to } = head
    const { evidence } = call
    if (this.quiet === 0) {
      if (!this.called) this.firstCallFrom = head.from
      this.called = true
      this.emit({ type: 'call-start', index, id, name, known, evidence, from, to })
    }
    if (!known) this.note('unknown-tool', `no tool named ${quote(name)} was given`, from, to)
    if (typeof settings.toolChoice === 'object' && settings.toolChoice.name !== name) {
      this.note(
        'tool-choice',
        `the tool choice asks for ${quote(settings.toolChoice.name)}, not ${quote(name)}`,
        from,
        to,
      )
    }
  }

  /** Is a call announced and not yet closed? */
  get calling(): boolean {
    return this.call !== undefined
  }

  /** The wire's own id of the open call, where it comes behind the name. */
  nativeId(id: string): void {
    if (this.call !== undefined) this.call.nativeId = id
  }

  /** How many more characters of arguments the open call may have, or one that opens now. */
  get room(): number {
    if (this.call === undefined) return this.settings.argumentChars
    return this.overLimit ? 0 : this.settings.argumentChars - this.text.length
  }

  /** A piece of the open call's arguments, as JSON text. */
  json(text: string, from: number, to: number): void {
    const { call } = this
    if (call === undefined || this.overLimit || text === '') return
    if (this.text.length + text.length > this.settings.argumentChars) this.cutJson(text, from, to)
    else {
      this.text.add(text)
      this.emitArguments(call, text, from, to)
    }
  }

  jsonChunk(text: string, from: number, to: number): ParseEvent[] {
    const { call } = this
    if (call === undefined || this.overLimit || this.text.length + text.length > this.settings.argumentChars) {
      this.json(text, from, to)
      return this.drain()
    }
    this.text.add(text)
    return [{ type: 'arguments', index: call.index, delta: text, from, to }]
  }

  private cutJson(text: string, from: number, to: number): void {
    const { room } = this
    // No half of a surrogate pair: the other one is over the limit.
    const cutsPair = (text.charCodeAt(room - 1) & 0xfc00) === 0xd800 && (text.charCodeAt(room) & 0xfc00) === 0xdc00
    const kept = cutsPair ? room - 1 : room
    this.json(text.slice(0, kept), from, Math.min(to, from + kept))
    this.overLimit = true
    const at = Math.min(to, from + room)
    this.note('limit', `the arguments are longer than limits.argumentChars (${this.settings.argumentChars})`, at, at)
  }

  protected emitArguments({ index }: ToolCall, delta: string, from: number, to: number): void {
    if (this.quiet === 0) this.emit({ type: 'arguments', index, delta, from, to })
  }

  /** The arguments are over. For a policy that changes them. */
  protected finish(_call: ToolCall): void {}

  repair(kind: string, from: number, to: number, before: string, after: string): void {
    const repairs = this.call?.repairs
    if (repairs === undefined) return
    if (repairs.length < MOST_REPAIRS) repairs.push({ kind, from, to, before, after })
    else (repairs[MOST_REPAIRS] ??= { kind: 'further-repairs', from, to, before: '', after: '' }).to = to
  }

  bigInteger(from: number, to: number): void {
    if (this.bigIntegers.length < 2 * MOST_REPAIRS) this.bigIntegers.push(from, to)
  }

  /** The arguments were changed: they hold a big integer at from..to now, besides those that are known, or none at all. */
  protected recountBigIntegers(some: boolean, from: number, to: number): void {
    if (!some) this.bigIntegers = []
    else if (this.bigIntegers.length === 0) this.bigInteger(from, to)
  }

  /** Arguments are nested deeper than they may be. */
  tooDeep(at: number): void {
    this.note('limit', `the arguments are nested deeper than limits.depth (${this.settings.depth})`, at, at)
  }

  /**
   * Ends the open call. `complete` is checked: what is no JSON object is not complete, whatever the reader thinks. `values`:
   * what its arguments are, of a reader that wrote them as JSON itself.
   */
  close(status: Status, to: number, why: string, values?: Record<string, unknown>): void {
    const { call } = this
    if (call === undefined) return
    call.to = to
    call.argumentsText = this.text.toString()
    call.status = this.overLimit ? 'truncated' : status
    if (call.status === 'complete') {
      if (values === undefined) this.readArguments(call)
      else call.arguments = values
    }
    if (call.status === 'complete' && this.doubt !== undefined && this.quiet === 0) {
      call.status = this.doubt.status
      why = this.doubt.why
    }
    this.finish(call)
    this.call = undefined
    if (call.repairs.length > 1) call.repairs.sort((a, b) => a.from - b.from)
    const { from } = call
    // A call that is whole but too long counts too: it is no draft, and the limit has to be told.
    if (call.status === 'complete' || (this.overLimit && status === 'complete')) {
      this.wholeCalls++
      if (call.repairs.length > 0 && call.repairs.some(({ kind }) => kind === 'missing-closer')) this.guessedCalls++
    }
    if (call.status === 'malformed') {
      this.fail('malformed')
      this.note(
        'damaged-call',
        `the call of ${quote(call.name)} cannot be read: ${why || 'its arguments are no JSON object'}`,
        from,
        to,
      )
    } else if (call.status === 'truncated') {
      this.fail('truncated')
      if (!this.overLimit)
        this.note('truncated-call', `the text ended inside the call of ${quote(call.name)}`, from, to)
    }
    for (let i = 0; i < this.bigIntegers.length; i += 2) {
      const at = this.bigIntegers[i] as number
      this.note(
        'big-integer',
        'an integer beyond 2^53: exact in argumentsText only',
        at,
        this.bigIntegers[i + 1] as number,
      )
    }
    this.bigIntegers = []
    if (this.count >= this.settings.calls) {
      this.quiet--
      this.note('limit', `more calls than limits.calls (${this.settings.calls}): this one was left out`, from, to)
      return
    }
    if (call.evidence === 'unclosed-reasoning') {
      this.note('unclosed-reasoning-call', 'taken from a reasoning block that never closed', from, to)
    }
    if (this.quiet > 0) return
    this.count++
    this.emit({ type: 'call-end', index: call.index, call, from, to })
  }

  private readArguments(call: ToolCall): void {
    try {
      const value: unknown = JSON.parse(call.argumentsText)
      if (isObject(value)) {
        call.arguments = value
        return
      }
    } catch {
      // Not JSON: the reader let something through that it could not know to be wrong.
    }
    call.status = 'malformed'
  }

  /** The last event. A source that was cut off or broken ends a text that may have had more. */
  end(offset: number, reason: EndReason): void {
    this.mark('end')
    if (reason !== 'stop') this.truncated = true
    const { toolChoice } = this.settings
    if ((toolChoice === 'required' || typeof toolChoice === 'object') && this.count === 0) {
      this.note('tool-choice', 'the tool choice asks for a call, and none came', offset, offset)
    }
    const status = this.truncated ? 'truncated' : this.malformed ? 'malformed' : 'complete'
    this.emit({ type: 'end', status, format: this.format, from: offset, to: offset })
  }
}

/** The call with the wire's own id, beside the one that it is known by. */
function withNativeId({ index, id, ...rest }: ToolCall, nativeId: string): ToolCall {
  return { index, id, nativeId, ...rest }
}

/** A name or a piece of text in a message: cut short, so that a message stays a line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}...` : text)
}
