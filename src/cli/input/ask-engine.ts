import { clip, oneLine } from '../output/screen-text.js'
import { UsageError } from '../verb.js'
import { MOST_TOKENS, QUESTION, readEngineUrl, TOOL, textOf, whyFailed } from './engine-requests.js'
import { asObject, asText, type Fields, parseObject } from './fields.js'

/** A request as an engine takes it, and where to. */
export interface Question {
  readonly path: '/chat/completions' | '/completions'
  readonly body: Fields
}

const MOST_BYTES = 64 * 1024 * 1024

/** Whether a word of the command is an engine and no file. */
export function isUrl(word: string): boolean {
  return /^https?:\/\//i.test(word)
}

/**
 * The request of a file as a question for another engine; undefined for a file that holds none.
 *
 * @example questionIn({ prompt: 'Hi' })?.path // '/completions'
 */
export function questionIn(request: Fields | undefined): Question | undefined {
  if (Array.isArray(request?.messages)) return { path: '/chat/completions', body: request }
  return request?.prompt === undefined ? undefined : { path: '/completions', body: request }
}

/** A harmless question with a tool, for engines that are compared by nothing else. */
const HARMLESS: Question = {
  path: '/chat/completions',
  body: {
    messages: [{ role: 'user', content: QUESTION }],
    tools: [TOOL],
    temperature: 0,
    max_tokens: MOST_TOKENS,
    skip_special_tokens: false,
  },
}

/**
 * Asks an engine and gives its answer as it came. The model is the one that is named, else that of the question, else the first
 * that the engine lists.
 *
 * @throws UsageError for an engine that gives no answer, with what it said
 * @example await askEngine('http://localhost:8000/v1', undefined, { model: 'm', apiKey: undefined, patience: 60_000 })
 */
export async function askEngine(
  url: string,
  { path, body }: Question = HARMLESS,
  { model: named, apiKey, patience }: { model: string | undefined; apiKey: string | undefined; patience: number },
): Promise<string> {
  const { api } = readEngineUrl(url)
  const headers = new Headers({ 'content-type': 'application/json' })
  if (apiKey !== undefined) headers.set('authorization', `Bearer ${apiKey}`)
  async function send(where: string, init: RequestInit): Promise<string> {
    let said: string
    let status: number
    try {
      const signal = AbortSignal.timeout(patience)
      const response = await fetch(api + where, { ...init, headers, signal, redirect: 'manual' })
      status = response.status
      said = await textOf(response, MOST_BYTES)
    } catch (error) {
      throw new UsageError(`${api}${where}: ${whyFailed(error)}. Is the engine running?`)
    }
    if (status === 200) return said
    throw new UsageError(`${api}${where}: status ${status}: ${clip(oneLine(said), 300)} (--model names another model)`)
  }
  const model = named ?? asText(body.model) ?? firstOf(parseObject(await send('/models', {})))
  return send(path, { method: 'POST', body: JSON.stringify({ ...body, model }) })
}

function firstOf(models: Fields | undefined): string | undefined {
  return Array.isArray(models?.data) ? asText(asObject(models.data[0])?.id) : undefined
}
