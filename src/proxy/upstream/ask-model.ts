import { refusesToolChoice } from '../../adapters/message/raw-text.js'
import type { FormatMatch } from '../../detect/match.js'
import type { Format } from '../../engine/format.js'
import type { Recorder } from '../metrics/capture.js'
import { type RequestChanges, upstreamBody } from '../requests/chat-request.js'
import { completionRequest } from '../requests/prompt.js'
import type { ProxySettings } from '../settings/options.js'
import { type JsonObject, objectsOf } from '../wire/json.js'
import { upstreamUrl } from '../wire/route.js'
import type { Upstream } from './ask.js'
import { type Constraining, constraintFields, wantsConstraint } from './constrain.js'
import type { Get } from './engine.js'
import type { createModelNames } from './model-names.js'
import type { UpstreamReply } from './transport.js'

/** Who counted the tokens of a prompt: the engine, or nobody. */
export type TokenCounter = 'upstream' | 'vllm' | 'llamacpp' | 'sglang' | 'estimate'

/** What conversations with models share: the settings, and what was learnt of the upstream. */
export interface Shared {
  readonly settings: ProxySettings
  readonly modelNames: ReturnType<typeof createModelNames>
  /** Finds the format of a model by its names and its template. */
  readonly matchSigns: (signs: ModelSigns) => FormatMatch | undefined
  /** Opens a way to the upstream, which ends with the client. */
  openUpstream(gone: AbortSignal, recorder: Recorder | undefined): Upstream
  /** The upstream has refused tool choices for lack of a parser. */
  refusesToolChoice: boolean
  /** Who counts tokens here, and how long that holds. */
  readonly counting: { by: TokenCounter | undefined; until: number }
  /** Told how long a chunk took, in milliseconds. */
  added(ms: number): void
  /** Told of what a person should know of the upstream. */
  hint(message: string): void
}

/** How long a request waits for what the engine says of its models (milliseconds), and most bytes of each answer. */
const LOOK_TIMEOUT = 2000
const MOST_LOOKED = 4 * 1024 * 1024

/** What tells the format of a model. */
export interface ModelSigns {
  /** Its names: that of the request, that of its rule, and those that the engine knows it by. */
  readonly names: readonly string[]
  /** Its chat template, where the engine has told it. */
  readonly template?: string | undefined
}

/**
 * The signs of a model, by which its format may be known. The engine is asked only if the client's own name says nothing, or
 * not whether the prompt opens the reasoning, and it matters.
 *
 * @example await signsOf(shared, 'my-model', undefined, upstream, headers) // { names: ['my-model', 'Qwen/Qwen3-8B'] }
 */
export async function signsOf(
  { settings, modelNames }: Shared,
  model: string,
  upstreamModel: string | undefined,
  upstream: Upstream,
  headers: Headers,
): Promise<ModelSigns> {
  const names = upstreamModel === undefined ? [model] : [model, upstreamModel]
  const rule = settings.findRule(model)
  if (settings.format !== 'auto' || (rule?.format ?? 'auto') !== 'auto') return { names }
  const [match] = names.flatMap((name) => settings.registry.formatForModel(name).slice(0, 1))
  const begins = rule?.startInReasoning ?? settings.startInReasoning ?? match?.startInReasoning
  if (match !== undefined && begins !== undefined) return { names }
  const served = await modelNames.served(upstreamModel ?? model, glances(settings, upstream, headers))
  return served === undefined ? { names } : { names: [...names, ...served.names], template: served.template }
}

/** Asks the engine what is good to know of it, and waits for so long in all. */
function glances(settings: ProxySettings, upstream: Upstream, headers: Headers): Get {
  const end = performance.now() + LOOK_TIMEOUT
  return (path, body) => {
    const request = {
      url: upstreamUrl(settings.upstream, path),
      method: body === undefined ? 'GET' : 'POST',
      headers,
      body: body && JSON.stringify(body),
    }
    const rest = end - performance.now()
    return rest > 0 ? upstream.glance(request, rest, MOST_LOOKED) : Promise.resolve('')
  }
}

/**
 * The chat request with what holds the engine to the calls of the format, where the request wants that.
 *
 * @example await constrained(shared, chat, { format: 'hermes', rules, startInReasoning: false }, upstream, headers)
 */
export async function constrained(
  { settings, modelNames, hint }: Shared,
  chat: JsonObject,
  { format, ...what }: Omit<Constraining, 'engine' | 'format'> & { readonly format: string | Format },
  upstream: Upstream,
  headers: Headers,
): Promise<JsonObject> {
  if (!wantsConstraint(chat, what.rules)) return chat
  const engine = await modelNames.engine(glances(settings, upstream, headers))
  return { ...chat, ...constraintFields({ ...what, format: formatOf(settings, format), engine }, hint) }
}

function formatOf({ registry }: ProxySettings, format: string | Format): Format | undefined {
  if (typeof format !== 'string') return format
  return format === 'auto' ? undefined : registry.getFormat(format)
}

/**
 * Asks the model. An upstream that refuses the tool choice for lack of a parser is asked once more, and from then on,
 * with `none`: it then leaves the calls in the text, where they are read here.
 *
 * @throws Problem, or Refused for a prompt that the engine does not render
 * @example const reply = await askModel(shared, chat, changes, upstream, headers)
 */
export async function askModel(
  shared: Shared,
  chat: JsonObject,
  changes: Omit<RequestChanges, 'noToolChoice'>,
  upstream: Upstream,
  headers: Headers,
): Promise<UpstreamReply> {
  const { settings } = shared
  const { upstreamToolChoice, upstreamApi, prompt } = settings
  const send = async (noToolChoice: boolean): Promise<UpstreamReply> => {
    let body = upstreamBody(chat, { ...changes, noToolChoice })
    let path = '/chat/completions'
    if (upstreamApi === 'completions' && prompt !== undefined) {
      path = '/completions'
      body = await completionRequest(body, prompt, async (where, template) => {
        const url = settings.upstream.root + where
        const reply = await upstream.ask({ url, method: 'POST', headers, body: JSON.stringify(template) })
        return { status: reply.status, text: await upstream.read(reply) }
      })
    }
    return upstream.ask({ url: settings.upstream.api + path, method: 'POST', headers, body: JSON.stringify(body) })
  }

  const noToolChoice = upstreamToolChoice === 'none' || (upstreamToolChoice === 'auto' && shared.refusesToolChoice)
  const reply = await send(noToolChoice)
  if (reply.status !== 400 || upstreamToolChoice !== 'auto' || noToolChoice || objectsOf(chat.tools).length === 0)
    return reply
  const text = await upstream.read(reply)
  if (!refusesToolChoice(reply.status, text)) return { ...reply, body: bytesOf(text) }
  shared.refusesToolChoice = true
  shared.hint('the upstream has no parser for tool calls: requests use tool_choice none from now on')
  return send(true)
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield new TextEncoder().encode(text)
}
