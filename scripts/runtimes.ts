// Runs the packed package in runtimes other than Node 20, and as Vite bundles it: it is installed into a fresh folder, reads a
// streamed completion and answers as the proxy (`smoke.mjs`). Needs dist/ (npm run build). A runtime that cannot be had here is skipped, with the reason.
//   npm run test:runtimes                 all of them
//   npm run test:runtimes -- bun deno     these only
import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { chromium } from 'playwright-core'
import { CHROMIUM_ARGS, CHROMIUM_PATH } from '../test/support/chromium-path.js'
import { freePort } from '../test/support/free-port.js'
import { installFresh } from './check-install.mjs'

/** Packages of npm that bring a runtime, or a bundler. */
const VERSIONS = { bun: '1.4.5', deno: '2.9.6', workerd: '1.20261117.1', vite: '8.4.0' } as const

const run = promisify(execFile)
const folder = mkdtempSync(join(tmpdir(), 'callsift-runtimes-'))

/** Runs a command that a package brings, and gives what it prints. */
async function npx(name: keyof typeof VERSIONS, ...args: string[]): Promise<string> {
  const command = ['-y', '-p', `${name}@${VERSIONS[name]}`, name, ...args]
  const { stdout } = await run('npx', command, { cwd: folder, timeout: 120_000 })
  return stdout.trim()
}

class Skipped extends Error {}

/** What the runtime says of its version; skipped where it cannot be fetched. */
async function fetched(name: keyof typeof VERSIONS): Promise<string> {
  try {
    const [line = ''] = (await npx(name, '--version')).split('\n')
    return line
  } catch (error) {
    throw new Skipped(`npm cannot fetch ${name}@${VERSIONS[name]} (${String(error).split('\n')[0]})`)
  }
}

/** The program and the package as one file, as bundlers make it for what is no Node. */
async function bundled(code: string, format: 'esm' | 'iife'): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: folder },
    bundle: true,
    write: false,
    format,
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

const RUNTIMES: Readonly<Record<string, () => Promise<string>>> = {
  async bun() {
    const version = await fetched('bun')
    check(await npx('bun', 'main.mjs'))
    return version
  },
  async deno() {
    const version = await fetched('deno')
    check(await npx('deno', 'run', '--allow-read', '--allow-env', 'main.mjs'))
    return version
  },
  async workerd() {
    const version = await fetched('workerd')
    const worker = `import { smoke } from './smoke.mjs'
export default { fetch: () => smoke().then((said) => new Response(said), (error) => new Response(error.stack, { status: 500 })) }`
    writeFileSync(join(folder, 'worker.js'), await bundled(worker, 'esm'))
    const port = await freePort()
    writeFileSync(join(folder, 'worker.capnp'), capnp(port))
    const server = spawn('npx', ['-y', '-p', `workerd@${VERSIONS.workerd}`, 'workerd', 'serve', 'worker.capnp'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
    })
    try {
      check(await answerOf(`http://127.0.0.1:${port}/`))
    } finally {
      process.kill(-(server.pid as number)) // npx and the runtime below it
    }
    return version
  },
  async chromium() {
    return inChromium(await bundled(`import { smoke } from './smoke.mjs'\nglobalThis.smoke = smoke`, 'iife'))
  },
  async vite() {
    const version = await fetched('vite')
    const script = "import { smoke } from './smoke.mjs'\nglobalThis.smoke = smoke"
    writeFileSync(join(folder, 'index.html'), `<!doctype html><script type="module">${script}</script>`)
    await npx('vite', 'build', '--logLevel', 'error')
    const assets = join(folder, 'dist', 'assets')
    const [file = ''] = readdirSync(assets).filter((name) => name.endsWith('.js'))
    return `${version}, in Chromium ${await inChromium(readFileSync(join(assets, file), 'utf8'))}`
  },
}

/** Runs a script that sets `smoke` in a page, and gives the version of the browser. */
async function inChromium(content: string): Promise<string> {
  if (CHROMIUM_PATH === undefined) throw new Skipped('no Chromium here; CHROMIUM=/path names one')
  const browser = await chromium.launch({ executablePath: CHROMIUM_PATH, args: CHROMIUM_ARGS })
  try {
    const page = await browser.newPage()
    await page.addScriptTag({ content, type: 'module' })
    await page.waitForFunction('globalThis.smoke')
    check(await page.evaluate('smoke()'))
    return browser.version()
  } finally {
    await browser.close()
  }
}

function check(said: unknown): void {
  if (said !== 'ok') throw new Error(`said ${String(said)}`)
}

async function answerOf(url: string): Promise<string> {
  for (let i = 0; i < 100; i++) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer !== undefined) return answer.text()
    await new Promise((done) => setTimeout(done, 100))
  }
  throw new Error(`${url} does not answer`)
}

function capnp(port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]
);
const main :Workerd.Worker = (
  modules = [(name = "worker", esModule = embed "worker.js")],
  compatibilityDate = "2026-01-01"
);
`
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in RUNTIMES))
if (unknown.length > 0)
  throw new Error(`no such runtime: ${unknown.join(', ')}; there are ${Object.keys(RUNTIMES).join(', ')}`)
try {
  if (!existsSync('dist/index.js')) throw new Error('there is no dist/: npm run build first')
  installFresh(folder)
  for (const [name, tryIt] of Object.entries(RUNTIMES)) {
    if (asked.length > 0 && !asked.includes(name)) continue
    const start = performance.now()
    const took = () => `${((performance.now() - start) / 1000).toFixed(1)} s`
    try {
      console.log(`ok      ${name} (${await tryIt()}), ${took()}`)
    } catch (error) {
      if (error instanceof Skipped) console.log(`skipped ${name}: ${error.message}`)
      else {
        process.exitCode = 1
        console.log(`FAILED  ${name}, ${took()}\n${error instanceof Error ? error.stack : String(error)}`)
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
