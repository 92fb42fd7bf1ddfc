import { isObject, type JsonObject, objectsOf, readJson } from '../wire/json.js'

/** An engine that says what it serves. */
export type EngineId = 'vllm' | 'sglang' | 'llamacpp' | 'ollama'

/** A model that an engine serves, with whatever tells its format. */
export interface ServedModel {
  /** What clients call it. */
  readonly id: string
  /** What else it is called: a repository, a path, the name in its file. The best first, and then the id. */
  readonly names: readonly string[]
  readonly template: string | undefined
}

/** What an engine says of itself. What it does not say is undefined. */
export interface EngineFacts {
  readonly engine: EngineId | undefined
  readonly version: string | undefined
  readonly models: readonly ServedModel[]
  /** The parsers of calls and of reasoning that it was started with; an empty text for none. */
  readonly toolParser: string | undefined
  readonly reasoningParser: string | undefined
}

/** Asks the engine: the text of the answer, empty for any trouble. A path under `/v1` lies under the base of its API. */
export type Get = (path: string, body?: JsonObject) => Promise<string>

/** How engines sign the models in their lists. */
const OWNERS: Readonly<Record<string, EngineId>> = {
  vllm: 'vllm',
  sglang: 'sglang',
  llamacpp: 'llamacpp',
  library: 'ollama',
}

/** No more models of one engine are looked at. */
const MOST_MODELS = 64

/**
 * Asks an engine what it serves: its list of models, and what it keeps beside that. llama.cpp has the chat template
 * (`/props`), vLLM the repository (`root`), SGLang the repository and its parsers. Ollama has a card for each (`askCard`).
 *
 * @example (await askEngine(get)).engine // 'vllm'
 */
export async function askEngine(get: Get): Promise<EngineFacts> {
  const ask = jsonBy(get)
  const listed = objectsOf((await ask('/v1/models')).data).slice(0, MOST_MODELS)
  const owner = listed.map(({ owned_by: by }) => OWNERS[String(by)]).find((engine) => engine !== undefined)
  const looks: Promise<Partial<EngineFacts>>[] = []
  if (owner === 'vllm') looks.push(lookAtVllm(ask))
  if (owner === undefined || owner === 'llamacpp') looks.push(lookAtLlamaCpp(ask))
  if (owner === undefined || owner === 'sglang') looks.push(lookAtSglang(ask))
  if (owner === undefined || owner === 'ollama') looks.push(lookAtOllama(ask))
  const found = await Promise.all(looks)
  const said = found.find(({ engine }) => engine !== undefined) ?? {}
  return {
    engine: said.engine ?? owner,
    version: said.version,
    models: models(listed, said.models ?? []),
    toolParser: said.toolParser,
    reasoningParser: said.reasoningParser,
  }
}

/** The models of the list, with what the engine says of them beside it. What it says without an id is of its one model. */
function models(listed: readonly JsonObject[], said: readonly ServedModel[]): ServedModel[] {
  const all = listed.flatMap(({ id, root }): ServedModel[] => {
    if (typeof id !== 'string') return []
    const own = said.find((one) => one.id === id || (one.id === '' && listed.length === 1))
    return [{ id, names: [...textsOf(root), ...(own?.names ?? []), id], template: own?.template }]
  })
  return all.length > 0 ? all : said.map((one) => ({ ...one, names: [...one.names, ...textsOf(one.id)] }))
}

type Ask = (path: string, body?: JsonObject) => Promise<JsonObject>

function jsonBy(get: Get): Ask {
  return async (path, body) => {
    const answer = readJson(await get(path, body))
    return isObject(answer) ? answer : {}
  }
}

async function lookAtVllm(ask: Ask): Promise<Partial<EngineFacts>> {
  const { version } = await ask('/version')
  return { engine: 'vllm', version: textOf(version) }
}

async function lookAtLlamaCpp(ask: Ask): Promise<Partial<EngineFacts>> {
  const props = await ask('/props')
  const template = textOf(props.chat_template)
  if (template === undefined && !isObject(props.default_generation_settings)) return {}
  const model = { id: '', names: textsOf(props.model_path), template }
  return { engine: 'llamacpp', version: textOf(props.build_info), models: [model] }
}

async function lookAtSglang(ask: Ask): Promise<Partial<EngineFacts>> {
  const [model, server] = await Promise.all([ask('/get_model_info'), ask('/get_server_info')])
  const names = [...new Set([...textsOf(model.model_path), ...textsOf(server.model_path)])]
  if (names.length === 0) return {}
  // A server that tells of its settings tells of parsers that it has not, too: as null.
  const parser = (name: string) => (name in server ? (textOf(server[name]) ?? '') : undefined)
  return {
    engine: 'sglang',
    version: textOf(server.version),
    models: [{ id: textOf(server.served_model_name) ?? '', names, template: undefined }],
    toolParser: parser('tool_call_parser'),
    reasoningParser: parser('reasoning_parser'),
  }
}

async function lookAtOllama(ask: Ask): Promise<Partial<EngineFacts>> {
  const version = textOf((await ask('/api/version')).version)
  return version === undefined ? {} : { engine: 'ollama', version }
}

/**
 * A model of Ollama with what its card says.
 *
 * @example (await askCard(get, model)).names // ['Qwen2.5 7B Instruct', 'my-model']
 */
export async function askCard(get: Get, model: ServedModel): Promise<ServedModel> {
  const card = await jsonBy(get)('/api/show', { model: model.id })
  const details = isObject(card.details) ? card.details : {}
  const info = isObject(card.model_info) ? card.model_info : {}
  const said = [info['general.name'], info['general.basename'], details.parent_model].flatMap(textsOf)
  return { ...model, names: [...said, ...model.names], template: textOf(card.template) }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function textsOf(value: unknown): string[] {
  return textOf(value) === undefined ? [] : [String(value)]
}
