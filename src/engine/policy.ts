import type { Evidence, Repair, Status, ToolCall } from '../event/event.js'
import type { EndReason } from '../text/cursor.js'
import { quote } from '../text/quote.js'
import type { OfferedTools } from '../tools/offered-tools.js'
import { CallOutput } from './call-output.js'
import { CallerIds, withNativeId } from './caller-ids.js'
import type { Format } from './format.js'
import type { Gate } from './gate.js'
import { judgeArguments, judgeName, noteDuplicateKeys, refusalOf } from './judge-call.js'
import { LeftOutBefore } from './left-out-before.js'
import { meantName } from './meant-name.js'
import { Mentions } from './mentions.js'
import type { Settings } from './options.js'
import { unsettledRepair } from './unsettled-repair.js'

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

/** Why a call that was read to its end may not be whole, or not meant. */
export interface Doubt {
  readonly status: 'truncated' | 'malformed'
  readonly why: string
}

/** What the policy needs of a format: its id, and the ids that its calls get. */
export type FormatIds = Pick<Format, 'id' | 'makeId'>

/**
 * Makes the events of calls, and decides whatever no grammar settles: ordinals, ids, unknown names, tool choice, limits.
 * Readers say what they read: `open` the head of a call, `json` its arguments, `repair` what they mended, `close` its end. It is
 * one class in one file, since what a call becomes depends on all that was said of it.
 */
export class Policy extends CallOutput {
  /** Has a call been announced? */
  called = false
  /** Where the first call begins. */
  firstCallFrom = -1
  /** Calls that were announced, muted ones too. */
  announced = 0
  /** Calls that ended complete, muted ones too: tells a reader what a trial reading found. */
  wholeCalls = 0
  /** Where the last of them ends. */
  wholeCallTo = -1
  /** Those of them whose end was guessed, since a closer is missing, or one that stands in a value may be its own. */
  guessedCalls = 0
  /** How the last announced call ended, a muted one too. */
  lastStatus: Status | undefined
  /** What was left out before the name of the next call. */
  readonly leftOut = new LeftOutBefore()
  readonly mentions = new Mentions()
  /** Asked about the names of calls. */
  gate: Gate | undefined
  /** While set, no call counts as complete, even one that was read to its end. It holds for the rest of the text. */
  doubt: Doubt | undefined
  /** The same for the calls that are read now. Whoever sets it takes it back. */
  callDoubt: Doubt | undefined

  /** Why the open call cannot be delivered, whatever its arguments are. */
  private refusal = ''
  /** A value of the open call holds a close marker that may be its own. */
  private isAmbiguous = false
  /** Calls that came out. */
  private count = 0
  /** A complete call came out. */
  private delivered = false
  /** The open call exceeds a limit and is left out. */
  private surplus = false
  private readonly callerIds: CallerIds | undefined
  /** A repair right before the next call. */
  private repairBefore: Repair | undefined

  constructor(
    settings: Settings,
    readonly tools: OfferedTools,
    private formatIds: FormatIds,
  ) {
    super(settings)
    if (settings.generateId !== undefined) this.callerIds = new CallerIds(settings.generateId)
  }

  /** The id of the format that reads the text. */
  get format(): string {
    return this.formatIds.id
  }

  /** Another format reads from here on. Returns the one before. */
  become(format: FormatIds): FormatIds {
    const before = this.formatIds
    this.formatIds = format
    return before
  }

  /** No calls may be delivered at all. */
  get refusesCalls(): boolean {
    return this.settings.toolChoice === 'none' || (this.tools.given && this.tools.names.length === 0)
  }

  /** Remembers a marker that opens nothing, and is no damage by itself. */
  mention(marker: string, from: number): void {
    if (!this.muted) this.mentions.add(marker, from)
  }

  /** In a block that may be a quotation, damage counts only once a call was accepted. */
  override fail(status: 'truncated' | 'malformed'): void {
    if (status === 'malformed' && this.gate?.forgives === true && !this.gate.called) return
    super.fail(status)
  }

