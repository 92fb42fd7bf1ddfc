import { isObject, type JsonObject, objectsOf, readJson } from '../wire/json.js'

/** How long what the upstream said of its models holds (milliseconds). */
const HOLDS = 60_000
/** How long nothing is asked again after it said nothing. */
const WAITS = 5_000

/**
 * Finds other names of a model, by which its format may be known: the upstream's list says what stands behind a served
 * name (vLLM's `root`), and the one model of a server is meant whatever name a client uses.
 *
 * @example await createModelNames()('my-model', async () => modelsText) // ['Qwen/Qwen3-8B']
 */
export function createModelNames(): (model: string, fetchModels: () => Promise<string>) => Promise<string[]> {
  let known: Promise<JsonObject[]> | undefined
  let until = 0

  async function ask(fetchModels: () => Promise<string>): Promise<JsonObject[]> {
    const body = readJson(await fetchModels())
    const models = isObject(body) ? objectsOf(body.data) : []
    until = performance.now() + (models.length > 0 ? HOLDS : WAITS)
    return models
  }

  return async (model, fetchModels) => {
    if (known === undefined || performance.now() > until) {
      until = Number.POSITIVE_INFINITY // until the answer says how long it holds
      known = ask(fetchModels)
    }
    const models = await known
    const own = models.find(({ id }) => id === model) ?? (models.length === 1 ? models[0] : undefined)
    return own === undefined ? [] : [own.root, own.id].filter((name) => typeof name === 'string')
  }
}
