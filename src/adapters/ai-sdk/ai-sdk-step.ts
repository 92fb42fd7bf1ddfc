import type { ParseEvent } from '../../event/event.js'
import type { MessageFacts } from '../message/facts.js'
import type { Finish, SourceReason } from '../message/finish.js'
import type { Correction, Retry } from '../message/retry.js'
import { addUsage, type Counts } from '../message/usage.js'
import { createParts, type PartOptions, type TextStreamPart } from './ai-sdk-parts.js'

/** The parser of a step, as far as it matters here. */
export interface StepParser {
  push(chunk: string): ParseEvent[]
  end(reason?: 'stop' | 'length' | 'abort'): ParseEvent[]
}

/** One step of a model: its text goes in, parts come out. */
export interface Step {
  /** Takes model text. */
  text(delta: string): TextStreamPart[]
  /** The provider returned a call of its own: from here on text is only text. */
  native(): TextStreamPart[]
  /**
   * Takes the provider's finish reason (undefined if the stream died) and gives the one to send, in the same shape. Where
   * there is a `correction` then, only the parts count: `again` goes on with the next answer.
   */
  close(upstream: unknown): { parts: TextStreamPart[]; finishReason: unknown; facts: MessageFacts | undefined }
  /** What the model is to be asked again with. */
  readonly correction: Correction | undefined
  /** The text of the next answer follows. A step that is closed without any tells what the last answer came to. */
  again(): void
}

/**
 * Makes a step. Calls of the provider and calls out of the text are never mixed after the first of the provider's.
 *
 * @example createStep(() => createParser({ format: 'hermes' }), {}).text('Hello')
 */
export function createStep(makeParser: () => StepParser, options: PartOptions, retry?: Retry): Step {
  const parts = createParts(options)
  let parser = makeParser()
  let native = false
  function take(text: string): ParseEvent[] {
    retry?.wrote(text)
    const events = parser.push(text)
    return retry === undefined ? events : retry.push(events)
  }
  function end(reason: 'stop' | 'length' | 'abort', mayAsk: boolean): ParseEvent[] {
    const events = parser.end(reason)
    return retry === undefined ? events : retry.end(events, mayAsk)
  }
  return {
    text: (text) => parts.push(native ? [{ type: 'content', text, from: 0, to: 0 }] : take(text)),
    native() {
      if (native) return []
      native = true
      return parts.push(end('stop', false))
    },
    get correction() {
      return retry?.correction
    },
    again() {
      retry?.again()
      parser = makeParser()
    },
    close(upstream) {
      const unified = unifiedOf(upstream)
      const reason = upstream === undefined ? 'abort' : unified === 'length' ? 'length' : 'stop'
      const ended = unified !== 'content-filter' && unified !== 'error' && reason === 'stop'
      const tail = native ? [] : parts.push(end(reason, ended))
      if (retry?.correction !== undefined) return { parts: tail, finishReason: upstream, facts: undefined }
      const closing = parts.close(unified === 'content-filter' ? 'content_filter' : (reason satisfies SourceReason))
      const word = native ? unified : finishWord(closing.end.finish, unified)
      const finishReason = typeof upstream === 'string' ? word : { ...Object(upstream), unified: word }
      return { parts: [...tail, ...closing.parts], finishReason, facts: closing.end.facts }
    },
  }
}

/** Providers of ai 6 and later report `{ unified, raw }`, earlier ones a word. */
function unifiedOf(reason: unknown): string | undefined {
  if (typeof reason === 'string') return reason
  if (typeof reason !== 'object' || reason === null || !('unified' in reason)) return undefined
  return typeof reason.unified === 'string' ? reason.unified : undefined
}

/** Whether there are calls is ours to say; an error or a filter is the provider's. */
function finishWord(finish: Finish, upstream: string | undefined): string {
  if (finish === 'calls') return 'tool-calls'
  if (upstream === 'error' || upstream === 'content-filter') return upstream
  if (finish === 'length') return 'length'
  return upstream === undefined || upstream === 'tool-calls' ? 'stop' : upstream
}

