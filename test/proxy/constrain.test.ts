import { describe, expect, it } from 'vitest'
import { getFormat } from '../../src/index.js'
import type { NodeProxyOptions } from '../../src/proxy/server/node.js'
import { type Constraining, constraintFields } from '../../src/proxy/upstream/constrain.js'
import type { JsonObject } from '../../src/proxy/wire/json.js'
import { bothForEachTest, chatRequest, TOOLS } from './both.js'
import { type EngineName, likeEngine, pagesOf } from './engines.js'
import { says } from './upstream.js'

const { start } = bothForEachTest()
const CALL = '<tool_call>\n{"name": "get_tide", "arguments": {"port": "Brest"}}\n</tool_call>'
const PATH = '/v1/chat/completions'
const REQUIRED = { tool_choice: 'required' }
const NAMED = { tool_choice: { type: 'function', function: { name: 'get_tide' } } }
const STRICT = { tools: TOOLS.map((tool) => ({ ...tool, function: { ...tool.function, strict: true } })) }

/** What the engine is asked, and whatever else it was asked before. */
async function asked(engine: EngineName, more: JsonObject, options: Partial<NodeProxyOptions> = {}) {
  const both = await start({ format: 'hermes', constrain: true, ...options })
  both.upstream.answer(likeEngine(pagesOf(engine), says(CALL)))
  const reply = (await (await both.post(PATH, chatRequest(more))).json()) as JsonObject
  const paths = both.upstream.seen.map(({ path }) => path)
  return { body: both.upstream.seen.at(-1)?.body ?? {}, paths, reply, log: both.log }
}

describe('with --constrain', () => {
  it.each(['vllm', 'sglang'] as const)('%s gets a structural tag', async (engine) => {
    const { body, reply } = await asked(engine, REQUIRED)
    expect(body.response_format).toMatchObject({ type: 'structural_tag', format: { type: 'or' } })
    // vLLM puts a constraint of its own in the place of other choices, SGLang takes the tools out of the prompt for none.
    expect(body.tool_choice).toBe(engine === 'vllm' ? 'none' : 'auto')
    expect(body.tools).toHaveLength(2)
    expect(reply).toMatchObject({ choices: [{ finish_reason: 'tool_calls' }] })
  })

  it('llama.cpp gets GBNF, and of a named tool alone', async () => {
    const { body } = await asked('llamacpp', NAMED)
    expect(body).toMatchObject({ tool_choice: 'none', grammar: expect.stringMatching(/^root ::= /) })
    expect(body.grammar).toContain('get_tide')
    expect(body.grammar).not.toContain('ring_bell')
    expect(body).not.toHaveProperty('response_format')
  })

  it('strict tools are triggered in free text', async () => {
    const { body } = await asked('vllm', STRICT)
    expect(JSON.stringify(body.response_format)).toContain('"triggers":["<tool_call>"]')
  })

  it('one call at a time is one call', async () => {
    const { body } = await asked('vllm', { ...STRICT, parallel_tool_calls: false })
    expect(JSON.stringify(body.response_format)).toContain('"stop_after_first":true')
  })

  it('nothing is sent that was not asked for', async () => {
    for (const more of [
      {},
      { tool_choice: 'none' },
      { ...REQUIRED, response_format: { type: 'text' } },
      { tools: [] },
    ]) {
      const { body, paths } = await asked('vllm', more)
      expect(body).toMatchObject(more)
      expect(body).not.toHaveProperty('grammar')
      expect(body.response_format).toEqual('response_format' in more ? more.response_format : undefined)
      expect(paths).toEqual([PATH])
    }
  })

  it('the engine tells its model too, where the format is not named', async () => {
    const { body } = await asked('vllm', REQUIRED, { format: 'auto' })
    expect(body.response_format).toMatchObject({ type: 'structural_tag' })
  })

  it('nothing is sent to an engine that takes none', async () => {
    const { body } = await asked('ollama', REQUIRED)
    expect(body).toMatchObject(REQUIRED)
    expect(body).not.toHaveProperty('response_format')
  })
})

describe('what cannot be sent', () => {
  const rules = { tools: TOOLS, toolChoice: 'required' } as const
  const told = (what: Partial<Constraining>) => {
    const why: string[] = []
    const fields = constraintFields(
      { engine: 'vllm', format: getFormat('hermes'), rules, startInReasoning: false, ...what },
      (words) => why.push(words),
    )
    return { fields, why: why.join() }
  }

  it('is told', () => {
    expect(told({ engine: 'ollama' })).toEqual({
      fields: {},
      why: expect.stringContaining('ollama supports no grammar'),
    })
    expect(told({ engine: undefined }).why).toContain('the upstream supports no grammar')
    expect(told({ format: undefined }).why).toContain('the model’s format is not known')
    const tools = [{ name: 'a>b' }]
    expect(told({ format: getFormat('qwen3-coder'), rules: { tools, toolChoice: 'required' } }).why).toContain('a>b')
    expect(told({}).why).toBe('')
  })
})

it('without it, nothing is sent', async () => {
  for (const more of [REQUIRED, NAMED, STRICT]) {
    const { body, paths } = await asked('vllm', more, { constrain: false })
    expect(body).toMatchObject(more)
    expect(body).not.toHaveProperty('response_format')
    expect(paths).toEqual([PATH])
  }
})
