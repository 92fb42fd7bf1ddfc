import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { useCommand } from '../cli/command.js'
import { chatRequest } from './both.js'
import { type FakeUpstream, says, startUpstream } from './upstream.js'

const page = await readFile(new URL('../../src/proxy/README.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'))].map(([, text = '']) => text)

const commands = blocks('sh')
  .flatMap((block) => block.trim().split('\n'))
  .map((line) => line.replace(/ +# .*/, ''))
const BASE = 'http://127.0.0.1:8787/v1'

describe('the page on the proxy', () => {
  const command = useCommand()
  let upstream: FakeUpstream
  beforeAll(async () => {
    upstream = await startUpstream()
    upstream.answer(says('<tool_call>{"name": "get_tide", "arguments": {}}</tool_call>'))
    command.write('models.json', blocks('json')[0] ?? '')
  })
  afterAll(() => upstream.close())

  it('has commands', () => expect(commands.length).toBeGreaterThan(4))

  it.each(commands)('%s starts', async (line) => {
    const [name, verb, ...args] = line.split(' ')
    expect([name, verb]).toEqual(['callsift', 'proxy'])
    const at = args.indexOf('--upstream') + 1
    expect(args[at]).toMatch(/^http:\/\/localhost:\d+\/v1$/)
    args[at] = upstream.url
    if (args.includes('--host')) args[args.indexOf('--host') + 1] = '127.0.0.1'
    const child = spawn(process.execPath, [command.file, 'proxy', ...args, '--port', '0'], {
      cwd: command.folder,
      env: { ...process.env, VLLM_KEY: 'k', CALLSIFT_KEY: 'c' },
    })
    try {
      let err = ''
      child.stderr.on('data', (text) => {
        err += text
      })
      const out = await Promise.race([
        once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => String(text)),
        once(child, 'exit').then(() => err),
      ])
      expect(out).toContain(`in front of ${upstream.url}`)
      if (args.includes('--prompt')) return // The fake upstream renders no prompts.
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(out)?.[0] ?? ''
      const body = JSON.stringify(chatRequest({ model: 'Qwen/Qwen3-8B' }))
      const headers = { authorization: 'Bearer c' }
      const answer = await (await fetch(`${url}/v1/chat/completions`, { method: 'POST', body, headers })).json()
      expect(answer).toMatchObject({ choices: [{ message: { tool_calls: [{ function: { name: 'get_tide' } }] } }] })
    } finally {
      child.kill('SIGKILL')
    }
  })

  it('has rules for models that the proxy reads, by the names of the upstream', async () => {
    const line = commands.find((one) => one.includes('--model-map'))
    expect(line?.endsWith('--model-map models.json')).toBe(true)
    expect(JSON.parse(blocks('json')[0] ?? '')).toMatchObject({ r1: { model: 'deepseek-ai/DeepSeek-R1' } })
  })

  it('configures clients with the address where the proxy listens by default', () => {
    const [continueDev, aider] = blocks('yaml').map((text) => parse(text))
    expect(continueDev).toMatchObject({
      schema: 'v1',
      models: [{ provider: 'openai', apiBase: BASE, capabilities: ['tool_use'] }],
    })
    expect(aider).toMatchObject({ 'openai-api-base': BASE, model: `openai/${continueDev.models[0].model}` })
  })
})
