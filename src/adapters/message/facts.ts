import type { CallIssue, Evidence, Note, NoteCode, Repair, Status, ToolCall } from '../../event/event.js'
import { quote } from '../../text/quote.js'

/** What a call says of itself, beside its name and its arguments. */
export interface CallFacts {
  evidence: Evidence
  known: boolean
  repairs: Repair[]
  /** Only where the parser checked arguments by their schemas (`validate: true`). */
  issues?: CallIssue[]
  /** The id of the call in the model's text. */
  nativeId?: string
}

/** A complete call that went out, by its id on the wire. */
export interface ToldCall extends CallFacts {
  id: string
  name: string
}

/** A call that is not to be run: cut off, spoilt, or refused by a policy. */
export interface FailedCall extends CallFacts {
  /** Its id on the wire, if it is shown there. */
  id?: string
  name: string
  status: 'truncated' | 'malformed'
  /** What is wrong with it, as a sentence. */
  why: string
  /** The words for the model about it, where somebody makes them. */
  feedback?: string
}

/** What a message carries under the name `callsift`: for agents that look before they run. */
export interface MessageFacts {
  format: string
  status: Status
  calls: ToldCall[]
  failedCalls: FailedCall[]
  notes: Note[]
}

/** What a call says of itself. */
export function factsOf({ evidence, known, repairs, issues, nativeId }: ToolCall): CallFacts {
  return {
    evidence,
    known,
    repairs,
    ...(issues === undefined ? {} : { issues }),
    ...(nativeId === undefined ? {} : { nativeId }),
  }
}

/** Notes that say why a call failed; the first that is there counts. */
const REASONS: readonly NoteCode[] = ['refused-call', 'damaged-call', 'truncated-call', 'limit']

/**
 * Why a call failed, as a sentence.
 *
 * @example whyFailed(call, notes) // 'the text ended inside the call of "f"'
 */
export function whyFailed({ name, status }: ToolCall, notes: readonly Note[]): string {
  for (const reason of REASONS) {
    const note = notes.find(({ code }) => code === reason)
    if (note !== undefined) return note.message
  }
  return status === 'truncated'
    ? `the text ended inside the call of ${quote(name)}`
    : `the call of ${quote(name)} cannot be read`
}

/**
 * A failed call as text of the message.
 *
 * @example failureText('the text ended inside the call of "f"') // '[callsift: the text ended inside the call of "f". It was not run.]'
 */
export function failureText(why: string): string {
  return `[callsift: ${why}. It was not run.]`
}
