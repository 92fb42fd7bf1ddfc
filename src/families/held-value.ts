import type { Repair } from '../event.js'
import type { Policy } from '../policy.js'
import { GrowingText } from '../text.js'
import type { JsonSink } from '../values/json.js'

/** A value that was read before its call is announced: its JSON text with all that is to be said of it. */
export class HeldValue implements JsonSink {
  private text = new GrowingText()
  readonly repairs: Repair[] = []
  private readonly bigIntegers: number[] = []
  from = -1
  to = -1

  json(text: string, from: number, to: number): void {
    if (this.from < 0) this.from = from
    this.to = to
    this.text.add(text)
  }

  repair(kind: string, from: number, to: number, before: string, after: string): void {
    if (this.repairs.length < 256) this.repairs.push({ kind, from, to, before, after })
  }

  bigInteger(from: number, to: number): void {
    this.bigIntegers.push(from, to)
  }

  toString(): string {
    return this.text.toString()
  }

  /** Its text and what is to be said of it, to the call that is open now. */
  giveTo(out: Policy, text = this.toString()): void {
    for (const { kind, from, to, before, after } of this.repairs) out.repair(kind, from, to, before, after)
    for (let i = 0; i < this.bigIntegers.length; i += 2) {
      out.bigInteger(this.bigIntegers[i] as number, this.bigIntegers[i + 1] as number)
    }
    out.json(text, this.from, this.to)
  }
}