/**
 * The provider's metadata of a step, with what is known of the calls of its text beside it.
 *
 * @example withFacts({ openai: {} }, facts) // { openai: {}, callsift: { calls: […], … } }
 */
export function withFacts(metadata: unknown, facts: MessageFacts | undefined): object {
  return facts === undefined ? {} : { providerMetadata: { ...Object(metadata), callsift: facts } }
}

/**
 * The warnings of a whole step, with one for each failed call behind them, so that the SDK's log says why a run ended. (A
 * stream has its warnings at the start, where nothing is known yet.)
 */
export function withWarnings(step: object, facts: MessageFacts | undefined): object {
  if (!('warnings' in step) || !Array.isArray(step.warnings) || facts === undefined) return {}
  const failures = facts.failedCalls.map(({ why }) => ({ type: 'other', message: `callsift: ${why}; it was not run` }))
  return { warnings: [...step.warnings, ...failures] }
}

/** A part of a provider's stream or content. */
export interface ProviderPart {
  type: string
}

/** Whether the part is, or announces, a call that the provider leaves to us. Those that it runs itself are its own matter. */
export function isNativeCall(part: ProviderPart): boolean {
  if (part.type !== 'tool-call' && part.type !== 'tool-input-start') return false
  return !('providerExecuted' in part && part.providerExecuted === true)
}

/** Asks the model again, for a stream of its next answer. Undefined where that cannot be had. */
export type AskForParts = (correction: Correction) => Promise<ReadableStream<ProviderPart> | undefined>

/** Parts that stand at the beginning of a stream: one is enough. */
const HEADS: ReadonlySet<string> = new Set(['stream-start', 'response-metadata'])

/**
 * The stream of a step: text parts of the provider are replaced by ours, all others pass where they stand. Where the model
 * is asked again, the parts of its next answer follow.
 *
 * @example stream.pipeThrough(streamStep(createStep(() => createParser({ format: 'hermes' }), {})))
 */
export function streamStep(step: Step, ask?: AskForParts): TransformStream<ProviderPart, ProviderPart> {
  type Controller = TransformStreamDefaultController<ProviderPart>
  let closed = false
  let usage: Counts | undefined // of all answers
  return new TransformStream({
    transform: take,
    flush(controller) {
      if (!closed) send(step.close(undefined).parts, controller)
    },
  })

  function send(parts: readonly ProviderPart[], controller: Controller): void {
    for (const part of parts) controller.enqueue(part)
  }
  function take(part: ProviderPart, controller: Controller): Promise<void> | undefined {
    if (part.type === 'finish') return finish(part, controller)
    send(partsFor(part), controller)
    return undefined
  }
  function partsFor(part: ProviderPart): ProviderPart[] {
    if (part.type === 'text-start' || part.type === 'text-end') return []
    if (part.type === 'text-delta') return 'delta' in part ? step.text(String(part.delta)) : []
    return isNativeCall(part) ? [...step.native(), part] : [part]
  }
  async function finish(part: ProviderPart, controller: Controller): Promise<void> {
    const upstream = 'finishReason' in part ? part.finishReason : 'other'
    let end = step.close(upstream)
    if ('usage' in part) usage = addUsage(usage, part.usage as Counts)
    const { correction } = step
    if (correction !== undefined) {
      send(end.parts, controller)
      step.again()
      const next = await ask?.(correction)
      if (next !== undefined) return follow(next, controller)
      end = step.close(upstream)
    }
    closed = true
    const metadata = 'providerMetadata' in part ? part.providerMetadata : undefined
    const counts = usage === undefined ? {} : { usage }
    const last = { ...part, ...counts, finishReason: end.finishReason, ...withFacts(metadata, end.facts) }
    send([...end.parts, last], controller)
  }
  async function follow(stream: ReadableStream<ProviderPart>, controller: Controller): Promise<void> {
    const reader = stream.getReader()
    try {
      for (let next = await reader.read(); !next.done; next = await reader.read())
        if (!HEADS.has(next.value.type)) await take(next.value, controller)
    } finally {
      reader.cancel().catch(() => {}) // whoever reads us has gone, or there is nothing left
    }
  }
}
