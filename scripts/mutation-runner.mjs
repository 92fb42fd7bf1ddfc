// A test runner for Stryker (`npm run mutation`) that runs the quick tests of the values, the families and the engine in
// its own process: vitest takes half a second to start, and there are ten thousand mutants. The tests are the same files,
// with vitest's own `expect`; only `describe`, `it` and their tables are done here.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { format } from 'node:util'
import { runInThisContext } from 'node:vm'
import { build } from 'esbuild'
import { expect } from 'vitest'

/** Folders of tests, those first that are likely to find something in no time. */
const FOLDERS = [
  'test/values',
  'test/families',
  'test/recovery',
  'test/text',
  'test/engine',
  'test/fitting',
  'test/tools',
  'test/detect',
  'test',
]
/** Files of `test` that take long, or say nothing of the sources. */
const OTHER_FILES = /^(?:cases|format-table|fuzz|memory|promises|readme|realdata|templates|toolset\.types)\.test\.ts$/
/** Files that say nothing of values and families, only of the engine around them. */
const ENGINE_FILES = /^(?:check-value|detect|schema|streams|toolset)\.test\.ts$/
/** Tests that take as long as a hundred others, since they count time or try everything; and one that reads the sources. */
const LEFT_OUT =
  /linear time|and in time|never mended into a complete call|real completions|every pipe and every space|none that the stack sets|however deep the text|deep nesting does no harm|does not depend on the chunks|every kind that the source names/

/** No test passes a mutant's place nearly as often (the most is 20,000 times): one that does goes on for ever. */
const MOST_HITS = 50_000
/** Nor does one pass so many times as many places as without the mutant: that loop does not pass the mutant's. */
const MOST_STEPS = 50

/** For one mutant, the quickest that take so long together, in milliseconds of a core: properties over every format add up to half a minute. */
const MOST_TIME = 8000

/** A few inputs of each property, the same every time. */
Object.assign(process.env, { CALLSIFT_QUICK: '1', CALLSIFT_RUNS: '0.1', CALLSIFT_SEED: '20260' })

function testFiles(engine) {
  return FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    // Rooms may have rooms; what lies in `test` itself reads whole completions.
    readdirSync(folder, { recursive: folder !== 'test' })
      .filter(
        (name) =>
          name.endsWith('.test.ts') && !OTHER_FILES.test(basename(name)) && (engine || !ENGINE_FILES.test(name)),
      )
      .map((name) => join(folder, name)),
  )
}

/**
 * The tests and all that they import from here, as functions of `require`: one that counts what is covered, and one that
 * only counts the places that it passes, and stops when they are too many.
 */
