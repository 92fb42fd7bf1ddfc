import { Template } from '@huggingface/jinja'
import { ENGINES, flagsOf } from '../../detect/engines.js'
import { aboutModel, createRegistry, formats, getFormat } from '../../index.js'
import { createMatchSigns } from '../../proxy/replies/choose-format.js'
import { askCard, askEngine, type EngineFacts, type Get, type ServedModel } from '../../proxy/upstream/engine.js'
import { type UpstreamBase, upstreamUrl } from '../../proxy/wire/route.js'
import type { EngineReport, ModelReport, Wrong } from '../output/engine-report.js'
import { textOf } from './engine-requests.js'

/** How long an engine may take for each answer about itself (milliseconds), and most bytes of one. */
const PATIENCE = 3000
const MOST = 4 * 1024 * 1024
/** No more models of one engine are told of. */
const MOST_MODELS = 8

/** Renders a chat template. */
export function renderTemplate(template: string, context: Record<string, unknown>): string {
  return new Template(template).render(context)
}

/** What is known before the engine is asked. */
export interface LookOptions {
  readonly apiKey?: string | undefined
  /** The one model that matters; default: all. */
  readonly model?: string | undefined
  /** A person has named the format, so nobody has to tell it. */
  readonly hasFormat?: boolean | undefined
}

/**
 * Asks an engine what it serves, and finds the format of each model. What it does not answer is not there: nothing throws.
 *
 * @example await lookAtEngine(readUpstream('http://localhost:8000/v1'))
 */
export async function lookAtEngine(
  base: UpstreamBase,
  { apiKey, model: wanted, hasFormat = false }: LookOptions = {},
): Promise<EngineReport> {
  const get = getFrom(base, apiKey)
  const facts = await askEngine(get)
  const chosen = facts.models.filter(({ id }) => wanted === undefined || id === wanted).slice(0, MOST_MODELS)
  const served = facts.engine === 'ollama' ? await Promise.all(chosen.map((model) => askCard(get, model))) : chosen
  const matchSigns = createMatchSigns(createRegistry(formats()), renderTemplate)
  const models = served.map(({ id, names, template }): ModelReport => {
    const match = matchSigns({ names: [id, ...names], template })
    const others = [...new Set(names)].filter((name) => name !== id)
    if (match === undefined) return { id, names: others }
    const { format, why, startInReasoning } = match
    return { id, names: others, format, why, ...(startInReasoning === undefined ? {} : { startInReasoning }) }
  })
  return {
    ...(facts.engine && { engine: ENGINES[facts.engine].title }),
    ...(facts.version && { version: facts.version }),
    models,
    wrong: [
      ...wrongWithList(facts, base, wanted),
      ...served.flatMap((model, i) => wrongWith(facts, model, models[i], hasFormat)),
    ],
  }
}

function getFrom(base: UpstreamBase, apiKey: string | undefined): Get {
  return async (path, body) => {
    const headers = new Headers({ accept: 'application/json' })
    if (apiKey !== undefined) headers.set('authorization', `Bearer ${apiKey}`)
    const init: RequestInit = { headers, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE) }
    if (body !== undefined) {
      headers.set('content-type', 'application/json')
      Object.assign(init, { method: 'POST', body: JSON.stringify(body) })
    }
    try {
      const response = await fetch(upstreamUrl(base, path), init)
      return response.status === 200 ? await textOf(response, MOST) : ''
    } catch {
      return ''
    }
  }
}

function wrongWithList({ engine, models }: EngineFacts, { api }: UpstreamBase, wanted: string | undefined): Wrong[] {
  if (models.length === 0 && engine === undefined) {
    const what = `${api}/models lists no model`
    return [{ what, mend: 'is the engine running, does the URL end in /v1, and does it want a key (--api-key-env)?' }]
  }
  if (wanted === undefined || models.some(({ id }) => id === wanted)) return []
  const ids = models.map(({ id }) => JSON.stringify(id)).join(', ')
  return [{ what: `the engine does not serve the model ${JSON.stringify(wanted)}`, mend: `name one of: ${ids}` }]
}

function wrongWith(
  facts: EngineFacts,
  { id, template }: ServedModel,
  report: ModelReport | undefined,
  hasFormat: boolean,
): Wrong[] {
  const wrong: Wrong[] = []
  const name = JSON.stringify(id)
  if (report?.format === undefined) {
    if (hasFormat) return wrong
    const about = [id, ...(report?.names ?? [])]
      .map((one) => aboutModel(one))
      .find(({ verdict }) => verdict !== 'unknown')
    const what = about === undefined ? `the format of ${name} is not known` : about.says
    wrong.push({
      what,
      mend: 'callsift proxy --format FORMAT (callsift detect finds it from a text, callsift formats lists all)',
    })
    return wrong
  }
  const { format } = report
  if (template !== undefined && !/tools/i.test(template)) {
    const mend =
      facts.engine === 'ollama'
        ? 'add a TEMPLATE with .Tools to the Modelfile'
        : 'pass --chat-template-file with the tool template of the model’s makers'
    wrong.push({ what: `the chat template of ${name} does not list the tools for the model`, mend })
  }
  if (facts.engine !== 'sglang' || !facts.toolParser) return wrong
  const right = flagsOf(getFormat(format).flags, 'sglang')
  if (!right.includes(facts.toolParser)) {
    const instead = right[0] === undefined ? '' : `, or set --tool-call-parser ${right[0]}`
    const what = `SGLang reads calls as ${facts.toolParser}, and ${name} writes ${format}`
    wrong.push({ what, mend: `leave out --tool-call-parser and let callsift read them${instead}` })
  }
  return wrong
}
