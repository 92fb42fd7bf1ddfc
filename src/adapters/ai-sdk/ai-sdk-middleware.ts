import type { ParserOptions } from '../../engine/options.js'
import type { ParseResult } from '../../event/event.js'
import { createParser, feedback, formatForModel, formatForTemplate } from '../../index.js'
import { type CallOptions, callOptionsOf } from '../message/call-options.js'
import { readPolicy } from '../message/call-policy.js'
import { type Correction, createRetry } from '../message/retry.js'
import { type DescribeTools, familyPrompt, NOTHING_TOLD, resultWriter, withDemand } from './ai-sdk-families.js'
import { createParts, type PartOptions } from './ai-sdk-parts.js'
import { exampleCall, type ToolRequest, toolsIntoPrompt } from './ai-sdk-prompt.js'
import {
  type CallOptionsShape,
  demandedForm,
  isRefusal,
  type ModelShape,
  toolRequest,
  wantsOneCall,
  withFields,
} from './ai-sdk-request.js'
import { askedAgain, generateStep, type StepShape, settled } from './ai-sdk-retry.js'
import { createStep, isNativeCall, type ProviderPart, streamStep } from './ai-sdk-step.js'
import { templatePrompt } from './ai-sdk-template.js'

/** A model that wrote more than this is not asked about it (UTF-16 units). */
const LONGEST_ASKED = 2 ** 20

/** The options of a parser, but for the tool choice, which each request brings, and where tools are told. */
export interface ToolMiddlewareOptions extends Omit<ParserOptions, 'toolChoice'>, PartOptions {
  /**
   * How the model learns of its tools: they stay in the `request` (default: the server's chat template writes them), or
   * this middleware writes them into the `prompt`, with earlier calls and their results, and takes them out of the request.
   */
  toolsIn?: 'request' | 'prompt' | undefined
  /**
   * The tool choice that is sent on when tools stay in the request. `auto` (default): what the request says, and `none` once
   * the server has refused for lack of a parser of its own, as vLLM does. `none`: always `none`, which also keeps vLLM's
   * parser away. `keep`: what the request says.
   */
  requestToolChoice?: 'auto' | 'none' | 'keep' | undefined
  /**
   * Fields in the body of each request, by way of `providerOptions`, which `createOpenAICompatible` hands on. Default:
   * `skip_special_tokens: false` and `spaces_between_special_tokens: false`, without which vLLM and SGLang leave out markers
   * that are special tokens. `{}`: none.
   */
  requestFields?: Readonly<Record<string, unknown>> | undefined
  /**
   * The model's chat template, for `toolsIn: 'prompt'`: tools and results are written as it writes them. Without it they are
   * written in the markup of the format's family, with words of callsift's own around it. Needs the package
   * `@huggingface/jinja`, which comes with callsift.
   */
  chatTemplate?: string | undefined
  /** Writes the system text for `toolsIn: 'prompt'`, in place of either. */
  describeTools?: DescribeTools | undefined
  /**
   * How often the model is asked again in one step, where a call in its answer failed or does not fit its schema, with what it
   * wrote and what was wrong with it. The corrected answer goes on in the same step; calls go out whole then, once they are
   * complete. Default 0: never.
   */
  retry?: number | undefined
}

interface StreamShape {
  stream: ReadableStream<ProviderPart>
}

/** What a request was before it went on. */
interface Withdrawn {
  readonly request: ToolRequest
  /** The answer has to be the JSON of a call. */
  readonly formIsDemanded: boolean
}

/**
 * Makes the middleware. With no tools in the request (and none in the options) or tool choice `none`, calls stay text
 * and only reasoning is split off.
 *
 * With `toolsIn: 'prompt'`, format `auto` writes as the model's name or its chat template says, else as Hermes. Where a request demands a
 * call that the server is not told of as a tool choice, and the model takes schemas (`supportsStructuredOutputs: true` of
 * `createOpenAICompatible`), the answer has to be the JSON of a call. Such a call has the evidence `bare`, so that is not
 * done under a policy that refuses it.
 *
 * @throws for options that are wrong, at once: see `createParser`; `toolsIn: 'prompt'` needs a format that can write calls
 * @example wrapLanguageModel({ model: provider('qwen3'), middleware: createToolMiddleware({ format: 'hermes' }) })
 */