async function bundle(engine) {
  const { outputFiles } = await build({
    stdin: {
      contents: testFiles(engine)
        .map((file) => `import './${file}'`)
        .join('\n'),
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    packages: 'external',
    // The sources have no side effects, tests are nothing else.
    ignoreAnnotations: true,
    logLevel: 'error',
    plugins: [{ name: 'tests', setup: ({ onLoad }) => onLoad({ filter: /\/test\/.*\.ts$/ }, loadTest) }],
  })
  const counting = outputFiles[0].text
  const stepping = "if (++work.steps > work.most) throw new Error('it goes on and on'); return;"
  const plain = counting.replaceAll(/function stryCov_\w+\(\) \{/g, `$& ${stepping}`)
  return [counting, plain].map((text) => runInThisContext(`(function (require, WeakMap, work) {${text}\n})`))
}

/**
 * Loads a bundle. In the WeakMaps of their modules, the sources keep what they work out once for a format or a tool:
 * `forget` empties them, so that no test meets what a mutant made of it, and each that needs it has it worked out again.
 */
function loadForgetful(evaluate, require, work) {
  const kept = []
  let loading = true
  class ForgetfulWeakMap {
    map = new WeakMap()
    constructor() {
      if (loading) kept.push(this)
    }
    get(key) {
      return this.map.get(key)
    }
    has(key) {
      return this.map.has(key)
    }
    set(key, value) {
      this.map.set(key, value)
    }
  }
  evaluate(require, ForgetfulWeakMap, work)
  loading = false
  return () => {
    for (const one of kept) one.map = new WeakMap()
  }
}

/** A test file knows its place, and says when it begins. */
function loadTest({ path }) {
  const source = readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
  const begins = path.endsWith('.test.ts') ? `require('vitest').inFile(${JSON.stringify(path)});` : ''
  return { contents: begins + source, loader: 'ts' }
}

/** The part of vitest's API that the tests use. Tests are put into `tests`. */
function testApi(tests) {
  const path = []
  let file = ''
  const seen = new Map()
  const it = (name, run) => {
    const title = [relative(process.cwd(), file), ...path, name].join(' › ')
    if (LEFT_OUT.test(title)) return
    const count = (seen.get(title) ?? 0) + 1
    seen.set(title, count)
    tests.set(count === 1 ? title : `${title} (${count})`, { run, file })
  }
  const describe = (name, define) => {
    path.push(name)
    define()
    path.pop()
  }
  const each = (one) => (table) => (name, run) => {
    for (const row of table) one(titleOf(name, row), () => (Array.isArray(row) ? run(...row) : run(row)))
  }
  const withEach = (one) =>
    Object.assign(one, { each: each(one), skipIf: (condition) => (condition ? () => undefined : one) })
  withEach(it)
  const inFile = (path) => {
    file = path
  }
  return { describe: withEach(describe), expect, inFile, it, test: it, expectTypeOf: anything }
}

function titleOf(name, row) {
  const values = Array.isArray(row) ? row : [row]
  const named = name.replace(/\$(\w+)/g, (text, key) => (Object(row)[key] === undefined ? text : String(row[key])))
  return format(named, ...values.slice(0, (named.match(/%[sdijfoO]/g) ?? []).length))
}

/** Types are not tested here. */
function anything() {
  return new Proxy(() => undefined, { get: () => anything(), apply: () => anything() })
}

class InProcessRunner {
  time = new Map()
  /** Places that a test passes. */
  steps = new Map()
  work = { steps: 0, most: Number.POSITIVE_INFINITY }

  constructor({ mutate }) {
    this.engine = mutate.some((pattern) => !/^!?src\/(?:values|families)\//.test(pattern))
  }

  capabilities() {
    return { reloadEnvironment: true }
  }

  async init() {
    const require = createRequire(pathToFileURL(join(process.cwd(), 'index.js')))
    this.packages = new Map()
    this.require = (name) => this.packages.get(name) ?? require(name)
    for (const name of ['fast-check', 'zod', '@huggingface/jinja', 'jsonrepair', 'eventsource-parser']) {
      this.packages.set(name, await import(name))
    }
    ;[this.counting, this.plain] = await bundle(this.engine)
  }

  /** All tests, as a fresh evaluation of a bundle defines them, and the switch of its mutants. */
  load(evaluate, mutant = undefined) {
    const tests = new Map()
    const mutants = { activeMutant: mutant }
    // The mutated sources take this object when they are loaded, and keep it.
    globalThis.__stryker__ = mutants
    this.packages.set('vitest', testApi(tests))
    const forget = loadForgetful(evaluate, this.require, this.work)
    return { tests, mutants, forget }
  }

  async dryRun() {
    const { tests, mutants, forget } = this.load(this.counting)
    const results = []
    for (const [id, { run, file }] of tests) {
      forget()
      const start = performance.now()
      mutants.currentTestId = id
      const failureMessage = await failureOf(run)
      mutants.currentTestId = undefined
      const timeSpentMs = performance.now() - start
      const status = failureMessage === undefined ? 0 : 1
      results.push({ id, name: id, fileName: file, timeSpentMs, status, failureMessage })
    }
    return { status: 'complete', tests: results, mutantCoverage: mutants.mutantCoverage }
  }

  async mutantRun(options) {
    const { activeMutant, mutantActivation } = options
    if (mutantActivation === 'static') return this.inFreshLoad(options, activeMutant.id)
    this.warm ??= this.time.size === 0 ? await this.warmUp() : this.load(this.plain)
    const { result, failed } = await this.runTests(options, this.warm)
    // What failed has to pass without the mutant, else one before it left something behind.
    if (failed === undefined || (await failureOf(failed)) === undefined) return result
    this.warm = undefined
    return this.inFreshLoad(options)
  }

  /** Every test once: the engine compiles what is hot, and it is known which are quick. */
  async warmUp() {
    const loaded = this.load(this.plain)
    for (const [id, { run }] of loaded.tests) {
      loaded.forget()
      this.work.steps = 0
      const start = process.cpuUsage()
      await run()
      const { user, system } = process.cpuUsage(start)
      this.steps.set(id, this.work.steps)
      this.time.set(id, (user + system) / 1000)
    }
    return loaded
  }

  async inFreshLoad(options, mutant = undefined) {
    let loaded
    try {
      loaded = this.load(this.plain, mutant)
    } catch (error) {
      return { status: 'killed', killedBy: [], failureMessage: String(error), nrOfTests: 0 }
    }
    return (await this.runTests(options, loaded)).result
  }

  /** The quickest first, since one that fails is enough, and no more than there is time for. */
  quickest(ids) {
    const timeOf = (id) => this.time.get(id) ?? 0
    let time = 0
    return ids.sort((a, b) => timeOf(a) - timeOf(b)).filter((id) => (time += timeOf(id)) <= MOST_TIME)
  }

  /** Runs the tests of a mutant until one of them, `failed`, fails. */
  async runTests({ activeMutant, testFilter }, { tests, mutants, forget }) {
    const ids = this.quickest((testFilter ?? [...tests.keys()]).filter((id) => tests.has(id)))
    Object.assign(mutants, { activeMutant: activeMutant.id, hitLimit: MOST_HITS })
    forget()
    try {
      for (const [i, id] of ids.entries()) {
        const { run: failed } = tests.get(id)
        mutants.hitCount = 0
        Object.assign(this.work, {
          steps: 0,
          most: MOST_STEPS * (this.steps.get(id) ?? Number.POSITIVE_INFINITY) + 1000,
        })
        const failureMessage = await failureOf(failed)
        if (mutants.hitCount > MOST_HITS || this.work.steps > this.work.most)
          return { result: { status: 'timeout', reason: 'it goes on and on' }, failed }
        if (failureMessage === undefined) continue
        return { result: { status: 'killed', killedBy: [id], failureMessage, nrOfTests: i + 1 }, failed }
      }
      return { result: { status: 'survived', nrOfTests: ids.length } }
    } finally {
      mutants.activeMutant = undefined
      this.work.most = Number.POSITIVE_INFINITY
      forget()
    }
  }
}

async function failureOf(run) {
  try {
    await run()
    return undefined
  } catch (error) {
    return String(error?.message ?? error)
  }
}

const factory = (options) => new InProcessRunner(options)
factory.inject = ['options']
export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', factory }]
