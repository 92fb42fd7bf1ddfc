import type { CallOptions, FailedCalls, IncompleteCalls } from '../../adapters/message/call-options.js'
import { type CallPolicy, readPolicy } from '../../adapters/message/call-policy.js'
import { KEEP_TEXT } from '../../adapters/message/raw-text.js'
import type { RenderTemplate } from '../../detect/template.js'
import type { Format } from '../../engine/format.js'
import type { ParserOptions } from '../../engine/options.js'
import { nearNames } from '../../formats/near-names.js'
import type { Registry } from '../../formats/registry.js'
import type { Capture } from '../metrics/capture.js'
import type { Log } from '../metrics/log.js'
import type { Bell } from '../wire/bell.js'
import type { CredentialRules } from '../wire/headers.js'
import { isObject, type JsonObject } from '../wire/json.js'
import { readOrigins } from '../wire/origins.js'
import { readUpstream, type UpstreamBase } from '../wire/route.js'
import { type FindRule, type ModelRules, readFormat, readModelRules } from './model-rules.js'
import { callable, count, countFromZero, flag, key, milliseconds, word, wrong } from './read-option.js'
import { type MakePrompt, readParserOptions, readPrompt, readStop } from './read-parts.js'

export type { MakePrompt } from './read-parts.js'

/** Options of the proxy. Only `upstream` is needed. Wrong ones throw when the proxy is made. */
export interface ProxyOptions {
  /** Base URL of an OpenAI-compatible server, such as `http://localhost:8000/v1`. */
  upstream: string | URL
  /** What the upstream is asked: `chat` (default) completions, or text `completions`, with prompts from `prompt`. */
  upstreamApi?: 'chat' | 'completions' | undefined
  /** For `completions`: who renders the chat template. `vllm` by `/tokenize`, `llamacpp` by `/apply-template`, or a function. */
  prompt?: 'vllm' | 'llamacpp' | MakePrompt | undefined
  /** The upstream's key, sent as a bearer token in place of whatever the client sent. */
  apiKey?: string | undefined
  /** Pass the client's own credentials on to the upstream. Default false: they stay here. */
  forwardCredentials?: boolean | undefined
  /**
   * A key that clients must send, as `authorization: Bearer …` or `x-api-key`. Default: none, so whoever reaches the proxy
   * may use it. `/health` needs none.
   */
  clientKey?: string | undefined
  /**
   * Origins of web pages that may use the proxy, such as `http://localhost:3000`, `app://obsidian.md` or `null` (pages from
   * a file; any page can pass for one). `*` for all, only with a `clientKey`. Default: none but the proxy's own.
   */
  allowedOrigins?: readonly string[] | undefined
  /**
   * The format of all models without a rule. Default `auto`: by the model's name, else by what the engine says of the model
   * (its template, its repository, its file), else by the first marker in the text.
   */
  format?: string | Format | undefined
  /**
   * Renders chat templates, as `(template, context) => new Template(template).render(context)` of @huggingface/jinja does. With it
   * the template that an engine tells decides the format of a model whose name says nothing; without, its markers.
   */
  renderTemplate?: RenderTemplate | undefined
  /** Rules by model name. */
  models?: ModelRules | undefined
  /** The prompt opens the reasoning block. Default: what is known of the model's name. */
  startInReasoning?: boolean | undefined
  /** Options of the parser, for all models. */
  parser?:
    | Pick<
        ParserOptions,
        | 'callsInReasoning'
        | 'damaged'
        | 'separators'
        | 'repair'
        | 'coerce'
        | 'parallelCalls'
        | 'validate'
        | 'trust'
        | 'limits'
      >
    | undefined
  /**
   * What streams show of calls before they are known to be whole: `omit` (default) nothing, `mark` the arguments as they
   * are written, with an end that is no JSON where the call turns out cut off or spoilt. Whole replies hold no such calls.
   */
  incompleteCalls?: IncompleteCalls | undefined
  /**
   * What becomes of a call in the text that is not to be run: `omit` (default) nothing of it, `report` it is told in the way
   * of the wire (an incomplete item on Responses, text on the others), `text` a sentence in the content.
   */
  failedCalls?: FailedCalls | undefined
  /**
   * Which calls in the text may go out: `cautious`, or rules for `evidence`, `known`, `repairs` and `issues`. Others count as
   * failed. Where repairs or issues are judged, a call goes out whole, in one delta, once it is complete. Default: all.
   */
  policy?: CallPolicy | undefined
  /** Whether replies carry the member `callsift`: what is known of their calls, and which failed. Default `add`. */
  facts?: 'add' | 'none' | undefined
  /**
   * How often the model is asked again about one reply, where a call in its answer failed or does not fit its schema, with
   * what it wrote and what was wrong with it. The corrected answer goes on in the same reply. Calls go out whole then, once
   * they are complete. Default 0: never.
   */
  retry?: number | undefined
  /** The key of reasoning in chat completions. Default `reasoning_content`. */
  reasoningKey?: 'reasoning_content' | 'reasoning' | 'none' | undefined
  /**
   * What the upstream is told about the tool choice. `auto` (default): what the client says, and `none` once the upstream
   * has refused for lack of a parser, as vLLM does. `none`: always `none`, which also switches off a parser that vLLM has.
   * `pass`: what the client says.
   */
  upstreamToolChoice?: 'auto' | 'none' | 'pass' | undefined
  /**
   * Hold the engine to the calls of the format by a grammar, where a call is required or a tool is `strict`: vLLM and SGLang by a
   * structural tag, llama.cpp by GBNF. Which engine it is, it is asked. Default false.
   */
  constrain?: boolean | undefined
  /** Fields set in each request to the upstream; null removes one. Default `skip_special_tokens: false` and the like. */
  upstreamFields?: Readonly<JsonObject> | undefined
  /** Most bytes of a request. Default 32 MiB. */
  bodyLimit?: number | undefined
  /** Most bytes of all requests that are held at once, until the upstream answers them. Default four times `bodyLimit`. */
  bodiesLimit?: number | undefined
  /** Most requests that are being answered at once, streams above all. Default 10,000. */
  maxStreams?: number | undefined
  /** Milliseconds that a client has to send its request. Default 120,000. */
  requestTimeout?: number | undefined
  /** Milliseconds after which a client that takes nothing more of its reply is cut off. Default 120,000. */
  writeTimeout?: number | undefined
  /** Most bytes of a reply that is not streamed, and most characters of one event. Default 64 MiB. */
  replyLimit?: number | undefined
  /** Milliseconds of silence after which a stream gets a comment. Default 10,000; `false`: never. */
  keepAlive?: number | false | undefined
  /** Milliseconds without a byte from the upstream after which it counts as dead. Default 600,000. */
  timeout?: number | undefined
  /** Gets a record for each request. Default: nobody. */
  log?: Log | undefined
  /** Put the raw text of the model into the records. Default false. */
  logContents?: boolean | undefined
  /**
   * Gets a capture of each exchange on one of the wires, once it is over: the request without credentials, the raw answers
   * of the upstream with times, and what was made of them. It holds the texts of messages. What it throws is told in the log, once.
   */
  record?: ((capture: Capture) => void) | undefined
  /** Most characters of one capture; the rest is left out. Default 16 Mi; 16 times that for all that are held at once. */
  recordLimit?: number | undefined
  /** What `/metrics` says, where several processes answer as one. Default: the numbers of this one. */
  metrics?: (() => Promise<string>) | undefined
  /** Formats other than the library's own. */
  registry?: Registry | undefined
  /** Default: the platform's. */
  fetch?: typeof fetch | undefined
  /** When it fires, running replies are ended as cut off and new requests refused. */
  stop?: AbortSignal | undefined
}

