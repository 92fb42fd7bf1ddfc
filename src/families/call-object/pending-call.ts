import type { CallShape } from '../../engine/call-shape.js'
import type { Reading } from '../../engine/reading.js'
import type { Evidence } from '../../event/event.js'
import { unwrapArguments } from '../../fitting/wrapped-arguments.js'
import { swallowedName } from '../../recovery/swallowed-name.js'
import type { Matcher } from '../../text/matcher.js'
import { CallMembers, type Closer } from './call-members.js'
import type { HeldValue, RepairWords } from './held-value.js'

/**
 * When a call is announced: `name` after a marker, as soon as its name is read; `arguments` without one, once the object
 * has shown the whole shape of a call; `end` when its surroundings decide, by `deliver`.
 */
export type Commit = 'name' | 'arguments' | 'end'

export interface CallContext {
  readonly commit: Commit
  /** Where the call begins, with its marker. */
  readonly from: number
  /** Markers that end the span: what is open when one stands there was left unclosed. */
  readonly boundary: Matcher<unknown> | undefined
  /** Does the one that stands there open another call? Default: none does. */
  readonly opensNext?: () => boolean
  /** May a call of this name stand here? Asked before it is announced. */
  readonly accepts: (name: string) => boolean
  /** Does a name that is accepted begin like this? Where it is given, other names are refuted before they are whole. */
  readonly acceptsStart?: ((prefix: string) => boolean) | undefined
  /** The keys that may come before the arguments: any other refutes the call. Default: all may come. */
  readonly keys?: readonly string[]
  /** What the call stands behind. Default: a marker where the name commits, else none. */
  readonly evidence?: Evidence
  /** It ends only when its caller delivers it, who knows what stands behind it. */
  readonly waits?: boolean
  /** It stands in a list. */
  readonly listed?: boolean
  /** A first key that refutes the call and that its reader knows what to do with: `tool_calls`. Stands in `keys`. */
  readonly envelope?: string | undefined
}

/** What has been read of a call object, in whatever order its keys came: held until the call may be announced, then handed on. */
export class PendingCall {
  name: string | undefined
  protected nameFrom = 0
  protected nameTo = 0
  protected nativeId: string | undefined
  protected argumentsKey: string | undefined
  /** Its arguments, as far as they are read, until they can be handed on. */
  protected held: HeldValue | undefined
  /** Its arguments have been handed on, or are being handed on. */
  protected live = false
  /** The closer of its arguments, once everything before it has been handed on. */
  protected closer: Closer | undefined
  /** Where `null` stands for the arguments. */
  protected blank: Closer | undefined
  /** What stands beside the name and the arguments. */
  protected readonly members = new CallMembers()
  /** Closers too many stood behind it. */
  protected isOverclosed = false
  /** Repairs made before the call was announced. */
  private early: RepairWords[] | undefined
  opened = false

  constructor(
    protected readonly reading: Reading,
    protected readonly shape: CallShape,
    protected readonly context: CallContext,
  ) {}

  /** Notes a repair, as `JsonSink` does. */
  mend(...repair: RepairWords): void {
    if (this.opened) this.reading.out.repair(...repair)
    else (this.early ??= []).push(repair)
  }

  /** Announces the call as soon as it may be: once its name is read, and its arguments have begun, if they have to. */
  protected announce(begun: boolean): void {
    const { commit } = this.context
    if (!this.opened && this.name !== undefined && (commit === 'name' || (commit === 'arguments' && begun))) this.open()
  }

  /** Announces the call, with the arguments that came before its name. */
  protected open(evidence: Evidence = this.context.evidence ?? (this.isMarked ? 'marker' : 'bare')): void {
    const { reading, name = '', nameFrom, nameTo, nativeId, context } = this
    const stands = reading.evidence === 'marker' ? evidence : reading.evidence
    reading.out.open({ name, nameFrom, nameTo, nativeId, from: context.from, evidence: stands })
    this.opened = true
    if (this.argumentsKey === this.shape.argumentKeys[0]) this.giveHeld()
  }

