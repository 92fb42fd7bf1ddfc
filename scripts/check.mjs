// Everything but the tests: each step in turn, one line each, the output of those that fail, exit code 1 if any does.
//   npm run check                 all steps
//   npm run check -- types knip   these steps only
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { problemsOfPackage } from './check-package.mjs'

/** Runs one command of node_modules/.bin (or npm); '' when it succeeded, else what it printed. */
function run(...command) {
  const [name, ...args] = command
  const { status, stdout, stderr, error } = spawnSync(name, args, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status === 0) return ''
  return `${command.join(' ')}\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim()
}

/** The package as npm would publish it, without running prepack again. */
function withTarball(use) {
  const folder = mkdtempSync(join(tmpdir(), 'callsift-'))
  try {
    const failure = run('npm', 'pack', '--ignore-scripts', '--pack-destination', folder)
    return failure || use(join(folder, readdirSync(folder)[0]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// attw skips subpath patterns unless it is told what they stand for.
function attw(tarball) {
  const parsers = readdirSync('dist/parsers').filter((file) => file.endsWith('.js'))
  const entries = parsers.map((file) => `./parsers/${file.slice(0, -3)}`)
  return run('attw', tarball, '--profile', 'node16', '--no-emoji', '--include-entrypoints', ...entries)
}

function floors(...args) {
  return run('npm', 'run', '-s', 'bench', '--', '--floors', '--slack', '0.7', '--tries', '3', '--rounds', '3', ...args)
}

const steps = {
  types: () => run('tsc', '-p', 'tsconfig.json') || run('tsc', '-p', 'tsconfig.core.json'),
  lint: () => run('biome', 'check', '--error-on-warnings'),
  rooms: () => run('depcruise', 'src', 'parsers', '--output-type', 'err'),
  knip: () => run('knip', '--no-config-hints'),
  build: () => run('npm', 'run', '-s', 'build'),
  package: async () => (await problemsOfPackage(JSON.parse(readFileSync('package.json', 'utf8')))).join('\n'),
  publint: () => withTarball((tarball) => run('publint', tarball, '--strict')),
  attw: () => withTarball(attw),
  size: () => run('size-limit'),
  // With 70 % of each floor forgiven, so that only a change that makes it much slower fails, and no busy machine.
  floors: () => floors('--formats', 'hermes') || floors('--speed', '--formats', 'llama3,mistral,deepseek-v3.1'),
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in steps))
if (unknown.length > 0) {
  console.error(`unknown step ${unknown.join(', ')}; the steps are ${Object.keys(steps).join(', ')}`)
  process.exit(2)
}
const failed = []
for (const [name, step] of Object.entries(steps)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  const start = performance.now()
  const output = await step()
  if (output) failed.push(name)
  console.log(`${output ? 'FAIL' : 'ok  '} ${name.padEnd(8)} ${((performance.now() - start) / 1000).toFixed(1)} s`)
  if (output) console.log(output.replace(/^/gm, '     '))
}
console.log(failed.length === 0 ? 'check passed' : `check failed: ${failed.join(', ')}`)
process.exit(failed.length === 0 ? 0 : 1)
