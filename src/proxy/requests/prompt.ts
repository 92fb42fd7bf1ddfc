import type { MakePrompt } from '../settings/options.js'
import { isObject, type JsonObject, readJson, without } from '../wire/json.js'
import { Problem } from '../wire/problem.js'

/** Fields of a chat request that only its template needs. Text completions do not take them. */
const TEMPLATE_FIELDS = [
  'messages',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'chat_template',
  'chat_template_kwargs',
  'add_generation_prompt',
  'continue_final_message',
  'reasoning_effort',
  'documents',
]
const MOVED_FIELDS = ['max_completion_tokens', 'logprobs', 'top_logprobs', 'functions', 'function_call']

/** Asks the upstream something beside the path of completions; gives its reply as text. */
export type AskUpstream = (path: string, body: JsonObject) => Promise<{ status: number; text: string }>

/** Where engines render a chat template, and under which name the prompt comes back. */
const ENGINES = {
  vllm: { path: '/tokenize', field: 'tokens' },
  llamacpp: { path: '/apply-template', field: 'prompt' },
} as const

/** The engine's own answer, where it refuses to render a prompt. */
export class Refused extends Error {
  override name = 'Refused'
  constructor(
    readonly status: number,
    readonly text: string,
  ) {
    super('the upstream refused to render the prompt')
  }
}

/**
 * A chat request as one of text completions.
 *
 * @throws Refused with the engine's answer; Problem for an engine that does not know the way
 * @example await completionRequest(request, 'llamacpp', ask) // { prompt: '<|im_start|>…', … }
 */
export async function completionRequest(
  request: JsonObject,
  prompt: 'vllm' | 'llamacpp' | MakePrompt,
  ask: AskUpstream,
): Promise<JsonObject> {
  const made = typeof prompt === 'function' ? await prompt(request) : await renderedBy(prompt, request, ask)
  const { max_completion_tokens: most, logprobs, top_logprobs: tops } = request
  return {
    ...without(request, [...TEMPLATE_FIELDS, ...MOVED_FIELDS]),
    prompt: made,
    ...(typeof most === 'number' ? { max_tokens: most } : {}),
    ...(logprobs === true ? { logprobs: typeof tops === 'number' ? tops : 0 } : {}),
  }
}

async function renderedBy(
  engine: 'vllm' | 'llamacpp',
  request: JsonObject,
  ask: AskUpstream,
): Promise<string | number[]> {
  const { path, field } = ENGINES[engine]
  const template = Object.entries(request).filter(([key]) => key === 'model' || TEMPLATE_FIELDS.includes(key))
  const { status, text } = await ask(path, { ...Object.fromEntries(template), add_generation_prompt: true })
  if (status !== 200) throw new Refused(status, text)
  const body = readJson(text)
  const prompt = isObject(body) ? body[field] : undefined
  if (typeof prompt === 'string' || Array.isArray(prompt)) return prompt
  throw new Problem(
    'upstream_invalid',
    `${path} of the upstream gave no ${field}; is the upstream ${engine}? (option prompt)`,
  )
}
