import type { Evidence, NoteCode, ParseEvent, Repair, Status, ToolCall } from '../event/event.js'
import { MOVING_REPAIRS } from '../event/moving-repairs.js'
import type { EndReason } from '../text/cursor.js'
import { GrowingText } from '../text/growing-text.js'
import { declaredOf, verdictOn } from '../tools/declared.js'
import { isObject } from '../tools/is-object.js'
import { misplacedIn } from '../tools/misplaced.js'
import type { OfferedTools } from '../tools/offered-tools.js'
import { toolOf } from '../tools/schema.js'
import { duplicateKeys, keyCount } from '../values/json/duplicate-keys.js'
import type { JsonSink } from '../values/json/json.js'
import type { Format } from './format.js'
import { LeftOutBefore } from './left-out-before.js'
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

/** So many arguments that are missing, unknown or come twice are told of one by one. */
const MOST_NOTES = 8

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
  /** How the last call ended that was announced, a muted one too. */
  lastStatus: Status | undefined
  /** Those of them whose end was guessed, since a closer is missing. */
  guessedCalls = 0

  /** A complete call came out. */
  private delivered = false
  /** The open call is left out: there are enough. */
  private leavesOut = false
  /** The ids that the caller made. */
  private ids: Set<string> | undefined
  /** Where the first call begins. */
  firstCallFrom = -1
  /** Calls that were announced, muted ones too. */
  announced = 0
  /** What was left out before the name of the call that comes. */
  readonly leftOut = new LeftOutBefore()
  /** Asked about the names of the calls that come. */
  gate: Gate | undefined
  /** Why calls that come now are not complete, however whole they are. */
  doubt: { readonly status: 'truncated' | 'malformed'; readonly why: string } | undefined
  private readonly separators: Separators | undefined
  /** What was mended before the call that comes next. */
  private mendedBefore: Repair | undefined

  private call: ToolCall | undefined
  private text = new GrowingText()
  private bigIntegers: number[] = []
  private overLimit = false
  /** How many keys were read in the open call's arguments, and where these begin. */
  private keys = 0
  private argumentsFrom = 0
  /** What its arguments are, if they were read at once, and how long their text is then. */
  private object: Record<string, unknown> | undefined
  private objectLength = -1
  /** A repair of the open call moved, bounded or left out a part of its arguments. */
  private moved = false

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
    this.leavesOut = this.count >= settings.calls || (this.delivered && !settings.parallelCalls)
    if (this.leavesOut) this.quiet++
    const index = this.count
    const known = !tools.given || tools.has(name)
    const id = this.quiet > 0 ? '' : this.makeId(index, name)
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
    this.overLimit = this.moved = false
    if (this.mendedBefore !== undefined && this.quiet === 0) {
      call.repairs.push(this.mendedBefore)
      this.mendedBefore = undefined
    }
    this.object = undefined
    this.keys = 0
    const { nameFrom: from, nameTo: to } = head
    for (const one of this.leftOut.within(head.from, from))
      this.repair(one.kind, one.from, one.to, one.before, one.after)
    const { evidence } = call
    if (this.quiet === 0) {
      this.leftOut.passed(from)
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

  private makeId(index: number, name: string): string {
    const { generateId } = this.settings
    if (generateId === undefined) return this.writer.makeId?.(index) ?? `call_${index}`
    const id: unknown = generateId({ index, name, format: this.format })
    if (typeof id !== 'string' || id === '')
      throw new TypeError(
        `options.generateId: expected a string that is not empty for call ${index}, got ${JSON.stringify(id)}`,
      )
    this.ids ??= new Set()
    if (this.ids.has(id))
      throw new TypeError(`options.generateId: ${quote(id)} came twice; each call of a text needs an id of its own`)
    this.ids.add(id)
    return id
  }

  /** Is a call announced and not yet closed? */
  get calling(): boolean {
    return this.call !== undefined
  }

  /** The name of the open call. */
  get name(): string {
    return this.call?.name ?? ''
  }

  /** What was written of its arguments. */
  get written(): string {
    return this.text.toString()
  }

  /** The wire's own id of the open call, where it comes behind the name. Undefined: what was taken for it is none. */
  nativeId(id: string | undefined): void {
    if (this.call === undefined) return
    if (id === undefined) delete this.call.nativeId
    else this.call.nativeId = id
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
    if (this.text.length === 0) this.argumentsFrom = from
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

  whole(object: unknown, length: number, missing: 0 | 1): void {
    if (this.text.length + missing !== length) return
    this.object = isObject(object) ? object : undefined
    this.objectLength = length
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
    if (this.quiet > 0) return
    // The last brace comes by itself, and most often in the same chunk.
    const last = this.events?.[this.events.length - 1]
    if (last?.type === 'arguments' && last.index === index) {
      last.delta += delta
      last.to = to
    } else this.emit({ type: 'arguments', index, delta, from, to })
  }

  /** The arguments are over. For a policy that changes them. */
  protected finish(_call: ToolCall): void {}

  /** Something is mended right before the call that opens next, whoever reads it. Undefined: none came. */
  repairNext(repair: Repair | undefined): void {
    this.mendedBefore = repair
  }

  repair(kind: string, from: number, to: number, before: string, after: string): void {
    const repairs = this.call?.repairs
    if (repairs === undefined) return
    this.moved ||= MOVING_REPAIRS.has(kind)
    if (repairs.length < MOST_REPAIRS) repairs.push({ kind, from, to, before, after })
    else (repairs[MOST_REPAIRS] ??= { kind: 'further-repairs', from, to, before: '', after: '' }).to = to
  }

  /** So many keys were read, of which one object may hold some twice. `Infinity`: nobody counted them. */
  countKeys(count: number): void {
    this.keys += count
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
  close(status: Status, to: number, reason: string, values?: Record<string, unknown>): void {
    const { call } = this
    if (call === undefined) return
    call.to = to
    call.argumentsText = this.text.toString()
    call.status = this.overLimit ? 'truncated' : status
    if (call.status === 'complete') {
      // To parse what was just parsed is half of the time that arguments take.
      const known = values ?? (call.argumentsText.length === this.objectLength ? this.object : undefined)
      if (known === undefined) this.readArguments(call)
      else call.arguments = known
    }
    let why = call.status === 'complete' ? this.judge(call) : reason
    if (this.keys > 0 && call.status === 'complete') this.noteDuplicates(call)
    if (call.status === 'complete' && this.doubt !== undefined && this.quiet === 0) {
      call.status = this.doubt.status
      why = this.doubt.why
    }
    this.finish(call)
    this.call = undefined
    if (call.repairs.length > 1) call.repairs.sort((a, b) => a.from - b.from)
    const { from } = call
    // A call that is too long counts too: what of it is damaged is no longer known, and the limit has to be told.
    if (call.status === 'complete' || this.overLimit) {
      this.wholeCalls++
      if (call.repairs.length > 0 && call.repairs.some(({ kind }) => kind === 'missing-closer')) this.guessedCalls++
    }
    const refusal = call.status === 'complete' ? this.refusal(call) : ''
    if (refusal !== '') {
      call.status = 'malformed'
      this.fail('malformed')
      this.note('refused-call', `the call of ${quote(call.name)} is kept back: ${refusal}`, from, to)
    } else if (call.status === 'malformed') {
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
    this.lastStatus = call.status
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
    if (this.leavesOut) {
      this.leaveOut(from, to)
      return
    }
    if (call.evidence === 'unclosed-reasoning') {
      this.note('unclosed-reasoning-call', 'taken from a reasoning block that never closed', from, to)
    }
    if (this.quiet > 0) return
    this.count++
    this.delivered ||= call.status === 'complete'
    this.emit({ type: 'call-end', index: call.index, call, from, to })
  }

  /**
   * What the schema says of the names of the arguments: notes, and why the call is malformed, if it is. A repair that moved
   * them must leave a call that the schema takes: what was guessed wrong would be another call.
   */
  private judge(call: ToolCall): string {
    const { name, from, to } = call
    const declared = declaredOf(this.tools, name)
    if (declared === undefined) return ''
    const { missing, unknown } = verdictOn(declared, call.arguments)
    if (missing.length > 0)
      this.noteEach('missing-argument', missing, `which the schema of ${quote(name)} requires, is missing`, from, to)
    if (unknown.length > 0)
      this.noteEach('unknown-argument', unknown, `is no argument that the schema of ${quote(name)} knows`, from, to)
    if (!this.moved) return ''
    const lacks = missing[0]
    const holds = declared.others === 'forbidden' ? unknown[0] : undefined
    const misplaced = misplacedIn(call.arguments, toolOf(this.tools, name))
    if (lacks === undefined && holds === undefined && misplaced === undefined) return ''
    call.status = 'malformed'
    if (lacks !== undefined) return `mended, it lacks ${quote(lacks)}, which the schema requires`
    if (holds !== undefined) return `mended, it holds ${quote(holds)}, which the schema forbids`
    return `mended, it has an object or a list at ${misplaced}, where the schema takes none`
  }

  /** The open call is one too many. */
  private leaveOut(from: number, to: number): void {
    this.quiet--
    const { calls } = this.settings
    if (this.count >= calls)
      this.note('limit', `more calls than limits.calls (${calls}): this one was left out`, from, to)
    else this.note('parallel-calls', 'a call behind the first one was left out, as only one was asked for', from, to)
  }

  /** Why a careful agent would not run a call that is complete; empty where it would, or where nobody asked. */
  private refusal({ name, known, evidence }: ToolCall): string {
    if (this.settings.trust !== 'cautious') return ''
    if (!known) return `no tool named ${quote(name)} was given`
    return evidence === 'marker' ? '' : `its evidence is ${evidence}, and not the format's own marker`
  }

  /** Keys that the model wrote twice in one object, which `JSON.parse` does not tell of. */
  private noteDuplicates({ arguments: args, argumentsText, repairs, from, to }: ToolCall): void {
    const { keys, argumentsFrom } = this
    if (keys === Object.keys(args).length || keys === keyCount(args)) return
    // Where nothing was rewritten, the text of the arguments stands in the source as it is.
    const isSource = repairs.length === 0 && Number.isFinite(keys)
    for (const key of duplicateKeys(argumentsText).slice(0, MOST_NOTES)) {
      const span = isSource ? ([argumentsFrom + key.from, argumentsFrom + key.to] as const) : ([from, to] as const)
      this.note('duplicate-argument', `${quote(key.key)} came twice: the last value counts`, ...span)
    }
  }

  private noteEach(code: NoteCode, keys: readonly string[], what: string, from: number, to: number): void {
    for (const key of keys.slice(0, MOST_NOTES)) this.note(code, `${quote(key)} ${what}`, from, to)
    const more = keys.length - MOST_NOTES
    if (more > 0) this.note(code, `so it is with ${more} more`, from, to)
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