/** The options, checked and with their defaults. */
export interface ProxySettings {
  readonly upstream: UpstreamBase
  readonly upstreamApi: 'chat' | 'completions'
  readonly prompt: 'vllm' | 'llamacpp' | MakePrompt | undefined
  readonly credentials: CredentialRules
  readonly allowedOrigins: ReadonlySet<string>
  readonly format: string | Format
  readonly renderTemplate: RenderTemplate | undefined
  readonly findRule: FindRule
  readonly startInReasoning: boolean | undefined
  readonly parser: Omit<ParserOptions, 'format'>
  readonly calls: Pick<CallOptions, 'incompleteCalls' | 'failedCalls' | 'policy' | 'facts'>
  readonly retry: number
  readonly reasoningKey: 'reasoning_content' | 'reasoning' | 'none'
  readonly upstreamToolChoice: 'auto' | 'none' | 'pass'
  readonly constrain: boolean
  readonly upstreamFields: Readonly<JsonObject>
  readonly bodyLimit: number
  readonly bodiesLimit: number
  readonly maxStreams: number
  readonly requestTimeout: number
  readonly writeTimeout: number
  readonly replyLimit: number
  readonly keepAlive: number
  readonly timeout: number
  readonly log: Log | undefined
  readonly logContents: boolean
  readonly record: ((capture: Capture) => void) | undefined
  readonly recordLimit: number
  readonly metrics: (() => Promise<string>) | undefined
  readonly registry: Registry
  readonly stop: Bell
}

