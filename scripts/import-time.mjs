// What `import { parse } from 'callsift'` costs a program that starts: the median time of a whole process that only
// imports the package, less that of a process that imports nothing. The two run in turn, in pairs, so that what else
// the machine does slows both alike. Needs dist/.
//   npm run import-time                     the root, as a module and by require, and the smallest use: core with Hermes
//   npm run import-time -- --pairs 60       more pairs, for a busy machine
//   npm run import-time -- --most 45        exit code 1 if the root takes more milliseconds than that
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const { values: options } = parseArgs({ options: { pairs: { type: 'string' }, most: { type: 'string' } } })
const pairs = Number(options.pairs ?? 20)
const most = Number(options.most ?? Number.POSITIVE_INFINITY)
if (!(pairs >= 1) || !(most > 0)) {
  console.error('usage: npm run import-time [-- --pairs NUMBER] [--most MILLISECONDS]')
  process.exit(2)
}

const url = (file) => JSON.stringify(pathToFileURL(resolve('dist', file)).href)
const path = (file) => JSON.stringify(resolve('dist', file))
const programs = {
  "import 'callsift'": ['mjs', `import { parse } from ${url('index.js')}\nif (!parse) process.exit(1)`],
  "require('callsift')": ['cjs', `if (!require(${path('index.cjs')}).parse) process.exit(1)`],
  'core and hermes': [
    'mjs',
    `import { parse } from ${url('core.js')}\nimport { hermes } from ${url('parsers/hermes.js')}\nif (!parse || !hermes) process.exit(1)`,
  ],
}

/** Milliseconds from the start of a process to its end. */
function timeOf(file) {
  const start = performance.now()
  const { status } = spawnSync(process.execPath, [file], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`${file} ended with exit code ${status}; was the package built?`)
  return performance.now() - start
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
}

const folder = mkdtempSync(join(tmpdir(), 'callsift-'))
const ms = (number) => `${number.toFixed(1)} ms`.padStart(9)
let root
try {
  for (const [name, [extension, source]] of Object.entries(programs)) {
    const empty = join(folder, `empty.${extension}`)
    const program = join(folder, `program.${extension}`)
    writeFileSync(empty, '')
    writeFileSync(program, source)
    timeOf(empty)
    timeOf(program)
    const times = Array.from({ length: pairs }, () => [timeOf(empty), timeOf(program)])
    const added = median(times.map(([without, having]) => having - without))
    root ??= added
    const [without, having] = [0, 1].map((which) => median(times.map((pair) => pair[which])))
    console.log(`${name.padEnd(20)} ${ms(added)} (${ms(having).trim()} with it, ${ms(without).trim()} without)`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (root > most) {
  console.error(`the root takes ${ms(root).trim()} to import, more than ${most} ms`)
  process.exitCode = 1
}
