import { existsSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { didYouMean } from './input/args.js'
import { overallHelp, verbHelp, version } from './output/help.js'
import { say, watchOutput, write } from './output/output.js'
import { quoted } from './output/screen-text.js'
import { UsageError, type Verb } from './verb.js'
import { VERBS } from './verbs.js'

/** Runs the command with its arguments (those behind its name) and gives the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined) {
    process.stderr.write(overallHelp(await allVerbs()))
    return 2
  }
  if (name === '--version' || name === '-V') {
    await write(`${version}\n`)
    return 0
  }
  if (name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    await write(overallHelp(await allVerbs()))
    return 0
  }
  if (name === 'help') return main([rest[0] ?? '', '--help'])
  const { verb } = await loadVerb(name)
  if (asksForHelp(rest)) {
    await write(verbHelp(verb))
    return 0
  }
  return verb.run(rest)
}

async function allVerbs(): Promise<Verb[]> {
  const modules = await Promise.all(Object.values(VERBS).map((load) => load()))
  return modules.map(({ verb }) => verb)
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  const flags = end === -1 ? args : args.slice(0, end)
  return flags.includes('--help') || flags.includes('-h')
}

function loadVerb(name: string): Promise<{ verb: Verb }> {
  const load = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined
  if (load !== undefined) return load()
  if (existsSync(name)) throw new UsageError(`a command comes before the file: callsift parse ${name}`)
  const names = Object.keys(VERBS)
  const near = didYouMean(name, names)
  throw new UsageError(
    `unknown command ${quoted(name)}${near || `. Commands: ${names.join(', ')}`}; see callsift --help`,
  )
}

if (isMainThread) {
  watchOutput()
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    process.exitCode = 2
    if (error instanceof UsageError) say(error.message, 'error')
    else {
      say(
        `this is a bug in callsift, please report it: ${error instanceof Error ? error.stack : String(error)}`,
        'error',
      )
    }
  }
} else await (await import('./input/work-lines.js')).workLines()