  /** Announces a call. */
  open(head: CallHead): void {
    const { settings, tools, gate, count: index } = this
    const { nameFrom: from, nameTo: to } = head
    const [name, ...leftOut] = settings.repair ? meantName(tools, head) : [head.name]
    this.announced++
    if (gate !== undefined && !this.muted) this.passGate(gate, name, head.from)
    this.mark('call')
    this.surplus = index >= settings.calls || (this.delivered && !settings.parallelCalls)
    if (this.surplus) this.mute()
    const known = !tools.given || tools.has(name)
    const id = this.muted ? '' : this.idOf(index, name)
    const evidence = gate?.evidence ?? head.evidence
    const call: ToolCall = {
      index,
      id,
      name,
      arguments: {},
      argumentsText: '',
      status: 'complete',
      known,
      evidence,
      repairs: [],
      from: head.from,
      to,
    }
    this.call = head.nativeId === undefined ? call : withNativeId(call, head.nativeId)
    this.args.begin()
    this.refusal = ''
    this.isAmbiguous = false
    if (this.repairBefore !== undefined && !this.muted) {
      call.repairs.push(this.repairBefore)
      this.repairBefore = undefined
    }
    for (const one of this.leftOut.within(this.format, head.from, from))
      this.repair(one.kind, one.from, one.to, one.before, one.after)
    if (!this.muted) {
      this.leftOut.passed(from)
      if (!this.called) this.firstCallFrom = head.from
      this.called = true
      this.emit({ type: 'call-start', index, id, name, known, evidence, from, to })
    }
    for (const one of leftOut) this.repair('misspelt-header', one.from, one.to, one.text, '')
    if (!known) this.note('unknown-tool', `no tool named ${quote(name)} was given`, from, to)
    const wanted = this.choice
    if (wanted !== undefined && wanted !== name)
      this.note('tool-choice', `the tool choice asks for ${quote(wanted)}, not ${quote(name)}`, from, to)
  }

  private passGate(gate: Gate, name: string, from: number): void {
    if (gate.accepts(name)) gate.called = true
    else {
      gate.refusedFrom = from
      gate.refusedName = name
      this.mute()
    }
  }

  private idOf(index: number, name: string): string {
    if (this.callerIds !== undefined) return this.callerIds.make(index, name, this.format)
    return this.formatIds.makeId?.(index) ?? `call_${index}`
  }

  /** The tool that the tool choice names. */
  private get choice(): string | undefined {
    const { toolChoice } = this.settings
    return typeof toolChoice === 'object' ? toolChoice.name : undefined
  }

  /** Lists a repair with the next call, whichever family reads it. Undefined: no call followed. */
  repairNext(repair: Repair | undefined): void {
    this.repairBefore = repair
  }

  /** The open call cannot be delivered, though it may be read to its end. */
  refuse(why: string): void {
    this.refusal = why
  }

  /**
   * Ends the open call.
   * @param status the reader's verdict. The arguments of a complete call have to be a JSON object, and its schema is asked too.
   * @param reason why it is malformed
   * @param values its arguments, of a reader that made them itself
   */
  close(status: Status, to: number, reason: string, values?: Record<string, unknown>): void {
    const { call, args } = this
    if (call === undefined) return
    call.to = to
    call.argumentsText = args.toString()
    call.status = args.overLimit ? 'truncated' : status
    const why = call.status === 'complete' ? this.complete(call, reason, values) : reason
    this.finish(call)
    this.call = undefined
    if (call.repairs.length > 1) call.repairs.sort((a, b) => a.from - b.from)
    // A call beyond the limit that was read to its end counts too: what its arguments are is not known, and the note on the
    // limit has to come out.
    if (call.status === 'complete' || (args.overLimit && status !== 'malformed')) {
      this.wholeCalls++
      this.wholeCallTo = to
      if (this.isAmbiguous || call.repairs.some(({ kind }) => kind === 'missing-closer')) this.guessedCalls++
    }
    this.noteStatus(call, why)
    this.lastStatus = call.status
    this.noteBigIntegers(args.bigIntegers)
    args.forgetBigIntegers()
    this.deliver(call)
  }