  protected giveHeld(): void {
    const { out } = this.reading
    const { held } = this
    if (held === undefined) return
    this.held = undefined
    this.live = true
    if (held.isString) {
      out.note('string-arguments', 'the arguments were a JSON string; it was unwrapped once', held.from, held.to)
    }
    let text = held.object
    const unwrapped = this.lenient ? unwrapArguments(text, out.tools, this.name ?? '') : undefined
    if (unwrapped !== undefined) {
      const before = this.reading.cursor.since(held.from).slice(0, held.to - held.from)
      out.repair('wrapped-arguments', held.from, held.to, before, unwrapped.json)
      text = unwrapped.json
    }
    this.closer = held.giveOpen(out, text)
  }

  /** Announces the call if that is still to do, and ends it: as complete, if all of it was read and there is no `damage`. */
  deliver(evidence?: Evidence, at = this.reading.cursor.offset, damage = ''): void {
    const { out } = this.reading
    if (!this.opened) this.open(evidence)
    for (const repair of this.early ?? []) out.repair(...repair)
    this.giveHeld()
    let why = damage || this.members.end(out, this.shape, this.closer, this.blank ?? { from: at, to: at })
    if (this.members.liftsId) out.nativeId(undefined)
    // Behind a member that does not belong to a call: `"arguments": {"a": 1}, "b": 2}}`
    if (this.isOverclosed && this.members.hasMetadata)
      why ||= 'its arguments were closed too early, or it was closed twice'
    out.close(why === '' ? 'complete' : 'malformed', at, why)
    this.reading.lastCallTo = at
  }

  /** The text ended in its arguments, or behind them. */
  get isCut(): boolean {
    return !this.opened && this.name !== undefined && this.held !== undefined
  }

  /** Announces a call that was cut, with as much of its arguments as came. */
  deliverCut(): void {
    const { held } = this
    this.held = undefined
    this.open()
    if (held?.isString === false) held.giveTo(this.reading.out)
    this.reading.closeCut()
  }

  /** Finds the name of a given tool under another key, if it stands there. */
  protected findOtherName(): boolean {
    if (!this.isMarked || !this.lenient) return false
    const member = this.members.takeName(this.reading.out.tools)
    if (member === undefined) return this.findNameAsKey()
    const { written, from, keyTo, value } = member
    this.mend('name-key', from, keyTo, written, JSON.stringify(this.shape.nameKeys[0]))
    this.name = JSON.parse(value.toString()) as string
    this.nameFrom = value.from + 1
    this.nameTo = value.to - 1
    return this.context.accepts(this.name)
  }

  /** Finds the name of a given tool as the only key, with its arguments behind it: `{"f": {"a": 1}}`. */
  private findNameAsKey(): boolean {
    if (this.held !== undefined || this.argumentsKey !== undefined) return false
    const member = this.members.takeCall(this.reading.out.tools)
    if (member === undefined) return false
    const { written, from, keyTo, key, value } = member
    const { nameKeys, argumentKeys } = this.shape
    const [argumentsKey = ''] = argumentKeys
    this.mend('name-key', from, keyTo, written, `"${nameKeys[0]}": ${JSON.stringify(key)}, "${argumentsKey}"`)
    this.name = key
    this.nameFrom = from + 1
    this.nameTo = keyTo - 1
    this.held = value
    this.argumentsKey = argumentsKey
    return this.context.accepts(key)
  }

  /** Takes the name out of the arguments, if it slipped into them. */
  protected findSwallowedName(unclosed: boolean): boolean {
    const { held } = this
    if (held === undefined || held.isString || !this.isMarked || !this.lenient) return false
    const { tools } = this.reading.out
    const { from, to } = held
    const found = swallowedName(held.toString())
    if (found === undefined) return false
    const { name } = found
    const isKnown = name === 'code_interpreter' || (tools.given && tools.has(name))
    if (!isKnown && !(unclosed && found.isLast)) return false
    this.mend('swallowed-name', from, to, `"name": ${JSON.stringify(name)} in the arguments`, 'the name of the call')
    held.rewrite(found.rest)
    this.name = name
    this.nameFrom = this.nameTo = to
    return this.context.accepts(name)
  }

  protected get isMarked(): boolean {
    return this.context.commit === 'name'
  }

  protected get lenient(): boolean {
    return this.reading.out.settings.repair
  }
}
