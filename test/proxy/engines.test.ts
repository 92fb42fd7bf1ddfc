import { Template } from '@huggingface/jinja'
import { describe, expect, it } from 'vitest'
import { bothForEachTest, chatRequest, joinStream } from './both.js'
import { type EngineName, likeEngine, pagesOf } from './engines.js'
import { inPieces, says, stream, textChunks } from './upstream.js'

// A model whose name says nothing: what the engine tells of it decides how its text is read.

const { start } = bothForEachTest()
const CALL = '<tool_call>\n{"name": "get_tide", "arguments": {"port": "Brest"}}\n</tool_call>'
const THINKS = stream(textChunks(inPieces(`Hm.</think>\n\nWell.${CALL}`)))
const renderTemplate = (template: string, context: Record<string, unknown>) => new Template(template).render(context)
const ENGINES: EngineName[] = ['vllm', 'sglang', 'llamacpp', 'ollama']
const PATH = '/v1/chat/completions'

describe.each(ENGINES)('behind %s', (engine) => {
  it('thoughts of a model with a name of the house are no content, and the engine is asked once', async () => {
    const both = await start({ format: 'auto', renderTemplate })
    both.upstream.answer(likeEngine(pagesOf(engine), THINKS))
    for (let i = 0; i < 3; i++) {
      const joined = await joinStream(await both.post(PATH, chatRequest({ model: 'my-model', stream: true })))
      expect(joined.choices[0]).toMatchObject({ reasoning: 'Hm.', content: 'Well.' })
      expect(joined.choices[0]?.calls).toHaveLength(1)
    }
    expect(both.log.at(-1)).toMatchObject({ format: 'hermes' })
    const asked = both.upstream.seen.map(({ path }) => path).filter((path) => path !== PATH)
    expect(asked.sort()).toEqual(Object.keys(pagesOf(engine)).sort())
  })

  it('it is not asked where the name, a rule or an option says all', async () => {
    const named = [
      [{ format: 'auto' }, 'qwen2.5:7b'],
      [{ format: 'hermes' }, 'my-model'],
      [{ format: 'auto', models: { 'my-*': 'hermes' } }, 'my-model'],
    ] as const
    for (const [options, model] of named) {
      const both = await start(options)
      both.upstream.answer(likeEngine(pagesOf(engine), says(CALL)))
      await (await both.post(PATH, chatRequest({ model }))).text()
      expect(both.upstream.seen.map(({ path }) => path)).toEqual([PATH])
    }
  })
})

describe('what the engine says', () => {
  it('of a template is read by its markers where nothing renders it', async () => {
    const both = await start({ format: 'auto' })
    both.upstream.answer(likeEngine(pagesOf('llamacpp'), says(CALL)))
    await (await both.post(PATH, chatRequest({ model: 'my-model' }))).text()
    expect(both.log.at(-1)).toMatchObject({
      format: 'hermes',
      why: expect.stringContaining('the source of the template'),
    })
  })

  it('of one model counts for every name, of several only for its own', async () => {
    const both = await start({ format: 'auto', renderTemplate })
    both.upstream.answer(likeEngine(pagesOf('llamacpp'), says('Hi')))
    await (await both.post(PATH, chatRequest({ model: 'gpt-4' }))).text()
    expect(both.log.at(-1)).toMatchObject({ format: 'hermes' })
    const two = await start({ format: 'auto', renderTemplate })
    const data = [
      { id: 'a', owned_by: 'vllm', root: 'Qwen/Qwen3-8B' },
      { id: 'b', owned_by: 'vllm', root: 'x' },
    ]
    two.upstream.answer(likeEngine({ '/v1/models': { data } }, says('Hi')))
    await (await two.post(PATH, chatRequest({ model: 'b' }))).text()
    expect(two.log.at(-1)).toMatchObject({ format: 'auto' })
  })

  it('may be nonsense, too long, an error or nothing: the text decides then', async () => {
    const wrong = [
      { '/v1/models': { data: [{ id: 7, root: {} }, null, 'x'] } },
      { '/v1/models': { data: [{ id: 'my-model' }] }, '/props': { chat_template: 7, model_path: [] } },
      { '/v1/models': { data: [] }, '/props': { chat_template: '{% for %}{{', default_generation_settings: {} } },
      { '/props': { chat_template: `<tool_call>${'x'.repeat(5_000_000)}` } },
    ] as never[]
    for (const pages of wrong) {
      const both = await start({ format: 'auto', renderTemplate })
      both.upstream.answer(likeEngine(pages, says(CALL)))
      const response = await both.post(PATH, chatRequest({ model: 'my-model' }))
      expect(response.status).toBe(200)
      expect(both.log.at(-1)).toMatchObject({ format: 'auto: hermes', calls: { 'hermes complete': 1 } })
    }
  })

  it('is waited for two seconds at most, however many questions hang', async () => {
    const both = await start({ format: 'auto' })
    both.upstream.answer((response, seen, gone) => {
      if (seen.path === PATH) return says(CALL)(response, seen, gone)
      if (seen.path === '/v1/models')
        return likeEngine({ '/v1/models': { data: [{ id: 'x' }] } }, says(''))(response, seen, gone)
      return gone
    })
    const begin = performance.now()
    expect((await both.post(PATH, chatRequest({ model: 'my-model' }))).status).toBe(200)
    expect(performance.now() - begin).toBeLessThan(6000)
  })
})
