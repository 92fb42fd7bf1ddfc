// Everything but the tests: one line for each step, the output of those that fail, exit code 1 if any does.
//   npm run check                 all steps
//   npm run check -- types knip   these steps only
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { problemsOfInstall } from './check-install.mjs'
import { problemsOfPackage } from './check-package.mjs'

/** Runs one command of node_modules/.bin (or npm); '' when it succeeded, else what it printed. */
function run(name, ...args) {
  const options = { encoding: 'utf8', shell: process.platform === 'win32', maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve) => {
    execFile(name, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve('')
      // Of a command that ran, the message repeats what it printed.
      const why = typeof error.code === 'number' ? '' : error.message
      resolve(`${[name, ...args].join(' ')}\n${stdout}${stderr}${why}`.trim())
    })
  })
}

let packing

/** The package as npm would publish it, without running prepack again: packed once for all steps that look at it. */
async function withTarball(use) {
  packing ??= pack()
  const { failure, tarball } = await packing
  return failure || (await use(tarball))
}

async function pack() {
  const folder = mkdtempSync(join(tmpdir(), 'callsift-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const failure = await run('npm', 'pack', '--ignore-scripts', '--pack-destination', folder)
  return { failure, tarball: join(folder, readdirSync(folder)[0] ?? '') }
}

// attw skips subpath patterns unless it is told what they stand for.
function attw(tarball) {
  const parsers = readdirSync('dist/parsers').filter((file) => file.endsWith('.js'))
  const entries = parsers.map((file) => `./parsers/${file.slice(0, -3)}`)
  return run('attw', tarball, '--profile', 'node16', '--no-emoji', '--include-entrypoints', ...entries)
}

function floors(...args) {
  return run('npm', 'run', '-s', 'bench', '--', '--floors', '--slack', '0.7', '--tries', '3', '--rounds', '2', ...args)
}

const steps = {
  types: async () => (await run('tsc', '-p', 'tsconfig.json')) || run('tsc', '-p', 'tsconfig.core.json'),
  lint: () => run('biome', 'check', '--error-on-warnings'),
  rooms: () => run('depcruise', 'src', 'parsers', '--output-type', 'err'),
  knip: () => run('knip', '--no-config-hints'),
  build: () => run('npm', 'run', '-s', 'build'),
  package: async () => (await problemsOfPackage(JSON.parse(readFileSync('package.json', 'utf8')))).join('\n'),
  publint: () => withTarball((tarball) => run('publint', tarball, '--strict')),
  attw: () => withTarball(attw),
  install: () => withTarball(async (tarball) => (await problemsOfInstall(tarball)).join('\n')),
  size: () => run('size-limit'),
  // With 70 % of each floor forgiven, so that only a change that makes it much slower fails, and no busy machine. Of the other
  // grammars what shows the cost of chunks, of a long string and of small calls; `npm run bench -- --floors` has the rest.
  floors: async () =>
    (await floors('--formats', 'hermes')) ||
    floors('--speed', '--formats', 'llama3,mistral,deepseek-v3.1', '--workloads', 'turn,100k,calls'),
}

const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in steps))
if (unknown.length > 0) {
  console.error(`unknown step ${unknown.join(', ')}; the steps are ${Object.keys(steps).join(', ')}`)
  process.exit(2)
}
const chosen = Object.keys(steps).filter((name) => asked.length === 0 || asked.includes(name))
const failed = []

async function take(name) {
  const start = performance.now()
  const output = await steps[name]()
  if (output) failed.push(name)
  console.log(`${output ? 'FAIL' : 'ok  '} ${name.padEnd(8)} ${((performance.now() - start) / 1000).toFixed(1)} s`)
  if (output) console.log(output.replace(/^/gm, '     '))
}

// What builds, and what measures, has the machine to itself; the others run two at a time.
const ALONE = ['build', 'floors']
const lanes = [Promise.resolve(), Promise.resolve()]
for (const name of chosen) {
  if (ALONE.includes(name)) {
    await Promise.all(lanes)
    await take(name)
  } else {
    const lane = await Promise.race(lanes.map((last, i) => last.then(() => i)))
    lanes[lane] = take(name)
  }
}
await Promise.all(lanes)
console.log(failed.length === 0 ? 'check passed' : `check failed: ${failed.join(', ')}`)
process.exit(failed.length === 0 ? 0 : 1)
