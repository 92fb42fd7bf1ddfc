import type { Note, ParseEvent, ToolCall } from '../../event/event.js'

/** What was read from one reply of the upstream: numbers and codes, never text. */
export interface Tally {
  /** The format that read the text; of several choices the last one that said so. */
  format: string | undefined
  /** Calls found in text, by format and by how they ended: `hermes complete`. */
  readonly calls: Map<string, number>
  /** Calls found in text that are complete thanks to a repair, by format. */
  readonly repaired: Map<string, number>
  /** Notes of the parser by their code. */
  readonly notes: Map<string, number>
  /** Calls that the upstream had parsed itself. */
  nativeCalls: number
  /** Data of the upstream's stream that was no sound chunk, and was left out or set right. */
  wrongData: number
  /** Calls of the upstream that were left out, since calls of the same message were found in its text. */
  nativeCallsLeftOut: number
}

/** An empty tally. */
export function createTally(): Tally {
  return {
    format: undefined,
    calls: new Map(),
    repaired: new Map(),
    notes: new Map(),
    nativeCalls: 0,
    wrongData: 0,
    nativeCallsLeftOut: 0,
  }
}

/**
 * Adds what events say. Refused calls are counted where they are kept back (`countRefused`), by the parser or by a policy.
 *
 * @example count(tally, parser.end())
 */
export function count(tally: Tally, events: readonly ParseEvent[]): void {
  for (const event of events) {
    if (event.type === 'end') tally.format = event.format
    else if (event.type === 'note' && event.code !== 'refused-call') add(tally.notes, event.code)
  }
}

/** Adds the calls that were kept back. */
export function countRefused(tally: Tally, notes: readonly Note[]): void {
  for (const { code } of notes) if (code === 'refused-call') add(tally.notes, code)
}

/** Adds the calls of one message, once its format is known. */
export function countCalls(tally: Tally, format: string, calls: readonly Pick<ToolCall, 'status' | 'repairs'>[]): void {
  for (const { status, repairs } of calls) {
    add(tally.calls, `${format} ${status}`)
    if (status === 'complete' && repairs.length > 0) add(tally.repaired, format)
  }
}

/** One more of a kind. */
export function add(counts: Map<string, number>, key: string, amount = 1): void {
  counts.set(key, (counts.get(key) ?? 0) + amount)
}
