import { getFormat } from '../src/index.js'
import { textOf } from './callsift.js'
import { HOSTILE, type HostileReader } from './hostile.js'
import { LIST_LENGTH, listTasks } from './lists.js'
import type { LiveFigure } from './live.js'
import { JSON_PEERS, peers } from './peers.js'
import type { Processes } from './processes.js'
import { STREAMS } from './streams.js'
import { AMONG_OTHERS, BY_AUTO, type Task } from './subject.js'
import { chunksOf, type Feed, makeWorkload, type WorkloadId } from './workloads.js'

/** What to measure. */
export interface Plan {
  readonly formats: readonly string[]
  /** Formats of which only `CHUNKED` is measured, in tokens. */
  readonly grammars: readonly string[]
  readonly workloads: readonly WorkloadId[]
  readonly feeds: readonly Feed[]
  readonly peers: boolean
  /** Samples of each figure; the median counts. */
  readonly rounds: number
  /** Growth, memory, hostile texts and streams too. */
  readonly beyondSpeed: boolean
  /** Which of the generated lists: a few that the seed chooses, or all of them. */
  readonly lists: 'some' | 'all'
  readonly seed: number
}

/** One task done by everybody who can. Nanoseconds for one reading, or the word that says why there are none. */
export interface SpeedRow extends Task {
  readonly characters: number
  readonly chunks: number
  readonly ns: Record<string, number | string>
  /** How far the samples of each lie apart, as a share of the median: what others use the machine for shows here. */
  readonly spread: Record<string, number>
}

export interface Results {
  readonly speed: SpeedRow[]
  /** By format: nanoseconds for a chunk with so many characters already read. */
  readonly growth: Record<string, Record<string, number>>
  /** By format: bytes retained per character, bytes allocated per chunk, microseconds to the first piece of arguments. */
  readonly memory: Record<string, { retained: number; allocated: number }>
  readonly firstDelta: Record<string, number>
  /** By format, of 10,000 parsers that read by turns. */
  readonly live: Record<string, Record<LiveFigure, number>>
  /** By format and kind: milliseconds for a text in tokens, and for one twice as long: that also whole, and only put together. */
  readonly hostile: Record<string, Record<string, Hostile>>
  /** The same for lists of one unit behind one lead, by what they are and how they are fed. */
  readonly lists: Record<string, Record<string, { once: number; twice: number }>>
  /** By format and kind: nanoseconds for a chunk. */
  readonly streams: Record<string, Record<string, number>>
}

export interface Hostile {
  readonly once: number
  readonly twice: number
  readonly whole: number
  readonly concatenate: number
}

/** Tells of what goes on: a word of progress that is written over, and each row once it is there. */
export interface Teller {
  say(line: string): void
  row(row: SpeedRow): void
}

export const CEILINGS = ['JSON.parse', 'concatenate', 'charCodeAt', 'indexOf'] as const

/** Characters that were read before the chunks that are timed. */
export const GROWTH = [10_000, 100_000, 1_000_000]
const HOSTILE_LENGTH = 500_000
/** A text twice as long that takes more than so many times as long is measured again. */
const STEADY = 2.2
/** Milliseconds of reading before the first sample, at most, so that code is compiled: bounds are a few lines, parsers more. */
const WARM = { bound: 160, parser: 2_400 }
/** Milliseconds of one sample: long enough that what the others left in the caches does not count. */
const SLICE = 20

/** Workloads that are also read by a process that has read other formats. */
const AMONG: readonly WorkloadId[] = ['small', 'turn']
/** Workloads that are also read by `auto`, which costs something for each text before it decides. */
const UNDECIDED: readonly WorkloadId[] = ['reply', 'small']

/** Who does a task. */
function namesFor(task: Task, plan: Plan): string[] {
  const names = [`callsift ${task.format}`, ...CEILINGS]
  if (AMONG.includes(task.workload)) names.push(AMONG_OTHERS)
  if (UNDECIDED.includes(task.workload)) names.push(BY_AUTO)
  if (!plan.peers) return names
  // JSON is the same behind every marker: once is enough.
  const isOnce = (peer: string) => task.format !== 'hermes' && (JSON_PEERS as readonly string[]).includes(peer)
  return [...names, ...Object.keys(peers).filter((peer) => !isOnce(peer))]
}

/** What shows how long a format takes for the chunks of prose, of long strings and of small calls. */
export const CHUNKED: readonly WorkloadId[] = ['turn', '10k', '100k', 'calls']

function tasksOf({ formats, workloads, feeds }: Plan): Task[] {
  return formats.flatMap((format) =>
    workloads.flatMap((workload) => feeds.map((feed): Task => ({ format, workload, feed }))),
  )
}

function grammarTasks({ grammars }: Plan): Task[] {
  return grammars.flatMap((format) => CHUNKED.map((workload): Task => ({ format, workload, feed: 'tokens' })))
}

/** Seconds for all that stands beyond speed, of one format, as it came out on two cores. */
const BEYOND = 45

/** Minutes that a plan takes on a machine that does nothing else, about. */
export function minutesOf(plan: Plan): number {
  const milliseconds = [...tasksOf(plan), ...grammarTasks(plan)].map((task) => {
    const names = namesFor(task, plan)
    // Most get no faster after half of the time that they are given for it. Half of them are bounds.
    return (names.length * (WARM.parser + WARM.bound)) / 4 + names.length * plan.rounds * SLICE
  })
  const speed = milliseconds.reduce((sum, time) => sum + time, 0) / 1000
  return Math.ceil((speed + (plan.beyondSpeed ? BEYOND * plan.formats.length : 0)) / 60)
}

