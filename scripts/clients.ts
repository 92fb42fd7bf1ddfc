// Real coding agents through the proxy. A server stands for an engine without a parser: it first writes a call of a tool that is not
// there, which the proxy has mended (`retry`), then a call that writes a file, and at last what the tool said. npm fetches each agent
// when the script runs; one that cannot be fetched is skipped. Nothing else is asked of the network, and nobody logs in.
//   npm run test:clients                                all of them, in Qwen3-Coder's format
//   npm run test:clients -- codex claude --format harmony
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { render } from '../src/index.js'
import { startProxy } from '../src/proxy/server/node.js'

const TEXT = 'Hello <b>"world"</b>\nline 2 \\n é 🙂\n'
const PROMPT = 'Create hello.txt.'
const MODEL = 'local-model'

interface Place {
  home: string
  work: string
  /** Where the proxy listens, without a path. */
  url: string
}

interface Agent {
  /** What npm fetches, and the command in it. */
  package: string
  command: string
  /** The call that writes TEXT to a file. */
  call(file: string): { name: string; arguments: Record<string, unknown> }
  /** Its files, then its arguments and its environment. */
  start(place: Place): { args: string[]; env?: Record<string, string> }
}

const AGENTS: Readonly<Record<string, Agent>> = {
  claude: {
    package: '@anthropic-ai/claude-code@2.1.332',
    command: 'claude',
    call: (file) => ({ name: 'Write', arguments: { file_path: file, content: TEXT } }),
    start: ({ url }) => ({
      args: ['-p', PROMPT, '--model', MODEL, '--allowedTools', 'Write'],
      env: {
        ANTHROPIC_BASE_URL: url,
        ANTHROPIC_API_KEY: 'none',
        ANTHROPIC_DEFAULT_HAIKU_MODEL: MODEL,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      },
    }),
  },
  codex: {
    package: '@openai/codex@0.171.0',
    command: 'codex',
    call: (file) => ({ name: 'exec_command', arguments: { cmd: `cat > '${file}' <<'END'\n${TEXT}END` } }),
    start({ home, work, url }) {
      const provider = `name = "local"\nbase_url = "${url}/v1"\nenv_key = "LOCAL_KEY"\nwire_api = "responses"`
      const config = `model = "${MODEL}"\nmodel_provider = "local"\n[model_providers.local]\n${provider}\n`
      writeFileSync(join(home, 'config.toml'), config)
      // Its sandbox needs a kernel that lets it make one; the only command is the one above.
      const free = '--dangerously-bypass-approvals-and-sandbox'
      return {
        args: ['exec', '--skip-git-repo-check', free, '-C', work, PROMPT],
        env: { CODEX_HOME: home, LOCAL_KEY: 'none' },
      }
    },
  },
  opencode: {
    package: 'opencode-ai@1.18.33',
    command: 'opencode',
    call: (file) => ({ name: 'write', arguments: { filePath: file, content: TEXT } }),
    start({ work, url }) {
      const options = { baseURL: `${url}/v1`, apiKey: 'none' }
      const local = { npm: '@ai-sdk/openai-compatible', options, models: { [MODEL]: { tool_call: true } } }
      const model = `local/${MODEL}`
      const config = { share: 'disabled', autoupdate: false, provider: { local }, model, small_model: model }
      writeFileSync(join(work, 'opencode.json'), JSON.stringify(config))
      return { args: ['run', '--auto', PROMPT], env: { OPENCODE_DISABLE_MODELS_FETCH: '1' } }
    },
  },
  qwen: {
    package: '@qwen-code/qwen-code@0.24.4',
    command: 'qwen',
    call: (file) => ({ name: 'write_file', arguments: { file_path: file, content: TEXT } }),
    start({ home, url }) {
      mkdirSync(join(home, '.qwen'))
      writeFileSync(join(home, '.qwen', 'settings.json'), '{"privacy": {"usageStatisticsEnabled": false}}')
      const openai = ['--auth-type', 'openai', '--openai-api-key', 'none', '--openai-base-url', `${url}/v1`]
      return { args: ['-p', PROMPT, '--yolo', '--model', MODEL, ...openai] }
    },
  },
  continue: {
    package: '@continuedev/cli@1.5.47',
    command: 'cn',
    call: (file) => ({ name: 'Write', arguments: { filepath: file, content: TEXT } }),
    start({ home, url }) {
      const model = { name: 'local', provider: 'openai', model: MODEL, apiBase: `${url}/v1`, apiKey: 'none' }
      const models = [{ ...model, roles: ['chat'], capabilities: ['tool_use'] }]
      // YAML reads JSON.
      const config = JSON.stringify({ name: 'local', version: '1.0.0', schema: 'v1', models })
      writeFileSync(join(home, 'config.yaml'), config)
      return {
        args: ['-p', PROMPT, '--auto', '--config', join(home, 'config.yaml')],
        env: { CONTINUE_GLOBAL_DIR: home, CONTINUE_TELEMETRY_ENABLED: '0' },
      }
    },
  },
}