export function createToolMiddleware(options: ToolMiddlewareOptions) {
  const { toolsIn = 'request', requestToolChoice = 'auto', requestFields, chatTemplate, describeTools } = options
  const { retry: limit = 0 } = options
  const callOptions = callOptionsOf(options)
  const parserOptions = parserOptionsOf(options)
  const judge = readPolicy(options.policy)
  const bare = { name: '', known: true, evidence: 'bare' } as const
  const takesBareCalls = options.trust !== 'cautious' && (judge?.announced(bare) ?? '') === ''
  checkOptions(options)
  createParser(parserOptions)
  createParts(callOptions)
  if (toolsIn === 'prompt' && options.format !== 'auto') exampleCall(options.format)
  // What requests were, under the options that went on.
  const withdrawn = new WeakMap<object, Withdrawn>()
  // Models whose server has refused a tool choice.
  const refusing = new WeakSet<object>()

  /** The reader of one message. With a retry it may take several answers of the model. */
  function start(params: CallOptionsShape, whole: boolean, mayAsk: boolean) {
    const { request, formIsDemanded } = withdrawn.get(params) ?? { request: toolRequest(params), formIsDemanded: false }
    const tools = options.tools ?? request.tools
    const toolChoice = Array.isArray(tools) && tools.length === 0 ? 'none' : request.toolChoice
    const words = (failed: ParseResult) => feedback(failed, { tools, format: options.format })
    const parallel = wantsOneCall(params) ? { parallelCalls: false } : {}
    const form = formIsDemanded ? { format: 'auto', startInReasoning: false } : {}
    const forCalls = { ...parserOptions, ...parallel, ...form, tools, toolChoice }
    const retry =
      mayAsk && limit > 0 && toolChoice !== 'none' && params.prompt.at(-1)?.role !== 'assistant'
        ? createRetry({
            limit,
            feedback: callOptions.feedback ?? words,
            policy: callOptions.policy,
            oneCall: forCalls.parallelCalls === false,
            whole,
            longest: LONGEST_ASKED,
          })
        : undefined
    const stepOptions = { feedback: words, ...defined(callOptions) }
    return () => createStep(() => createParser(forCalls), stepOptions, retry)
  }

  /** The request as it goes on if the server is not to choose tools; `changed` has what was changed before. */
  function withoutChoice<P extends CallOptionsShape>(
    changed: P,
    request: ToolRequest,
    model: ModelShape | undefined,
  ): P {
    const form = takesBareCalls ? demandedForm(request, changed, model) : undefined
    const sent: P = form === undefined ? { ...changed } : { ...changed, responseFormat: form }
    withdrawn.set(sent, { request, formIsDemanded: form !== undefined })
    return sent
  }
  function withChoiceNone<P extends CallOptionsShape>(
    params: P,
    request: ToolRequest,
    model: ModelShape | undefined,
  ): P {
    return withoutChoice({ ...params, toolChoice: { type: 'none' } }, request, model)
  }

  /** Asks a model. One whose server refuses the tool choice is asked once more, and from then on, with `none`. */
  async function ask<R, P extends CallOptionsShape>(
    params: P,
    model: (ModelShape & object) | undefined,
    first: () => PromiseLike<R>,
    again: ((params: P) => PromiseLike<R>) | undefined,
  ): Promise<{ result: R; params: P }> {
    try {
      return { result: await first(), params }
    } catch (error) {
      if (requestToolChoice !== 'auto' || model === undefined || again === undefined || !isRefusal(error)) throw error
      refusing.add(model)
      const sent = withChoiceNone(params, withdrawn.get(params)?.request ?? toolRequest(params), model)
      return { result: await again(sent), params: sent }
    }
  }

  /** The prompt with all that the model is to know of its tools. */
  async function promptOf({ prompt }: CallOptionsShape, request: ToolRequest, model: ModelShape | undefined) {
    const render = chatTemplate === undefined ? undefined : await jinja()
    const format = writtenFormat(options.format, chatTemplate, render, model)
    const id = typeof format === 'string' ? format : format.id
    const written = { format, tools: request.tools, writeResult: resultWriter(id) }
    if (request.tools.length === 0 || request.toolChoice === 'none') return toolsIntoPrompt(prompt, written)
    const example = exampleCall(format)
    const own = familyPrompt(id, request.tools, example)
    if (describeTools !== undefined) {
      const told = { ...own, ...NOTHING_TOLD, behindSystem: `\n\n${describeTools(request, example)}` }
      return toolsIntoPrompt(prompt, written, told)
    }
    const told = chatTemplate && render ? templatePrompt(chatTemplate, render, request.tools, own) : own
    const { writeResult } = told
    return toolsIntoPrompt(prompt, { ...written, writeResult }, withDemand(told, request.toolChoice))
  }

  return {
    specificationVersion: 'v3' as const,

    async transformParams<P extends CallOptionsShape>(call: { params: P; model?: ModelShape & object }): Promise<P> {
      const { model } = call
      const request = toolRequest(call.params)
      const params = withFields(call.params, model, requestFields)
      if (toolsIn === 'request') {
        const refuses = requestToolChoice === 'auto' && model !== undefined && refusing.has(model)
        if (request.tools.length > 0 && (requestToolChoice === 'none' || refuses))
          return withChoiceNone(params, request, model)
        const sent = { ...params }
        withdrawn.set(sent, { request, formIsDemanded: false })
        return sent
      }
      const changed: P = { ...params, prompt: await promptOf(params, request, model) }
      const rest = params.tools?.filter((tool) => tool.type !== 'function') ?? []
      if (rest.length > 0) changed.tools = rest
      else delete changed.tools
      delete changed.toolChoice
      return withoutChoice(changed, request, model)
    },

    async wrapGenerate<R extends StepShape, P extends CallOptionsShape>(call: {
      doGenerate: () => PromiseLike<R>
      params: P
      model?: ModelShape & { doGenerate(params: P): PromiseLike<R> }
    }): Promise<R> {
      const { model } = call
      const { result, params } = await ask(
        call.params,
        model,
        call.doGenerate,
        model && ((sent) => model.doGenerate(sent)),
      )
      // The provider's own calls are the answer; a draft of them in the text is not a second set.
      if (result.content.some(isNativeCall)) return result
      let asked = params
      return generateStep(result, start(params, true, model !== undefined), (correction) => {
        asked = askedAgain(asked, correction)
        return model?.doGenerate(asked)
      })
    },

    async wrapStream<R extends StreamShape, P extends CallOptionsShape>(call: {
      doStream: () => PromiseLike<R>
      params: P
      model?: ModelShape & { doStream(params: P): PromiseLike<R> }
    }): Promise<R> {
      const { model } = call
      const { result, params } = await ask(call.params, model, call.doStream, model && ((sent) => model.doStream(sent)))
      let asked = params
      const step = start(params, false, model !== undefined)()
      const again = async (correction: Correction) => {
        asked = askedAgain(asked, correction)
        return (await settled(model?.doStream(asked)))?.stream
      }
      return { ...result, stream: result.stream.pipeThrough(streamStep(step, again)) }
    },
  }
}

