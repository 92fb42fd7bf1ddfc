import type { ParseEvent } from '../event/event.js'
import { createParser, type ParserOptions } from '../index.js'

/** An event, and the step that brought it: chunks count from 1, the end of the text is the step behind the last. */
export interface SteppedEvent {
  readonly step: number
  readonly event: ParseEvent
}

/** A text as a parser gets it: in chunks of one size. */
export interface Stream {
  readonly text: string
  readonly size: number
  /** Chunks, and one for the end. */
  readonly steps: number
  readonly events: readonly SteppedEvent[]
}

/** More steps than this cannot be told apart on a slider. */
export const MOST_STEPS = 20_000

/** Feeds a text in chunks of so many characters, or of more where there would be too many of them. */
export function streamOf(text: string, asked: number, options: ParserOptions): Stream {
  const size = Math.max(Math.min(asked, text.length), Math.ceil(text.length / MOST_STEPS), 1)
  const parser = createParser(options)
  const events: SteppedEvent[] = []
  let step = 0
  for (let at = 0; at < text.length; at += size) {
    step++
    for (const event of parser.push(text.slice(at, at + size))) events.push({ step, event })
  }
  step++
  for (const event of parser.end()) events.push({ step, event })
  return { text, size, steps: step, events }
}

/** What is known after so many steps. */
export interface Moment {
  readonly step: number
  /** How much of the text came in, and how much of that was told by events. */
  readonly fed: number
  readonly told: number
  readonly ended: boolean
  readonly content: string
  readonly reasoning: string
  readonly calls: readonly { name: string; text: string; state: string }[]
  /** How many events there are, and how many of them this step brought. */
  readonly events: number
  readonly fresh: number
}

/** Folds the events of the first steps, as a client would. */
export function momentOf(stream: Stream, step: number): Moment {
  const { events, size, text, steps } = stream
  const calls: { name: string; text: string; state: string }[] = []
  let content = ''
  let reasoning = ''
  let told = 0
  let count = 0
  let fresh = 0
  for (const { step: at, event } of events) {
    if (at > step) break
    count++
    if (at === step) fresh++
    told = Math.max(told, event.to)
    if (event.type === 'content') content += event.text
    else if (event.type === 'reasoning') reasoning += event.text
    else if (event.type === 'call-start') calls[event.index] = { name: event.name, text: '', state: 'running' }
    else if (event.type === 'arguments') {
      const call = calls[event.index]
      if (call !== undefined) call.text += event.delta
    } else if (event.type === 'call-end') {
      const call = calls[event.index]
      if (call !== undefined) call.state = event.call.status
    }
  }
  const fed = Math.min(step * size, text.length)
  return { step, fed, told: Math.min(told, fed), ended: step >= steps, content, reasoning, calls, events: count, fresh }
}
