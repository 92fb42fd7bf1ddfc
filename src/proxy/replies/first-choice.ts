import { createCallIds } from '../../adapters/message/call-ids.js'
import type { SourceReason } from '../../adapters/message/finish.js'
import type { ParseEvent } from '../../event/event.js'
import { isObject, type JsonObject, objectsOf } from '../wire/json.js'
import type { Reading } from './reading.js'
import { createNativeCalls } from './turn.js'
import { readParts, sourceReason } from './upstream-chunk.js'

/** The events of the first choice of a reply: from text, and from what the upstream has parsed itself. */
export interface FirstChoice {
  push(chunk: JsonObject): ParseEvent[]
  /** What is left when the upstream has said all: nothing where it has ended the choice. */
  close(): ParseEvent[]
  /** The upstream has died: the text that was held back, and no call. */
  cut(): ParseEvent[]
  /** What the upstream has said is to be corrected: its next answer follows. */
  again(): void
  readonly begun: boolean
  readonly ended: boolean
  /** The calls are those that the upstream has parsed itself: nothing more is known of them. */
  readonly native: boolean
  /** The id of a call on the wire: the upstream's own, or a fresh one. */
  callId(prefix: string): (call: { index: number; id: string; name: string }) => string
  readonly reason: SourceReason
  readonly usage: JsonObject | undefined
  readonly stopSequence: string | undefined
}

export function createFirstChoice(reading: Reading): FirstChoice {
  let turn = reading.openTurn(0)
  const natives = createNativeCalls()
  const at = { from: 0, to: 0 }
  let mode: 'text' | 'native' = 'text'
  let begun = false
  let ended = false
  let reason: SourceReason = 'stop'
  let usage: JsonObject | undefined
  let stopSequence: string | undefined

  function takeNative(native: JsonObject[]): ParseEvent[] {
    if (native.length === 0) return []
    if (turn.called) {
      reading.tally.nativeCallsLeftOut += native.length
      return []
    }
    const before = mode === 'text' ? turn.release() : []
    mode = 'native'
    reading.tally.nativeCalls += native.filter(({ id }) => typeof id === 'string').length
    return [...before, ...natives.push(native)]
  }
  function takeText(text: string): ParseEvent[] {
    if (text === '') return []
    reading.text(text)
    return mode === 'text' ? turn.push(text) : [{ type: 'content', text, ...at }]
  }
  function end(why: SourceReason): ParseEvent[] {
    ended = true
    reason = why
    if (mode === 'text') return turn.end(why)
    const events = natives.end(why === 'length' || why === 'abort')
    const cut = why === 'abort' || why === 'length'
    return [...events, { type: 'end', status: cut ? 'truncated' : 'complete', format: 'upstream', ...at }]
  }

  return {
    push(chunk) {
      if (isObject(chunk.usage)) usage = chunk.usage
      const choice = objectsOf(chunk.choices).find(({ index }) => index === 0 || index === undefined)
      if (choice === undefined || ended) return []
      begun = true
      const parts = readParts(choice.delta)
      const events: ParseEvent[] = []
      if (parts.reasoning !== '') {
        turn.reasoningApart()
        events.push({ type: 'reasoning', text: parts.reasoning, ...at })
      }
      events.push(...takeText(parts.text), ...takeNative(parts.native))
      if (choice.finish_reason === null || choice.finish_reason === undefined) return events
      if (typeof choice.stop_reason === 'string') stopSequence = choice.stop_reason
      return [...events, ...end(sourceReason(choice.finish_reason))]
    },
    close: () => (ended ? [] : end('stop')),
    cut: () => (ended || mode === 'native' ? [] : turn.cut()),
    again() {
      begun = false
      ended = false
      turn = reading.openTurn(0)
    },
    get begun() {
      return begun
    },
    get native() {
      return mode === 'native'
    },
    callId(prefix) {
      const fresh = createCallIds('fresh', prefix)
      return (call) => (mode === 'native' && call.id !== '' ? call.id : fresh(call))
    },
    get ended() {
      return ended
    },
    get reason() {
      return reason
    },
    get usage() {
      return usage
    },
    get stopSequence() {
      return stopSequence
    },
  }
}
