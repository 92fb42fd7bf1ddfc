import { coerceArguments } from './coerce.js'
import type { ToolCall } from './event.js'
import { Policy } from './policy.js'
import { toolOf } from './schema.js'

/** Fits the arguments of each call to its tool's schema. They come out as a whole, when they are known. */
export class CoercingPolicy extends Policy {
  /** The span of arguments that wait. */
  private heldFrom = -1
  private heldTo = -1

  protected override emitArguments(_call: ToolCall, _delta: string, from: number, to: number): void {
    if (this.heldFrom < 0) this.heldFrom = from
    this.heldTo = to
  }

  protected override finish(call: ToolCall): void {
    const { heldFrom: from, heldTo: to } = this
    this.heldFrom = -1
    if (call.status === 'complete') {
      const fitted = coerceArguments(call.arguments, call.argumentsText, toolOf(this.tools, call.name))
      call.arguments = fitted.arguments
      call.argumentsText = fitted.argumentsText
      for (const { path, before, after } of fitted.changes)
        this.repair('coerced', from, to, `${path}: ${before}`, `${path}: ${after}`)
      for (const { path, expected, received } of fitted.misfits) {
        this.note('argument-type', `${path}: expected ${expected}, received ${received}`, from, to)
      }
    }
    if (call.argumentsText !== '') super.emitArguments(call, call.argumentsText, from, to)
  }
}
