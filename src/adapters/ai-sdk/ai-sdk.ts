/**
 * Vercel AI SDK: a language model middleware that reads calls and reasoning out of a model's text, and the parts on
 * their own. One structural middleware serves ai 6 and ai 7.
 *
 * Only a complete call becomes a `tool-call` part, which is what the SDK runs. Calls that the provider itself returned
 * pass untouched, and from the first of them on the text of that step is not searched for more.
 */

import type { ParserOptions } from '../../engine/options.js'
import type { ParseEvent, ParseResult } from '../../event/event.js'
import { createParser, feedback } from '../../index.js'
import { type CallOptions, callOptionsOf } from '../message/call-options.js'
import { readPolicy } from '../message/call-policy.js'
import { type Encoder, encodeBatches, type SourceEnd } from '../message/encoder.js'
import { eventsOf, type MessageSource } from '../message/events-of.js'
import type { MessageFacts } from '../message/facts.js'
import { deriveFinish, type SourceReason } from '../message/finish.js'
import { type Correction, createRetry } from '../message/retry.js'
import {
  type ContentPart,
  createParts,
  type JsonOf,
  joinParts,
  type PartOptions,
  type TextStreamPart,
} from './ai-sdk-parts.js'
import {
  type DescribeTools,
  describeTools,
  exampleCall,
  type FunctionTool,
  type PromptMessage,
  type ToolRequest,
  toolsIntoPrompt,
} from './ai-sdk-prompt.js'
import { askedAgain, generateStep, type StepShape, settled } from './ai-sdk-retry.js'
import { createStep, isNativeCall, type ProviderPart, streamStep } from './ai-sdk-step.js'

export type { CallIds } from '../message/call-ids.js'
export type { CallOptions, FailedCalls, IncompleteCalls, OnNotes } from '../message/call-options.js'
export type { CallPolicy, CallRules } from '../message/call-policy.js'
export type { Encoder, SourceEnd } from '../message/encoder.js'
export type { MessageSource } from '../message/events-of.js'
export type { CallFacts, FailedCall, MessageFacts, ToldCall } from '../message/facts.js'
export type { SourceReason } from '../message/finish.js'
export type { CallMetadata, ContentPart, PartOptions, TextStreamPart, ToolCallPart } from './ai-sdk-parts.js'
export type { DescribeTools, FunctionTool, ToolRequest } from './ai-sdk-prompt.js'

/** Why a step ended, as models of ai 6 and later report it. */
export interface FinishReason {
  unified: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'other'
  raw: string | undefined
}

/** Token counts as models of the AI SDK report them. */
export interface Usage {
  inputTokens: { total: number | undefined; noCache: undefined; cacheRead: undefined; cacheWrite: undefined }
  outputTokens: { total: number | undefined; text: undefined; reasoning: undefined }
}

/** A part of the stream that `createStreamParts` makes. */
export type StreamPart =
  | TextStreamPart
  | {
      type: 'finish'
      finishReason: FinishReason
      usage: Usage
      /** What is known of the calls of the step, and which failed. */
      providerMetadata?: { callsift: JsonOf<MessageFacts> }
    }

const REASONS = { calls: 'tool-calls', length: 'length', filter: 'content-filter', stop: 'stop' } as const

/** A model that wrote more than this is not asked about it (UTF-16 units). */
const LONGEST_ASKED = 2 ** 20

const UNKNOWN_USAGE: Usage = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
}

/**
 * The finish reason of a result: `tool-calls` exactly when it has a complete call.
 *
 * @example finishReason(parse(text, options)) // { unified: 'tool-calls', raw: undefined }
 */
export function finishReason(result: ParseResult, reason?: SourceReason): FinishReason {
  return { unified: REASONS[deriveFinish(result.toolCalls.length, result.status, reason)], raw: undefined }
}

/**
 * A parsed message as the content of a generated step: text, reasoning and tool-call parts.
 *
 * @example toContent(parse(text, options)) // [{ type: 'tool-call', toolCallId: …, toolName: 'f', input: '{}' }]
 */
