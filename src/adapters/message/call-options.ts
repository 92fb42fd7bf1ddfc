import type { Note, ParseResult, ToolCall } from '../../event/event.js'
import type { CallIds } from './call-ids.js'
import type { CallPolicy } from './call-policy.js'

/**
 * What a stream shows of calls before it is known whether they are whole.
 * `omit`: each call is held until it is whole, and one that was cut off or spoilt never appears.
 * `mark`: calls are streamed as they are written, and one that turns out cut off or spoilt ends in text that is no JSON.
 * Most readers of partial JSON refuse it; those that swallow every error (`partial-json` and its copies) still give the
 * arguments that stand before, so a client that runs what such a reader gives wants `omit`.
 * A whole message holds complete calls only, whatever is said here.
 */
export type IncompleteCalls = 'omit' | 'mark'

/**
 * What becomes of a call that was attempted and is not to be run: it was cut off, cannot be read, or a policy refused it.
 * `omit`: nothing of it is in the message (the member `callsift` tells of it).
 * `report`: it is told in the wire's own way, so that no client can run it: an invalid call where a wire has one, else text.
 * `text`: a sentence in the content, where the call stood.
 */
export type FailedCalls = 'omit' | 'report' | 'text'

/** Told of what a careful reader should know: the notes of a call when it ends, all others as they come. */
export type OnNotes = (notes: Note[], call?: ToolCall) => void

/** What every wire can be told about calls. */
export interface CallOptions {
  /** Where the ids of calls come from. Default `fresh`: random, so that they differ from message to message. */
  callIds?: CallIds | undefined
  /** What a stream shows of calls before they are known to be whole. Default `omit`: nothing. Whole messages hold no others. */
  incompleteCalls?: IncompleteCalls | undefined
  /** What becomes of a call that was attempted and is not to be run. Default `omit`. */
  failedCalls?: FailedCalls | undefined
  /** Which complete calls may go out. Others count as failed, with the note `refused-call`. Default: all. */
  policy?: CallPolicy | undefined
  /**
   * Called with the notes of each call that ends and has some, or is not to be run, and with all other notes one by one,
   * without a call.
   */
  onNotes?: OnNotes | undefined
  /**
   * Makes the words for the model about one failed call, which is all that the result holds. They are told with the call:
   * in the member `callsift`, and where a wire has a place for an error. Default: none, and the error is the reason.
   *
   * @example (failed) => feedback(failed, { tools, format: 'hermes' })
   */
  feedback?: ((failed: ParseResult) => string) | undefined
  /**
   * Whether the message carries what is known of its calls (evidence, known, repairs, issues, what failed and why) under the
   * name `callsift`, where its wire has a place for it. Default `add`.
   */
  facts?: 'add' | 'none' | undefined
}

/** The options of calls out of options that hold more. */
export function callOptionsOf(options: CallOptions): CallOptions {
  const { callIds, incompleteCalls, failedCalls, policy, onNotes, feedback, facts } = options
  return { callIds, incompleteCalls, failedCalls, policy, onNotes, feedback, facts }
}
