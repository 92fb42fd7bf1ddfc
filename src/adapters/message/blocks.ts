import type { ArgumentsEvent, CallStartEvent, ParseEvent, Status } from '../../event/event.js'
import { createCallGate, type HowToReport, type WireCallEnd, type WireEvent } from './call-gate.js'
import type { CallOptions } from './call-options.js'
import type { MessageFacts } from './facts.js'
import { deriveFinish, type Finish, type SourceReason } from './finish.js'

/**
 * A message as a sequence of blocks that never overlap: text, reasoning, call. `text-open` and `text-close` stand round
 * the deltas of one run of content or reasoning (`cut`: the message ended inside it, before it was meant to); `call-cut` ends a call that the parser never ended.
 */
export type BlockEvent =
  | { type: 'text-open'; kind: TextKind }
  | { type: 'text-close'; kind: TextKind; cut: boolean }
  | { type: 'text'; kind: TextKind; text: string }
  | CallStartEvent
  | ArgumentsEvent
  | WireCallEnd
  | { type: 'call-cut'; index: number }

/** The two kinds of text that a message has. */
export type TextKind = 'content' | 'reasoning'

/** What a message came to, known once all its events were pushed. */
export interface MessageEnd {
  finish: Finish
  /** What the message tells of its calls; undefined where there is nothing. */
  facts: MessageFacts | undefined
}

/** Takes the parser's events, gives blocks; `close` closes what is open and says what the message came to. */
export interface Blocks {
  push(events: Iterable<ParseEvent>): BlockEvent[]
  close(reason?: SourceReason): { events: BlockEvent[]; end: MessageEnd }
}

/**
 * Makes the block order of one message. A run of blank text makes no block: models put line breaks between calls, and
 * some servers refuse blank text blocks when the message comes back to them.
 *
 * @param idPrefix what fresh ids of calls begin with
 * @param reportAs how the wire shows a failed call that is to be reported
 * @example createBlocks({ incompleteCalls: 'mark' }, 'call_', 'call').push(parser.push('Hello')) // text-open, text
 */
export function createBlocks(options: CallOptions, idPrefix: string, reportAs: HowToReport): Blocks {
  const gate = createCallGate(options, idPrefix, reportAs)
  let kind: TextKind | undefined // the run that we are in
  let blank: string | undefined // its text while that is blank, undefined once its block is open
  let openCall: number | undefined
  let complete = 0
  let status: Status = 'truncated' // until the parser says otherwise

  function closeText(out: BlockEvent[], cut = false): void {
    if (kind !== undefined && blank === undefined) out.push({ type: 'text-close', kind, cut })
    kind = undefined
  }
  function text(next: TextKind, piece: string, out: BlockEvent[]): void {
    if (kind !== next) {
      closeText(out)
      kind = next
      blank = ''
    }
    if (blank === undefined) {
      if (piece !== '') out.push({ type: 'text', kind: next, text: piece })
      return
    }
    blank += piece
    if (blank.trim() === '') return
    out.push({ type: 'text-open', kind: next }, { type: 'text', kind: next, text: blank })
    blank = undefined
  }
  function take(event: WireEvent, out: BlockEvent[]): void {
    if (event.type === 'content' || event.type === 'reasoning') {
      text(event.type, event.text, out)
      return
    }
    if (event.type === 'end') {
      status = event.status
      return
    }
    if (event.type === 'arguments' && event.delta === '') return
    if (event.type === 'call-start') {
      closeText(out)
      openCall = event.index
    } else if (event.type === 'call-end') {
      openCall = undefined
      if (event.call.status === 'complete') complete++
    }
    out.push(event)
  }

  function cutCall(out: BlockEvent[]): void {
    if (openCall !== undefined) out.push({ type: 'call-cut', index: openCall })
    openCall = undefined
  }

  return {
    push(events) {
      const out: BlockEvent[] = []
      for (const event of gate.push(events)) take(event, out)
      return out
    },
    close(reason) {
      const events: BlockEvent[] = []
      const cut = status === 'truncated' || (reason !== undefined && reason !== 'stop')
      if (openCall === undefined) closeText(events, cut)
      for (const event of gate.close()) {
        if (event.type !== 'arguments' && openCall !== undefined) cutCall(events)
        take(event, events)
      }
      if (openCall !== undefined) cutCall(events)
      closeText(events, cut)
      const finish = deriveFinish(complete, status, reason)
      return { events, end: { finish, facts: gate.facts() } }
    },
  }
}
