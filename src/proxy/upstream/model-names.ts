import { askCard, askEngine, type EngineFacts, type EngineId, type Get, type ServedModel } from './engine.js'

/** How long what the engine said of its models holds (milliseconds). */
const HOLDS = 60_000
/** How long nothing is asked again after it said nothing. */
const WAITS = 5_000

/** What an engine tells of itself. */
export interface ModelNames {
  /** The model that a client's name means. */
  served(model: string, get: Get): Promise<ServedModel | undefined>
  /** Which engine it is, if it is known. */
  engine(get: Get): Promise<EngineId | undefined>
}

/**
 * Finds what stands behind the name of a model, by which its format may be known: the engine says it, and the one model of
 * an engine is meant whatever name a client uses. It is asked once for all who wait.
 *
 * @example await createModelNames().served('my-model', get) // { id: 'my-model', names: ['Qwen/Qwen3-8B', 'my-model'], … }
 */
export function createModelNames(): ModelNames {
  let known: Promise<EngineFacts> | undefined
  let until = 0
  const cards = new Map<string, Promise<ServedModel>>() // of the models in the engine's list, which is bounded

  async function ask(get: Get): Promise<EngineFacts> {
    const facts = await askEngine(get)
    until = performance.now() + (facts.models.length > 0 ? HOLDS : WAITS)
    cards.clear()
    return facts
  }

  function facts(get: Get): Promise<EngineFacts> {
    if (known === undefined || performance.now() > until) {
      until = Number.POSITIVE_INFINITY // until the answer says how long it holds
      known = ask(get)
    }
    return known
  }

  return {
    async served(model, get) {
      const { engine, models } = await facts(get)
      const own = models.find(({ id }) => id === model) ?? (models.length === 1 ? models[0] : undefined)
      if (own === undefined || engine !== 'ollama') return own
      const card = cards.get(own.id) ?? askCard(get, own)
      cards.set(own.id, card)
      return card
    },
    engine: async (get) => (await facts(get)).engine,
  }
}
