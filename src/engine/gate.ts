import type { Evidence } from '../event/event.js'

/** Decides by their names which calls of a block count, where not every call does. The policy asks it. */
export interface Gate {
  /** The evidence of the calls that count, instead of what their reader says. */
  readonly evidence?: Evidence
  /** A call was accepted. */
  called: boolean
  /** The block may be a quotation: while no call of it is accepted, what cannot be read is no damage. */
  readonly forgives?: boolean
  accepts(name: string): boolean
  /** Where the call begins that was not accepted. Nothing came out from there on. */
  refusedFrom?: number
  refusedName?: string
}
