import { execFile } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/proxy/wire/json.js'
import { type EngineName, likeEngine, pagesOf, parses } from '../proxy/engines.js'
import {
  type FakeUpstream,
  inPieces,
  json,
  type Script,
  says,
  startUpstream,
  stream,
  textChunks,
} from '../proxy/upstream.js'
import { useCommand } from './command.js'

// `callsift doctor` against servers that answer as four engines do.

const command = useCommand()
let upstream: FakeUpstream
beforeEach(async () => {
  upstream = await startUpstream()
})
afterEach(() => upstream.close())

const CALL = '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>'
const OTHER = CALL.replace('Paris', 'Brest')
const PARSED = [{ name: 'get_weather', arguments: '{"city": "Paris"}' }]
/** Where engines render prompts. */
const RENDERS: Record<string, JsonObject> = {
  '/tokenize': { tokens: [1, 2], count: 2 },
  '/apply-template': { prompt: 'p' },
}
const pages = (engine: EngineName) => ({ ...pagesOf(engine), ...RENDERS })

const run = (...args: string[]) => command.runMeanwhile(['doctor', upstream.url, ...args])

/** vLLM without a parser of its own: it refuses tools, unless the choice is `none`. */
const refusesTools = (then: Script): Script => {
  const message = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'
  return (...all) => {
    const [, { body }] = all
    return (body.tools !== undefined && body.tool_choice !== 'none' ? json({ error: { message } }, 400) : then)(...all)
  }
}

describe('an engine that leaves the text alone', () => {
  it.each([
    ['vllm', 'vLLM 0.11.0', refusesTools(says(`</think>${CALL}`))],
    ['sglang', 'SGLang 0.5.3', says(`</think>${CALL}`)],
    ['llamacpp', 'llama.cpp b6500-abc', says(`</think>${CALL}`)],
    ['ollama', 'Ollama 0.12.0', says(`</think>${CALL}`)],
  ] as const)('is right: %s', async (engine, title, script) => {
    upstream.answer(likeEngine(pages(engine), script))
    const { code, out, err } = await run()
    expect({ code, err }, out).toEqual({ code: 0, err: '' })
    expect(out).toContain(title)
    expect(out).toMatch(/model +my-model[^:]*:\s+hermes,\s+since/)
    expect(out).toMatch(/callsift, whole\s+get_weather \{"city":"Paris"\}/)
    expect(out).toMatch(/callsift, streamed\s+get_weather \{"city":"Paris"\}/)
    expect(out.includes('completions, whole')).toBe(engine === 'vllm' || engine === 'llamacpp')
    expect(out).toMatch(/All agree\.\n$/)
  })
})

describe('an engine that reads calls itself', () => {
  it('is right where its calls are those of the text', async () => {
    upstream.answer(likeEngine(pages('sglang'), parses(PARSED)))
    const { code, out } = await run()
    expect(code, out).toBe(0)
  })

  it('is wrong where they differ, streamed and whole, from those of the text, or are gone', async () => {
    const streamsOther: Script = (...all) => {
      const other = [{ name: 'get_weather', arguments: '{"city": "Brest"}' }]
      return parses(all[1].body.stream === true ? other : PARSED)(...all)
    }
    const textSaysOther: Script = (...all) =>
      all[1].path === '/v1/completions' ? says(OTHER)(...all) : parses(PARSED)(...all)
    const gone: Script = (...all) => (all[1].path === '/v1/completions' ? says(CALL) : says('Well.'))(...all)
    for (const [script, words] of [
      [streamsOther, 'engine, whole: get_weather {"city":"Paris"}; engine, streamed: get_weather {"city":"Brest"}'],
      [textSaysOther, 'completions, streamed: get_weather {"city":"Brest"}; engine, whole'],
      [gone, 'engine, whole: the call is lost: it is neither in the calls nor in the content'],
    ] as const) {
      upstream.answer(likeEngine(pages('llamacpp'), script))
      const { code, out } = await run('--json')
      const { wrong } = JSON.parse(out)
      expect(code).toBe(1)
      expect(wrong.map(({ what }: { what: string }) => what).join('\n')).toContain(words)
      expect(wrong.at(-1).mend).toContain(
        '--skip-chat-parsing --special, and let clients use callsift proxy --upstream',
      )
    }
  })

  it('is wrong with the parser of another format', async () => {
    const info = { ...pagesOf('sglang')['/get_server_info'], tool_call_parser: 'mistral' }
    upstream.answer(likeEngine({ ...pages('sglang'), '/get_server_info': info }, says(CALL)))
    const { code, out } = await run('--json')
    expect(code).toBe(1)
    expect(JSON.parse(out).wrong[0]).toEqual({
      what: 'SGLang reads calls as mistral, and "my-model" writes hermes',
      mend: expect.stringContaining('leave out --tool-call-parser'),
    })
  })
})