/** Names of all options, for messages. Spelt as a record so that the compiler sees one that is missing. */
const NAMES: Readonly<Record<keyof ProxyOptions, true>> = {
  upstream: true,
  upstreamApi: true,
  prompt: true,
  apiKey: true,
  forwardCredentials: true,
  clientKey: true,
  allowedOrigins: true,
  format: true,
  renderTemplate: true,
  models: true,
  startInReasoning: true,
  parser: true,
  incompleteCalls: true,
  failedCalls: true,
  policy: true,
  facts: true,
  retry: true,
  reasoningKey: true,
  upstreamToolChoice: true,
  constrain: true,
  upstreamFields: true,
  bodyLimit: true,
  bodiesLimit: true,
  maxStreams: true,
  requestTimeout: true,
  writeTimeout: true,
  replyLimit: true,
  keepAlive: true,
  timeout: true,
  log: true,
  logContents: true,
  record: true,
  recordLimit: true,
  metrics: true,
  registry: true,
  fetch: true,
  stop: true,
}
const MEBIBYTE = 1024 * 1024

/**
 * Checks the options.
 *
 * @throws TypeError that names the option, what it got and what it takes
 * @example readProxyOptions({ upstream: 'http://localhost:8000/v1' }, registry).timeout // 600000
 */
export function readProxyOptions(options: ProxyOptions, allFormats: Registry): ProxySettings {
  if (!isObject(options))
    throw new TypeError("options: expected an object such as { upstream: 'http://localhost:8000/v1' }")
  for (const key of Object.keys(options)) if (!Object.hasOwn(NAMES, key)) throw new TypeError(unknown(key))
  const registry = options.registry ?? allFormats
  const { keepAlive, upstreamFields } = options
  const api = word('upstreamApi', options.upstreamApi, ['chat', 'completions'])
  const apiKey = key('apiKey', options.apiKey)
  const clientKey = key('clientKey', options.clientKey)
  const retry = countFromZero('retry', options.retry, 0)
  const bodyLimit = count('bodyLimit', options.bodyLimit, 32 * MEBIBYTE)
  const bodiesLimit = count('bodiesLimit', options.bodiesLimit, 4 * bodyLimit)
  if (bodiesLimit < bodyLimit)
    throw new TypeError(`bodiesLimit: expected at least bodyLimit (${bodyLimit}), got ${bodiesLimit}`)
  if (apiKey !== undefined && options.forwardCredentials === true) {
    throw new TypeError(
      "forwardCredentials: leave it out where apiKey is given; the upstream can take only one of the client's key and apiKey",
    )
  }
  if (upstreamFields !== undefined && !isObject(upstreamFields))
    throw wrong('upstreamFields', 'an object of request fields', upstreamFields)
  return {
    upstream: readUpstream(options.upstream),
    upstreamApi: api,
    prompt: readPrompt(options.prompt, api),
    credentials: { apiKey, clientKey, forward: flag('forwardCredentials', options.forwardCredentials) ?? false },
    allowedOrigins: readOrigins(options.allowedOrigins, clientKey),
    format: readFormat('format', options.format, registry) ?? 'auto',
    renderTemplate: callable('renderTemplate', options.renderTemplate),
    findRule: readModelRules(options.models, registry),
    startInReasoning: flag('startInReasoning', options.startInReasoning),
    parser: readParserOptions(options.parser, retry > 0 || readPolicy(options.policy)?.needsIssues === true),
    calls: {
      incompleteCalls: word<IncompleteCalls>('incompleteCalls', options.incompleteCalls, ['omit', 'mark']),
      failedCalls: word<FailedCalls>('failedCalls', options.failedCalls, ['omit', 'report', 'text']),
      policy: options.policy,
      facts: word<'add' | 'none'>('facts', options.facts, ['add', 'none']),
    },
    retry,
    reasoningKey: word('reasoningKey', options.reasoningKey, ['reasoning_content', 'reasoning', 'none']),
    upstreamToolChoice: word('upstreamToolChoice', options.upstreamToolChoice, ['auto', 'none', 'pass']),
    constrain: flag('constrain', options.constrain) ?? false,
    upstreamFields: { ...KEEP_TEXT, ...upstreamFields },
    bodyLimit,
    bodiesLimit,
    maxStreams: count('maxStreams', options.maxStreams, 10_000),
    requestTimeout: milliseconds('requestTimeout', options.requestTimeout, 120_000),
    writeTimeout: milliseconds('writeTimeout', options.writeTimeout, 120_000),
    replyLimit: count('replyLimit', options.replyLimit, 64 * MEBIBYTE),
    keepAlive: keepAlive === false ? Number.POSITIVE_INFINITY : count('keepAlive', keepAlive, 10_000),
    timeout: count('timeout', options.timeout, 600_000),
    log: callable('log', options.log),
    logContents: flag('logContents', options.logContents) ?? false,
    record: callable('record', options.record),
    recordLimit: count('recordLimit', options.recordLimit, 16 * MEBIBYTE),
    metrics: callable('metrics', options.metrics),
    registry,
    stop: readStop(options.stop),
  }
}

function unknown(key: string): string {
  const names = Object.keys(NAMES)
  const near = nearNames(key, names)
  return `${key}: no such option; ${near.length > 0 ? `did you mean ${near.join(' or ')}?` : `options are ${names.join(', ')}`}`
}
