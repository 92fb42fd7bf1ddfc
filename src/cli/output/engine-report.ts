import { type Fact, factLines } from './facts.js'
import { oneLine } from './screen-text.js'

/** Something that is wrong, and what mends it. */
export interface Wrong {
  what: string
  mend: string
}

/** A model of an engine, and how its text is to be read. */
export interface ModelReport {
  id: string
  /** What else the engine calls it. */
  names: string[]
  /** Absent where nothing tells it. */
  format?: string
  why?: string
  /** The prompt opens the reasoning; absent where that is not known. */
  startInReasoning?: boolean
}

/** What an engine says of itself and its models, and what is wrong with that. */
export interface EngineReport {
  engine?: string
  version?: string
  models: ModelReport[]
  wrong: Wrong[]
}

/** Who read the answer: the engine, callsift in front of its chat completions, or callsift in front of its text completions. */
export type Reader = 'engine' | 'callsift' | 'completions'

/** What came of one request. */
export interface Tried {
  reader: Reader
  streamed: boolean
  /** HTTP status; 0 where nothing came. */
  status: number
  calls: { name: string; arguments: unknown }[]
  content: string
  reasoning: string
  finish?: string
  /** Codes of what callsift noted. */
  notes: string[]
  /** The engine has no parser of its own switched on, and says so. */
  refusesTools?: true
  error?: string
}

/** So much of the content of an answer is shown (UTF-16 units). */
const MOST_SHOWN = 160

/**
 * What an engine says of itself and its models, and what is wrong with that, as lines of a table.
 *
 * @example engineLines(report, 80) // ['  engine  llama.cpp b6500', '  model   my-model: hermes, since …']
 */
export function engineLines(report: EngineReport, columns: number): string[] {
  return factLines([...engineFacts(report), ...wrongFacts(report.wrong)], columns)
}

/** The engine and its models as facts. */
export function engineFacts({ engine, version, models }: EngineReport): Fact[] {
  const name = [engine ?? 'of an unknown kind', version].filter((part) => part !== undefined).join(' ')
  return [['engine', oneLine(name)], ...models.map((model): Fact => ['model', oneLine(aboutModel(model))])]
}

/** What came of each request as facts. */
export function triedFacts(tried: readonly Tried[]): Fact[] {
  return tried.map((one): Fact => [modeOf(one), oneLine(aboutTried(one))])
}

/** What is wrong as facts, each with what mends it. */
export function wrongFacts(wrong: readonly Wrong[]): Fact[] {
  return wrong.flatMap(({ what, mend }): Fact[] => [
    ['wrong', oneLine(what)],
    ['mend', oneLine(mend)],
  ])
}

/** What a request was, for people. */
export function modeOf({ reader, streamed }: Pick<Tried, 'reader' | 'streamed'>): string {
  return `${reader}, ${streamed ? 'streamed' : 'whole'}`
}

/** The calls of an answer, for people. */
export function callsOf({ calls }: Pick<Tried, 'calls'>): string {
  if (calls.length === 0) return 'no call'
  return calls.map(({ name, arguments: value }) => `${name} ${JSON.stringify(value)}`).join(', ')
}

function aboutModel({ id, names, format, why, startInReasoning }: ModelReport): string {
  const called = names.length === 0 ? id : `${id} (${names.join(', ')})`
  if (format === undefined) return `${called}: its format is not known from its names or its template`
  const begins = startInReasoning === true ? '; its prompt opens the reasoning' : ''
  return `${called}: ${format}, since ${why}${begins}`
}

function aboutTried(one: Tried): string {
  if (one.error !== undefined) return `error: ${one.error}`
  if (one.refusesTools) return 'refuses tools because its own parser is off; callsift asks in another way'
  const parts = [callsOf(one)]
  if (one.content.trim() !== '') parts.push(`content ${JSON.stringify(cut(one.content.trim()))}`)
  if (one.reasoning.trim() !== '') parts.push(`reasoning ${JSON.stringify(cut(one.reasoning.trim()))}`)
  if (one.notes.length > 0) parts.push(`notes ${[...new Set(one.notes)].join(' ')}`)
  if (one.finish !== undefined) parts.push(`finish ${one.finish}`)
  return parts.join('; ')
}

function cut(text: string): string {
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}…`
}
