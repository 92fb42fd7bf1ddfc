import type { ParseEvent } from '../../event/event.js'
import type { MessageFacts } from '../message/facts.js'
import type { Finish, SourceReason } from '../message/finish.js'
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
  /** Takes the provider's finish reason (undefined if the stream died) and gives the one to send, in the same shape. */
  close(upstream: unknown): { parts: TextStreamPart[]; finishReason: unknown; facts: MessageFacts | undefined }
}

/**
 * Makes a step. Calls of the provider and calls out of the text are never mixed after the first of the provider's.
 *
 * @example createStep(createParser({ format: 'hermes' }), {}).text('Hello')
 */
export function createStep(parser: StepParser, options: PartOptions): Step {
  const parts = createParts(options)
  let native = false
  return {
    text: (text) => parts.push(native ? [{ type: 'content', text, from: 0, to: 0 }] : parser.push(text)),
    native() {
      if (native) return []
      native = true
      return parts.push(parser.end())
    },
    close(upstream) {
      const unified = unifiedOf(upstream)
      const reason = upstream === undefined ? 'abort' : unified === 'length' ? 'length' : 'stop'
      const tail = native ? [] : parts.push(parser.end(reason))
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

/**
 * The stream of a step: text parts of the provider are replaced by ours, all others pass where they stand.
 *
 * @example stream.pipeThrough(streamStep(createStep(parser, {})))
 */
export function streamStep(step: Step): TransformStream<ProviderPart, ProviderPart> {
  let closed = false
  return new TransformStream({
    transform(part, controller) {
      for (const out of partsFor(part)) controller.enqueue(out)
    },
    flush(controller) {
      if (!closed) for (const out of step.close(undefined).parts) controller.enqueue(out)
    },
  })

  function partsFor(part: ProviderPart): ProviderPart[] {
    if (part.type === 'text-start' || part.type === 'text-end') return []
    if (part.type === 'text-delta') return 'delta' in part ? step.text(String(part.delta)) : []
    if (part.type === 'finish') {
      closed = true
      const { parts, finishReason, facts } = step.close('finishReason' in part ? part.finishReason : 'other')
      const metadata = 'providerMetadata' in part ? part.providerMetadata : undefined
      return [...parts, { ...part, finishReason, ...withFacts(metadata, facts) } as ProviderPart]
    }
    return isNativeCall(part) ? [...step.native(), part] : [part]
  }
}
