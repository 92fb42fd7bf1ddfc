import type { ParseEvent, ToolCall } from '../event/event.js'
import { toolOf } from '../tools/schema.js'
import { holdsBigInteger } from '../values/number/big-integer.js'
import { coerceArguments } from './coerce.js'
import { ValidatingPolicy } from './validating-policy.js'

/** Fits the arguments of each call to its tool's schema. They come out in one piece, at the end of the call. */
export class CoercingPolicy extends ValidatingPolicy {
  /** The span of the arguments that are held back. */
  private heldFrom = -1
  private heldTo = -1
  /** So far they are a copy of the source at their span. */
  private isSource = true

  protected override emitArguments(_call: ToolCall, delta: string, from: number, to: number): void {
    if (this.heldFrom < 0) {
      this.heldFrom = this.heldTo = from
      this.isSource = true
    }
    this.isSource &&= from === this.heldTo && to - from === delta.length
    // An argument that stands before the others in the text comes behind them.
    this.heldFrom = Math.min(this.heldFrom, from)
    this.heldTo = Math.max(this.heldTo, to)
  }

  override jsonChunk(text: string, from: number, to: number): ParseEvent[] {
    this.json(text, from, to)
    return this.drain()
  }

  protected override finish(call: ToolCall): void {
    const { heldFrom: from, heldTo: to } = this
    this.heldFrom = -1
    if (call.status === 'complete') this.fit(call, from, to)
    super.finish(call)
    if (call.argumentsText !== '') super.emitArguments(call, call.argumentsText, from, to)
  }

  /** Fits the arguments, whose source is at from..to. */
  private fit(call: ToolCall, from: number, to: number): void {
    const { argumentChars } = this.settings
    const { keys } = this.args
    const fitted = coerceArguments(call.arguments, call.argumentsText, toolOf(this.tools, call.name), keys)
    if (fitted.argumentsText.length > argumentChars) {
      const message = `fitted to their schema, the arguments would be longer than limits.argumentChars (${argumentChars})`
      this.note('limit', `${message}: they stayed as they were written`, from, to)
      return
    }
    // If the arguments were rewritten, the places of their parts in the text are not known. Only readers of JSON count keys: what
    // others write may be as long as the source by chance.
    const isJson = keys > 0 && Number.isFinite(keys)
    const isSource = isJson && this.isSource && call.repairs.every((repair) => repair.to <= from || repair.from >= to)
    call.arguments = fitted.arguments
    call.argumentsText = fitted.argumentsText
    for (const { path, before, after, from: at, to: end } of fitted.changes) {
      if (isSource) this.repair('coerced', from + at, from + end, before, after)
      else this.repair('coerced', from, to, `${path}: ${before}`, `${path}: ${after}`)
    }
    for (const { path, expected, received, from: at, to: end } of fitted.misfits) {
      const span = isSource ? ([from + at, from + end] as const) : ([from, to] as const)
      this.note('argument-type', `${path}: expected ${expected}, received ${received}`, ...span)
    }
    // A string may have become a number, or a number a string.
    if (fitted.changes.length > 0) this.recountBigIntegers(holdsBigInteger(call.argumentsText), from, to)
  }
}