  /** Gives a call that was read to its end its arguments, or says why it is malformed in spite of that. */
  private complete(call: ToolCall, reason: string, values?: Record<string, unknown>): string {
    const { args } = this
    const doubt = this.callDoubt ?? this.doubt
    const read = values ?? args.read(call.argumentsText)
    if (read === undefined) {
      call.status = 'malformed'
      return reason
    }
    call.arguments = read
    const why =
      this.refusal ||
      judgeName(call.name, this.tools) ||
      judgeArguments(call, this.tools, args, this) ||
      (call.repairs.length === 0 ? '' : unsettledRepair(call, this.tools, args, values !== undefined))
    if (why !== '') call.status = 'malformed'
    else noteDuplicateKeys(call, args.keys, args.from, this)
    if (why !== '' || doubt === undefined || this.muted) return why
    call.status = doubt.status
    return doubt.why
  }

  /** A close marker in the value of `key` is data. */
  ambiguousClose(key: string, from: number, to: number): void {
    this.isAmbiguous = true
    const message = `a close marker in the value of ${quote(key)} is data: what follows it cannot follow a real one`
    this.note('ambiguous-close', message, from, to)
  }

  /** The end of a call is unclear: what follows may belong to it, so no call in the rest of the text is complete. */
  doubtRest(): void {
    if (!this.muted) this.doubt ??= { status: 'malformed', why: 'it follows a call whose end is unclear' }
  }

  /** The arguments are over. For a policy that changes them. */
  protected finish(_call: ToolCall): void {}

  /** Refuses a call that the options do not trust, and notes why a call is not complete. */
  private noteStatus(call: ToolCall, why: string): void {
    const refusal = call.status === 'complete' && this.settings.trust === 'cautious' ? refusalOf(call) : ''
    if (call.status === 'complete' && refusal === '') return
    const { from, to } = call
    const name = quote(call.name)
    if (refusal !== '') {
      call.status = 'malformed'
      this.fail('malformed')
      this.note('refused-call', `the call of ${name} is withheld: ${refusal}`, from, to)
    } else if (call.status === 'malformed') {
      this.fail('malformed')
      const reason = why || 'its arguments are not a JSON object'
      this.note('damaged-call', `the call of ${name} cannot be read: ${reason}`, from, to)
    } else if (call.status === 'truncated') {
      this.fail('truncated')
      if (!this.args.overLimit) this.note('truncated-call', `the text ended inside the call of ${name}`, from, to)
    }
  }

  private noteBigIntegers(spans: readonly number[]): void {
    for (let i = 0; i < spans.length; i += 2) {
      const message = 'an integer beyond 2^53: exact in argumentsText only'
      this.note('big-integer', message, spans[i] as number, spans[i + 1] as number)
    }
  }

  private deliver(call: ToolCall): void {
    const { from, to } = call
    if (this.surplus) {
      this.unmute()
      const { calls } = this.settings
      if (this.count >= calls)
        this.note('limit', `more calls than limits.calls (${calls}): this one was left out`, from, to)
      else
        this.note('parallel-calls', 'a call after the first one was left out, since only one was asked for', from, to)
      return
    }
    if (call.evidence === 'unclosed-reasoning')
      this.note('unclosed-reasoning-call', 'found in a reasoning block that never closed', from, to)
    if (this.muted) return
    this.count++
    this.delivered ||= call.status === 'complete'
    this.emit({ type: 'call-end', index: call.index, call, from, to })
  }

  /** The last event. A source that was cut off or broken ends a text that may have had more. */
  end(offset: number, reason: EndReason): void {
    this.mark('end')
    const isAsked = this.settings.toolChoice === 'required' || this.choice !== undefined
    if (isAsked && this.count === 0)
      this.note('tool-choice', 'the tool choice asks for a call, and none came', offset, offset)
    const status = this.status(reason !== 'stop')
    this.emit({ type: 'end', status, format: this.format, from: offset, to: offset })
  }
}
