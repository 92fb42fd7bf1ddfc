// Measures the library beside other parsers and beside what nobody can beat.
import { parseArgs } from 'node:util'
import { formats } from '../src/index.js'
import { type Floor, floorsOf, isBetter, isMet } from './floors.js'
import { measure, minutesOf, type Plan, type Teller } from './measure.js'
import { Processes } from './processes.js'
import { floorLines, markdownReport, speedHead, speedLine, textReport } from './report.js'
import { serve } from './worker.js'
import { FEEDS, WORKLOADS } from './workloads.js'

const FORMATS = ['hermes', 'llama3', 'mistral', 'qwen3-coder', 'deepseek-v3.1', 'deepseek-v4', 'pythonic']

/** One format at least of each other grammar. They are held against Hermes, in tokens alone. */
const GRAMMARS = [
  ...['glm-4.5', 'glm-4.7', 'hunyuan-v3', 'k2-horizon'],
  ...['harmony', 'muse', 'inkling', 'functionary-v3.2', 'kimi-k3'],
  ...['gemma4', 'functiongemma', 'minimax-m3', 'command-5'],
  ...['kimi-k2', 'minimax-m2', 'lfm2', 'granite3', 'seed-oss', 'mimo'],
]

const FLOOR_WORKLOADS = ['reply', 'turn', '10k', 'ascii', '100k', '1m', 'calls', 'prose'] as const

const HELP = `Measures the library beside other parsers and beside what nobody can beat.
  npm run bench                         everything, as text
  npm run bench -- --json               the figures
  npm run bench -- --markdown           the tables of the README
  npm run bench -- --floors             only what has to hold, without peers; exit code 1 if it does not
  npm run bench -- --floors --slack 0.6 --tries 3    the same on a machine that others use too: so much of a floor may be
                                        missed, and what is missed is measured again
  npm run bench -- --all-hostile        every lead with every unit (bench/lists.ts), in every feed: half an hour for a format;
                                        without it a few of them, other ones for each --seed 1, 2, 3 …
  npm run bench -- --help               these lines
  npm run bench -- --formats hermes --workloads turn,100k --feeds tokens --rounds 9 --speed`

const { values } = parseArgs({
  options: {
    worker: { type: 'string' },
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    floors: { type: 'boolean', default: false },
    speed: { type: 'boolean', default: false },
    formats: { type: 'string' },
    workloads: { type: 'string' },
    feeds: { type: 'string' },
    rounds: { type: 'string' },
    slack: { type: 'string', default: '0' },
    tries: { type: 'string', default: '1' },
    'all-hostile': { type: 'boolean', default: false },
    seed: { type: 'string', default: '0' },
    help: { type: 'boolean', default: false },
  },
})

if (values.worker !== undefined) serve(values.worker)
else if (values.help) console.log(HELP)
else process.exitCode = await main()

async function main(): Promise<number> {
  const known = new Set(formats().map(({ id }) => id))
  const { floors, markdown } = values
  const plan: Plan = {
    formats: listed(values.formats, markdown ? ['hermes'] : FORMATS.filter((id) => known.has(id))),
    grammars: floors && values.formats === undefined ? GRAMMARS : [],
    workloads: listed(values.workloads, floors ? FLOOR_WORKLOADS : WORKLOADS),
    feeds: listed(values.feeds, FEEDS),
    peers: !floors,
    rounds: Number(values.rounds ?? 5),
    beyondSpeed: !values.speed,
    lists: values['all-hostile'] ? 'all' : 'some',
    seed: Number(values.seed),
  }
  const processes = new Processes()
  try {
    const say = (line: string): void => {
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`)
    }
    console.error(`This takes about ${minutesOf(plan)} minutes on a machine that does nothing else.`)
    const isText = !values.json && !markdown && !floors
    if (isText) console.log(speedHead())
    const teller: Teller = {
      say,
      row(row) {
        say('')
        if (isText) console.log(speedLine(row))
      },
    }
    if (floors) return await holdFloors(plan, processes, teller)
    const results = await measure(plan, processes, teller)
    say('')
    const report = { ...results, floors: floorsOf(results) }
    console.log(
      values.json ? JSON.stringify(report, null, 2) : markdown ? markdownReport(results) : textReport(results),
    )
    return 0
  } finally {
    processes.stop()
  }
}

/**
 * Prints the floors; 1 if one is missed. Others on the machine make a reading slower and never faster, so the best of all
 * tries counts.
 */
async function holdFloors(plan: Plan, processes: Processes, teller: Teller): Promise<number> {
  const slack = Number(values.slack)
  const best = new Map<string, Floor>()
  for (let tries = Number(values.tries); tries > 0; tries--) {
    for (const floor of floorsOf(await measure(plan, processes, teller))) {
      const before = best.get(floor.what)
      if (before === undefined || isBetter(floor, before)) best.set(floor.what, floor)
    }
    if ([...best.values()].every((floor) => isMet(floor, slack))) break
  }
  teller.say('')
  const found = [...best.values()]
  console.log(floorLines(found, slack).join('\n'))
  return found.every((floor) => isMet(floor, slack)) ? 0 : 1
}

function listed<T extends string>(given: string | undefined, all: readonly T[]): readonly T[] {
  return given === undefined ? all : (given.split(',') as T[])
}
