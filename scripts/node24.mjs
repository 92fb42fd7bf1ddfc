// The tests on Node 24, which npm brings (the package `node`), with the SDKs that need a newer Node than 20: the packed package is
// imported and required; then the types, the quick tests, and those that use clients, with ai 7 and openai 7 in the place of ai 6, openai 6.
//   npm run test:node24                   another Node: npm run test:node24 -- 26
// Needs dist/ (npm run build). Where npm cannot fetch Node it is skipped, with the reason.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installFresh } from './check-install.mjs'

const [wanted = '24'] = process.argv.slice(2)
const root = process.cwd()

/** The path of that Node's program, as it says itself. */
function fetchNode() {
  const args = ['-y', '-p', `node@${wanted}`, 'node', '-p', 'process.execPath']
  const { status, stdout, stderr } = spawnSync('npx', args, { encoding: 'utf8', shell: process.platform === 'win32' })
  if (status === 0) return stdout.trim()
  console.log(`skipped: npm cannot fetch node@${wanted} (${stderr.trim().split('\n')[0]})`)
  process.exit(0)
}

const node = fetchNode()
const took = []

function step(name, args, { cwd = root, env = {} } = {}) {
  console.log(`== ${name}`)
  const start = Date.now()
  const { status } = spawnSync(node, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } })
  took.push(`${status === 0 ? 'ok    ' : 'FAILED'} ${name}, ${((Date.now() - start) / 1000).toFixed(0)} s`)
  if (status !== 0) process.exitCode = 1
}

const folder = mkdtempSync(join(tmpdir(), 'callsift-node-'))
try {
  installFresh(folder)
  writeFileSync(
    join(folder, 'main.cjs'),
    "console.log(require('callsift').parse('Hi', { format: 'hermes' }).content)\n",
  )
  step('the package, imported', ['main.mjs'], { cwd: folder })
  step('the package, required', ['main.cjs'], { cwd: folder })
  const vitest = 'node_modules/vitest/vitest.mjs'
  step('types, beside those of the newest SDKs', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', '.'])
  step('quick tests', [vitest, 'run', '--mode', 'quick'])
  step('tests of clients, with ai 7 and openai 7', [vitest, 'run', 'test/adapters', 'test/proxy/wires.test.ts'], {
    env: { CALLSIFT_SDKS: 'newest', CALLSIFT_RUNS: '0.2' },
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log([`== Node ${execFileSync(node, ['-v'], { encoding: 'utf8' }).trim()}`, ...took].join('\n'))