/** Takes all measurements of a plan, one process at a time. */
export async function measure(plan: Plan, processes: Processes, teller: Teller): Promise<Results> {
  const { say } = teller
  const results: Results = {
    speed: [],
    growth: {},
    memory: {},
    firstDelta: {},
    live: {},
    hostile: {},
    lists: {},
    streams: {},
  }
  for (const format of plan.formats) {
    getFormat(format)
    for (const workload of plan.workloads) {
      for (const feed of plan.feeds) {
        say(`${format} ${workload} ${feed}`)
        const row = await measureSpeed({ format, workload, feed }, plan, processes)
        results.speed.push(row)
        teller.row(row)
      }
    }
    if (plan.beyondSpeed) await measureBeyond(format, plan, processes, results, say)
  }
  for (const task of grammarTasks(plan)) {
    say(`${task.format} ${task.workload} ${task.feed}`)
    const row = await measureSpeed(task, plan, processes)
    results.speed.push(row)
    teller.row(row)
  }
  return results
}

async function measureSpeed(task: Task, plan: Plan, processes: Processes): Promise<SpeedRow> {
  const names = namesFor(task, plan)
  const text = textOf(task.format, makeWorkload(task.workload))
  const samples = new Map<string, number[]>()
  const ns: Record<string, number | string> = {}
  const spread: Record<string, number> = {}
  for (const name of names) {
    const ms = (CEILINGS as readonly string[]).includes(name) ? WARM.bound : WARM.parser
    const verdict = await processes.ask(name, { ask: 'warm', task, ms })
    if (verdict === 'ok') samples.set(name, [])
    else if (verdict !== 'none') ns[shortName(name)] = verdict
  }
  for (let round = 0; round < plan.rounds; round++) {
    for (const [name, times] of samples) times.push(Number(await processes.ask(name, { ask: 'time', task, ms: SLICE })))
  }
  for (const [name, times] of samples) {
    const middle = median(times)
    ns[shortName(name)] = middle
    spread[shortName(name)] = (Math.max(...times) - Math.min(...times)) / middle
  }
  return { ...task, characters: text.length, chunks: chunksOf(text, task.feed).length, ns, spread }
}

async function measureBeyond(
  format: string,
  plan: Plan,
  processes: Processes,
  results: Results,
  say: (line: string) => void,
): Promise<void> {
  const name = `callsift ${format}`
  const ask = async (question: Parameters<Processes['ask']>[1]): Promise<number> =>
    Number(await processes.ask(name, question))
  say(`${format} growth and memory`)
  const growth: Record<string, number> = {}
  for (const read of GROWTH) growth[read] = await ask({ ask: 'growth', format, read })
  results.growth[format] = growth
  results.memory[format] = {
    retained: await ask({ ask: 'memory', format, what: 'retained' }),
    allocated: await ask({ ask: 'memory', format, what: 'allocated' }),
  }
  results.firstDelta[format] = await ask({ ask: 'first', format })
  say(`${format} many parsers`)
  results.live[format] = {
    among: await ask({ ask: 'live', format, what: 'among' }),
    alone: await ask({ ask: 'live', format, what: 'alone' }),
    pause: await ask({ ask: 'live', format, what: 'pause' }),
    bytes: await ask({ ask: 'live', format, what: 'bytes' }),
  }
  const streams: Record<string, number> = {}
  for (const kind of Object.keys(STREAMS)) streams[kind] = 0
  const samples: Record<string, number[]> = {}
  for (let round = 0; round < plan.rounds; round++) {
    for (const kind of Object.keys(STREAMS)) {
      samples[kind] ??= []
      samples[kind].push(await ask({ ask: 'stream', format, kind, ms: 60 }))
    }
  }
  for (const kind of Object.keys(STREAMS)) streams[kind] = median(samples[kind] ?? [])
  results.streams[format] = streams
  const hostile: Record<string, Hostile> = {}
  for (const text of Object.keys(HOSTILE)) {
    say(`${format} hostile: ${text}`)
    const time = (reader: HostileReader, times: number) =>
      ask({ ask: 'hostile', format, text, length: times * HOSTILE_LENGTH, reader })
    const tokens = await doubled((times) => time('tokens', times))
    hostile[text] = { ...tokens, whole: await time('whole', 2), concatenate: await time('concatenate', 2) }
  }
  results.hostile[format] = hostile
  const lists: Record<string, { once: number; twice: number }> = {}
  for (const list of listTasks(format, plan.lists, plan.seed)) {
    const what = `${list.name} ${list.feed}`
    say(`${format} ${what}`)
    lists[what] = await doubled((times) => ask({ ask: 'list', format, list, length: times * LIST_LENGTH }))
  }
  results.lists[format] = lists
}

/** The time for a text and for twice as much of it. */
async function doubled(timeOf: (times: number) => Promise<number>): Promise<{ once: number; twice: number }> {
  let best = { once: 1, twice: Number.POSITIVE_INFINITY }
  // Code that is compiled anew in between makes one of the two slower; cost that grows with the text does so each time.
  for (let tries = 0; tries < 3 && !(best.twice / best.once < STEADY); tries++) {
    const once = await timeOf(1)
    const twice = await timeOf(2)
    if (twice / once < best.twice / best.once) best = { once, twice }
  }
  return best
}

function shortName(name: string): string {
  return name.startsWith('callsift ') ? 'callsift' : name
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}