/** Stands for an engine: each question gets the next of the texts, and one that offers no such tool a few words. */
async function startEngine(tool: string, textAt: (step: number, result: string) => string) {
  let step = 0
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request.setEncoding('utf8')) body += piece
    if (request.method !== 'POST') return void response.writeHead(404).end()
    const { messages, tools = [], stream } = JSON.parse(body)
    const isOffered = tools.some((one: { function: { name: string } }) => one.function.name === tool)
    const content = isOffered ? textAt(step++, String(messages.at(-1).content)) : 'A title'
    const head = { id: `chatcmpl-${step}`, created: 1, model: MODEL }
    if (stream !== true) {
      const choices = [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }]
      return void response.end(JSON.stringify({ ...head, object: 'chat.completion', choices }))
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const send = (delta: object, finish_reason: string | null) => {
      const chunk = { ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] }
      response.write(`data: ${JSON.stringify(chunk)}\n\n`)
    }
    for (const piece of content.match(/.{1,4}/gsu) ?? []) send({ content: piece }, null)
    send({}, 'stop')
    response.end('data: [DONE]\n\n')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, close: () => server.close() }
}

/** Runs a command that npm fetches, at most three minutes. */
async function npx(agent: Agent, args: string[], cwd: string, env: Record<string, string>) {
  const child = spawn('npx', ['-y', '-p', agent.package, agent.command, ...args], {
    cwd,
    env: { ...process.env, npm_config_cache: join(homedir(), '.npm'), PWD: cwd, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 180_000,
  })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text) => (out += text))
  const [code] = await once(child, 'close')
  return { code, out }
}

async function tryAgent(agent: Agent, format: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'callsift-client-'))
  const [home, work] = ['home', 'work'].map((name) => join(folder, name)) as [string, string]
  const file = join(work, 'hello.txt')
  const call = agent.call(file)
  const written = (name: string) => render([{ ...call, name }], { format, content: 'I will.' })
  const engine = await startEngine(call.name, (step, result) =>
    step === 0 ? written('no_such_tool') : step === 1 ? written(call.name) : `All done. ${result.slice(0, 80)}`,
  )
  const proxy = await startProxy({ upstream: engine.url, format, port: 0, retry: 1 })
  try {
    mkdirSync(home)
    mkdirSync(work)
    const { code, out: version } = await npx(agent, ['--version'], work, { HOME: home })
    if (code !== 0) return `skipped: npm cannot fetch it (${version.trim().split('\n').at(-1)})`
    const { args, env = {} } = agent.start({ home, work, url: `http://127.0.0.1:${proxy.port}` })
    const ended = await npx(agent, args, work, {
      HOME: home,
      XDG_CONFIG_HOME: home,
      XDG_DATA_HOME: home,
      CI: '1',
      ...env,
    })
    if (ended.code !== 0) throw new Error(`exit code ${ended.code}\n${ended.out.slice(-1000)}`)
    if (readFileSync(file, 'utf8') !== TEXT) throw new Error('the file that it wrote has another text')
    if (!ended.out.includes('All done.')) throw new Error(`it did not tell the answer\n${ended.out.slice(-1000)}`)
    return 'ok'
  } finally {
    await proxy.close()
    engine.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { format: { type: 'string', default: 'qwen3-coder' } },
})
for (const name of positionals.length > 0 ? positionals : Object.keys(AGENTS)) {
  const agent = AGENTS[name]
  if (agent === undefined) throw new Error(`no such client: ${name}; there are ${Object.keys(AGENTS).join(', ')}`)
  const said = await tryAgent(agent, values.format).catch((error: Error) => {
    process.exitCode = 1
    return `FAILED: ${error.message}`
  })
  console.log(`${agent.package}: ${said}`)
}