export function toContent(source: MessageSource, options: PartOptions = {}): ContentPart[] {
  const parts = createParts(options)
  // What joins to nothing else than these: the parts are all our own.
  return joinParts([...parts.push(eventsOf(source)), ...parts.close().parts]) as ContentPart[]
}

/**
 * Makes the stream parts of one step, for a provider of your own; the last is `finish`.
 *
 * @throws TypeError for options that are none of their words
 * @example
 * const parts = createStreamParts()
 * for await (const events of parseBatches(text, options)) send(parts.push(events))
 * send(parts.end({ reason: 'stop' }))
 */
export function createStreamParts(options: PartOptions = {}): Encoder<StreamPart, Usage> {
  const parts = createParts(options)
  let ended = false
  return {
    push: (events) => (ended ? [] : parts.push(events)),
    end(source = {}) {
      if (ended) return []
      ended = true
      const { parts: closing, end } = parts.close(source.reason)
      const reason: FinishReason = { unified: REASONS[end.finish], raw: undefined }
      const metadata = end.facts && { providerMetadata: { callsift: end.facts } }
      return [...closing, { type: 'finish', finishReason: reason, usage: source.usage ?? UNKNOWN_USAGE, ...metadata }]
    },
  }
}

/**
 * The same over batches of events, for `for await`.
 *
 * @example for await (const parts of streamParts(parseBatches(text, options))) for (const part of parts) controller.enqueue(part)
 */
export function streamParts(
  batches: AsyncIterable<Iterable<ParseEvent>> | Iterable<Iterable<ParseEvent>>,
  options: PartOptions & SourceEnd<Usage> = {},
): AsyncGenerator<StreamPart[], void, undefined> {
  return encodeBatches(batches, createStreamParts(options), options)
}

/** The options of a parser, but for the tool choice, which each request brings, and where tools are told. */
export interface ToolMiddlewareOptions extends Omit<ParserOptions, 'toolChoice'>, PartOptions {
  /**
   * How the model learns of its tools: they stay in the `request` (default: the server's chat template writes them), or
   * this middleware writes them into the `prompt`, with earlier calls and their results, and takes them out of the request.
   */
  toolsIn?: 'request' | 'prompt' | undefined
  /**
   * The tool choice that is sent on when tools stay in the request. `none` keeps a server from parsing calls itself, or
   * from refusing a request because it cannot. Default `keep`.
   */
  requestToolChoice?: 'keep' | 'none' | undefined
  /** Writes the system text for `toolsIn: 'prompt'`. */
  describeTools?: DescribeTools | undefined
  /**
   * How often the model is asked again in one step, where a call in its answer failed or does not fit its schema, with what it
   * wrote and what was wrong with it. The corrected answer goes on in the same step; calls go out whole then, once they are
   * complete. Default 0: never.
   */
  retry?: number | undefined
}

/** What the middleware reads of a call's options. */
export interface CallOptionsShape {
  prompt: readonly PromptMessage[]
  tools?: readonly { type: string; name: string }[] | undefined
  toolChoice?: { type: string; toolName?: string } | undefined
  providerOptions?: { readonly [provider: string]: { readonly [option: string]: unknown } | undefined } | undefined
}

interface StreamShape {
  stream: ReadableStream<ProviderPart>
}

/**
 * Makes the middleware. With no tools in the request (and none in the options) or tool choice `none`, calls stay text
 * and only reasoning is split off.
 *
 * @throws for options that are wrong, at once: see `createParser`; `toolsIn: 'prompt'` needs a format that can write calls
 * @example wrapLanguageModel({ model: provider('qwen3'), middleware: createToolMiddleware({ format: 'hermes' }) })
 */