describe('what is wrong', () => {
  const wrongOf = async (...args: string[]) => {
    const { code, out } = await run('--json', ...args)
    expect(code, out).toBe(1)
    return JSON.parse(out)
      .wrong.map(({ what, mend }: { what: string; mend: string }) => `${what} -> ${mend}`)
      .join('\n')
  }

  it('special tokens that llama.cpp leaves out', async () => {
    const template = '{{ messages }}{{ tools }}[TOOL_CALLS][ARGS]'
    const props = {
      ...pagesOf('llamacpp')['/props'],
      chat_template: template,
      model_path: '/m/Mistral-Small-3.2-24B.gguf',
    }
    upstream.answer(likeEngine({ ...pages('llamacpp'), '/props': props }, says('get_weather{"city": "Paris"}')))
    expect(await wrongOf()).toContain('strips special tokens from the text -> start llama-server with --special')
  })

  it('a template without tools, a model that calls nothing, one that is not served, errors', async () => {
    const props = { ...pagesOf('llamacpp')['/props'], chat_template: '{{ messages }}<tool_call>\n{"name":' }
    upstream.answer(likeEngine({ ...pages('llamacpp'), '/props': props }, says(CALL)))
    expect(await wrongOf('-f', 'hermes')).not.toContain('is not known')
    upstream.answer(likeEngine(pages('sglang'), says('It rains.')))
    expect(await wrongOf()).toContain('the model called no tool in any mode')
    expect(await wrongOf('--model', 'other')).toContain('does not serve the model "other" -> name one of: "my-model"')
    upstream.answer(likeEngine(pages('sglang'), json({ error: { message: 'out of memory' } }, 500)))
    expect(await wrongOf()).toContain('callsift, streamed: out of memory')
  })

  it('thoughts in the content, where a person names a format whose prompt opens the reasoning', async () => {
    const script = stream(textChunks(inPieces(`Hm.</think>${CALL}`)))
    const list = { data: [{ id: 'house', owned_by: 'sglang' }] }
    upstream.answer(
      likeEngine({ '/v1/models': list }, (...all) =>
        (all[1].body.stream ? script : says(`Hm.</think>${CALL}`))(...all),
      ),
    )
    expect(await wrongOf('-f', 'hermes')).toContain(
      'thoughts are in the content -> callsift proxy --start-in-reasoning',
    )
  })

  it('nobody at the URL', async () => {
    await upstream.close()
    expect(await wrongOf()).toContain('/v1/models lists no model -> is the engine running')
    upstream = await startUpstream()
  })
})

describe('the page', () => {
  it('has no key, and the key goes to the engine alone', async () => {
    upstream.answer(likeEngine(pages('sglang'), says(CALL)))
    const env = { ...process.env, SECRET_KEY: 'sk-very-secret' }
    const out = await new Promise<string>((resolve) => {
      const args = [command.file, 'doctor', upstream.url, '--api-key-env', 'SECRET_KEY', '--json']
      execFile(process.execPath, args, { env }, (_, out, err) => resolve(out + err))
    })
    expect(out).not.toContain('sk-very')
    expect(upstream.seen.every(({ headers }) => headers.authorization === 'Bearer sk-very-secret')).toBe(true)
    expect(JSON.parse(out)).toMatchObject({ engine: 'SGLang', model: 'my-model', format: 'hermes', url: upstream.url })
  })

  it('a wrong call is answered with one line', () => {
    for (const [args, words] of [
      [[], 'no server named'],
      [['http://a/v1', 'http://b/v1'], 'takes one URL'],
      [['localhost:8000'], 'did you mean http://localhost:8000?'],
      [['http://me:secret@a/v1'], 'user name or password is not accepted'],
    ] as const) {
      const { code, err } = command.run(['doctor', ...args])
      expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(words) })
    }
  })
})