/** Jinja, loaded where a chat template needs it. */
async function jinja() {
  const { Template } = await import('@huggingface/jinja')
  return (source: string, context: Record<string, unknown>) => new Template(source).render(context)
}

/** The format in which calls are written for the model. */
function writtenFormat(
  format: ParserOptions['format'],
  template: string | undefined,
  render: Awaited<ReturnType<typeof jinja>> | undefined,
  model: ModelShape | undefined,
): ParserOptions['format'] {
  if (format !== 'auto') return format
  const byTemplate = template === undefined ? [] : formatForTemplate(template, { render })
  const [match] = [...byTemplate, ...formatForModel(model?.modelId ?? '')]
  return match?.format ?? 'hermes'
}

/** The options that are the parser's: it refuses those it does not know. A policy or a retry may need what it finds out. */
function parserOptionsOf(options: ToolMiddlewareOptions): ParserOptions {
  const { toolsIn, requestToolChoice, requestFields, chatTemplate, describeTools, retry = 0, ...others } = options
  const { callIds, incompleteCalls, failedCalls, policy, onNotes, feedback, facts, ...parserOptions } = others
  const needsIssues = retry > 0 || readPolicy(policy)?.needsIssues === true
  return needsIssues ? { ...parserOptions, validate: true } : parserOptions
}

/** The options that are given: one that is left out leaves ours. */
function defined(options: CallOptions): CallOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

/** @throws TypeError for an option that is none of its words, or says nothing beside another */
function checkOptions(options: ToolMiddlewareOptions): void {
  const {
    toolsIn = 'request',
    requestToolChoice = 'auto',
    requestFields,
    chatTemplate,
    describeTools,
    retry = 0,
  } = options
  checkWord('toolsIn', toolsIn, ['request', 'prompt'])
  checkWord('requestToolChoice', requestToolChoice, ['auto', 'none', 'keep'])
  if (!Number.isSafeInteger(retry) || retry < 0)
    throw new TypeError(`retry: expected a whole number, 0 or more, got ${String(retry)}`)
  if (requestFields !== undefined && (typeof requestFields !== 'object' || requestFields === null))
    throw new TypeError('requestFields: expected an object such as { skip_special_tokens: false }, or {} for none')
  if (chatTemplate === undefined) return
  if (typeof chatTemplate !== 'string') throw new TypeError('chatTemplate: expected the text of a template')
  if (toolsIn !== 'prompt')
    throw new TypeError("chatTemplate: tools in the request are written by the server; set toolsIn: 'prompt' too")
  if (describeTools !== undefined) throw new TypeError('chatTemplate: leave out describeTools, or this')
}

function checkWord(name: string, value: string, words: string[]): void {
  if (!words.includes(value)) throw new TypeError(`${name}: expected ${words.join(' or ')}, got ${String(value)}`)
}