export function createToolMiddleware(options: ToolMiddlewareOptions) {
  const { toolsIn = 'request', requestToolChoice = 'keep', describeTools: describe = describeTools } = options
  const { retry: limit = 0 } = options
  const callOptions = callOptionsOf(options)
  const parserOptions = parserOptionsOf(options)
  checkWord('toolsIn', toolsIn, ['request', 'prompt'])
  checkWord('requestToolChoice', requestToolChoice, ['keep', 'none'])
  if (!Number.isSafeInteger(limit) || limit < 0)
    throw new TypeError(`retry: expected a whole number from 0 on, got ${String(limit)}`)
  createParser(parserOptions)
  createParts(callOptions)
  if (toolsIn === 'prompt') exampleCall(options.format)
  // The tools of requests that went on without them, under the options that went on.
  const withdrawn = new WeakMap<object, ToolRequest>()

  /** The reader of one message. With a retry it may take several answers of the model. */
  function start(params: CallOptionsShape, whole: boolean, mayAsk: boolean) {
    const request = withdrawn.get(params) ?? toolRequest(params)
    const tools = options.tools ?? request.tools
    const toolChoice = Array.isArray(tools) && tools.length === 0 ? 'none' : request.toolChoice
    const words = (failed: ParseResult) => feedback(failed, { tools, format: options.format })
    const parallel = wantsOneCall(params) ? { parallelCalls: false } : {}
    const forCalls = { ...parserOptions, ...parallel, tools, toolChoice }
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

  return {
    specificationVersion: 'v3' as const,

    async transformParams<P extends CallOptionsShape>({ params }: { params: P }): Promise<P> {
      const request = toolRequest(params)
      const changed: CallOptionsShape = { ...params }
      if (toolsIn === 'request') {
        if (requestToolChoice === 'none' && request.tools.length > 0) changed.toolChoice = { type: 'none' }
      } else {
        changed.prompt = toolsIntoPrompt(params.prompt, request, options.format, describe)
        const rest = params.tools?.filter((tool) => tool.type !== 'function') ?? []
        if (rest.length > 0) changed.tools = rest
        else delete changed.tools
        delete changed.toolChoice
      }
      withdrawn.set(changed, request)
      return changed as P // the same fields, some with another value of their kind
    },

    async wrapGenerate<R extends StepShape, P extends CallOptionsShape>(call: {
      doGenerate: () => PromiseLike<R>
      params: P
      model?: { doGenerate(params: P): PromiseLike<R> }
    }): Promise<R> {
      const { params, model } = call
      const result = await call.doGenerate()
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
      model?: { doStream(params: P): PromiseLike<R> }
    }): Promise<R> {
      const { params, model } = call
      const result = await call.doStream()
      let asked = params
      const step = start(params, false, model !== undefined)()
      const ask = async (correction: Correction) => {
        asked = askedAgain(asked, correction)
        return (await settled(model?.doStream(asked)))?.stream
      }
      return { ...result, stream: result.stream.pipeThrough(streamStep(step, ask)) }
    },
  }
}

/** The options that are the parser's: it refuses those it does not know. A policy or a retry may need what it finds out. */
function parserOptionsOf(options: ToolMiddlewareOptions): ParserOptions {
  const { toolsIn, requestToolChoice, describeTools, retry = 0, ...others } = options
  const { callIds, incompleteCalls, failedCalls, policy, onNotes, feedback, facts, ...parserOptions } = others
  const needsIssues = retry > 0 || readPolicy(policy)?.needsIssues === true
  return needsIssues ? { ...parserOptions, validate: true } : parserOptions
}

/** Whether the request asks its provider for one call at a time, in the words of OpenAI's or Anthropic's. */
function wantsOneCall({ providerOptions = {} }: CallOptionsShape): boolean {
  return Object.values(providerOptions).some(
    (options) => options?.parallelToolCalls === false || options?.disableParallelToolUse === true,
  )
}

/** The options that are given: one that is left out leaves ours. */
function defined(options: CallOptions): CallOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

function checkWord(name: string, value: string, words: string[]): void {
  if (!words.includes(value)) throw new TypeError(`${name}: expected ${words.join(' or ')}, got ${String(value)}`)
}

function toolRequest({ tools = [], toolChoice }: CallOptionsShape): ToolRequest {
  const functions = tools.filter((tool): tool is FunctionTool => tool.type === 'function' && 'inputSchema' in tool)
  return { tools: functions, toolChoice: choiceOf(toolChoice) }
}

function choiceOf(choice: CallOptionsShape['toolChoice']): ToolRequest['toolChoice'] {
  if (choice?.type === 'none' || choice?.type === 'required') return choice.type
  return choice?.type === 'tool' && choice.toolName !== undefined ? { name: choice.toolName } : 'auto'
}
