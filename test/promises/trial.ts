import { collect, type Format, type ParseEvent, type ParseResult, type ParserOptions } from '../../src/index.js'
import { type Create, run } from '../support/run.js'
import { seeded } from '../support/seeded.js'

/** One text read by one parser: what a promise is checked on. */
export interface Trial {
  readonly create: Create
  readonly parse: (text: string, options: ParserOptions) => ParseResult
  readonly format: Format
  readonly text: string
  readonly options: Omit<ParserOptions, 'format'>
  readonly seed: number
}

/** A promise about any text whatever. `check` is pure: what is wrong, or undefined. */
export interface TextPromise {
  /** Its name in the list of promises. */
  readonly id: string
  readonly says: string
  readonly check: (trial: Trial) => string | undefined
}

export function optionsOf({ format, options }: Trial): ParserOptions {
  return { ...options, format }
}

/** The events of the whole text in one chunk. */
export function wholeEvents(trial: Trial): ParseEvent[] {
  return run(trial.create, optionsOf(trial), [trial.text])
}

export function wholeResult(trial: Trial): ParseResult {
  return collect(wholeEvents(trial))
}

/** A source of chance of the trial's own: the same for the same trial. */
export function chance(trial: Trial): () => number {
  return seeded(trial.seed)
}

export type EventOf<T extends ParseEvent['type']> = Extract<ParseEvent, { type: T }>

export function eventsOf<T extends ParseEvent['type']>(events: readonly ParseEvent[], type: T): EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type)
}

/** A value in a message: on one line, not longer than a few. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}
