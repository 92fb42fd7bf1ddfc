import type { Correction } from '../message/retry.js'
import { addUsage, type Counts } from '../message/usage.js'
import { joinParts } from './ai-sdk-parts.js'
import type { PromptMessage } from './ai-sdk-prompt.js'
import { isNativeCall, type ProviderPart, type Step, withFacts, withWarnings } from './ai-sdk-step.js'

/** A whole step of a provider. */
export interface StepShape {
  content: readonly ProviderPart[]
  finishReason: unknown
}

/**
 * The options of a call with what the model wrote and what it is told about that.
 *
 * @example model.doGenerate(askedAgain(params, correction))
 */
export function askedAgain<P extends { prompt: readonly PromptMessage[] }>(params: P, correction: Correction): P {
  const { text, words } = correction
  const more = [
    { role: 'assistant', content: [{ type: 'text', text }] },
    { role: 'user', content: [{ type: 'text', text: words }] },
  ] as const
  return { ...params, prompt: [...params.prompt, ...more] }
}

/** What a promise comes to; undefined where it fails: a model that cannot be asked again leaves what it said. */
export async function settled<T>(promise: PromiseLike<T> | undefined): Promise<T | undefined> {
  try {
    return await promise
  } catch {
    return undefined
  }
}

/**
 * Reads a whole step, and those that follow it where the model is asked again: the last one counts, with the calls of the
 * others that were in order.
 *
 * @param open opens the reader of the next answer
 * @param ask asks the model again
 */
export async function generateStep<R extends StepShape>(
  first: R,
  open: () => Step,
  ask: (correction: Correction) => PromiseLike<R> | undefined,
): Promise<R> {
  let result = first
  let usage = usageOf(first)
  for (;;) {
    const step = open()
    const parts = result.content.flatMap((part): ProviderPart[] => {
      if (part.type === 'text' && 'text' in part) return step.text(String(part.text))
      return isNativeCall(part) ? [...step.native(), part] : [part]
    })
    const last = step.close(result.finishReason)
    const { correction } = step
    if (correction === undefined) {
      const content = joinParts([...parts, ...last.parts])
      const metadata = 'providerMetadata' in result ? result.providerMetadata : undefined
      const told = { ...withFacts(metadata, last.facts), ...withWarnings(result, last.facts) }
      return { ...result, content, finishReason: last.finishReason, ...told, ...(usage && { usage }) }
    }
    step.again()
    const next = await settled(ask(correction))
    usage = addUsage(usage, next && usageOf(next))
    result = next ?? { ...result, content: result.content.filter(({ type }) => type !== 'text') }
  }
}

function usageOf(step: object): Counts | undefined {
  return 'usage' in step ? (step.usage as Counts) : undefined
}
