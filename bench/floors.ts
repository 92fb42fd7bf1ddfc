import { CHUNKED, GROWTH, type Results, type SpeedRow } from './measure.js'
import { JSON_PEERS } from './peers.js'
import { AMONG_OTHERS, BY_AUTO } from './subject.js'
import { type Feed, makeWorkload, type WorkloadId } from './workloads.js'

/** A bound that a release keeps, as a ratio of two figures of one run. */
export interface Floor {
  readonly what: string
  readonly got: number
  readonly want: number
  /** `least`: `got` must reach `want`; `most`: it must not pass it. */
  readonly bound: 'least' | 'most'
  readonly peer: boolean
}

/** JSON formats that hand the text of the arguments on as it stands. */
const HANDS_ON = ['hermes', 'llama3', 'mistral', 'deepseek-v3.1']
/** Formats that write JSON anew from raw text. */
const TRANSCODES = ['qwen3-coder', 'deepseek-v3.2', 'deepseek-v4']

/** Much of them is markup, which formats write more or less of between the same values. */
const SMALL: readonly WorkloadId[] = ['turn', 'calls']

/** Hostile texts in which every line ends in events of its own: a note with its message, or a call that is read twice. */
const EVENTFUL: ReadonlySet<string> = new Set(['openers of calls', 'unclosed reasoning'])

/** Is the floor met? On a machine that others use too, `slack` forgives so much of it. */
export function isMet({ got, want, bound }: Floor, slack = 0): boolean {
  return bound === 'least' ? got >= want * (1 - slack) : got <= want * (1 + slack)
}

/** Did the same floor come out better here than there? */
export function isBetter(here: Floor, there: Floor): boolean {
  return here.bound === 'least' ? here.got > there.got : here.got < there.got
}

/** The floors that a run has figures for. */
export function floorsOf(results: Results): Floor[] {
  const floors: Floor[] = []
  const add = (what: string, got: number | undefined, bound: Floor['bound'], want: number, peer = false): void => {
    if (got !== undefined && !Number.isNaN(got)) floors.push({ what, got, want, bound, peer })
  }
  const row = (format: string, workload: WorkloadId, feed: Feed): SpeedRow | undefined =>
    results.speed.find((row) => row.format === format && row.workload === workload && row.feed === feed)
  for (const format of HANDS_ON) {
    for (const workload of ['10k', '100k', '1m'] as const) {
      add(`${format} ${workload} whole / JSON.parse`, ratio(row(format, workload, 'whole'), 'JSON.parse'), 'least', 0.4)
    }
    for (const workload of ['turn', '100k', '1m'] as const) {
      const want = workload === '1m' ? 0.33 : 0.25
      add(
        `${format} ${workload} tokens / concatenation`,
        ratio(row(format, workload, 'tokens'), 'concatenate'),
        'least',
        want,
      )
    }
    add(
      `${format} 100k characters / concatenation`,
      ratio(row(format, '100k', 'characters'), 'concatenate'),
      'least',
      1 / 6,
    )
  }
  add('hermes ascii whole / JSON.parse', ratio(row('hermes', 'ascii', 'whole'), 'JSON.parse'), 'least', 0.4)
  for (const format of [...HANDS_ON, ...TRANSCODES]) {
    const among = ratio(row(format, 'turn', 'tokens'), AMONG_OTHERS)
    add(`${format} turn tokens, time among eight formats / alone`, among, 'most', 1.3)
    // The look for other formats at the end of a text is most of what a short one takes.
    const reply = costOf(row(format, 'reply', 'whole'), row(format, 'turn', 'whole'))
    add(`${format} reply whole / turn whole, time`, reply, 'most', 0.5)
    const undecided = ratio(row(format, 'reply', 'whole'), BY_AUTO)
    add(`${format} reply whole, time with auto / with its name`, undecided, 'most', 4)
    const prose = costOf(row(format, 'prose', 'whole'), row(format, 'prose', 'tokens'))
    add(`${format} prose whole / tokens, time`, prose, 'most', 1)
  }
  for (const format of TRANSCODES) {
    for (const workload of ['10k', '100k', '1m'] as const) {
      for (const feed of ['whole', 'tokens'] as const) {
        const cost = costOf(row(format, workload, feed), row('hermes', workload, feed))
        add(`${format} ${workload} ${feed} / hermes, time`, cost, 'most', 2)
      }
    }
    // Tags are twice as much text as an object of JSON, and each value is written anew.
    for (const workload of SMALL) {
      const cost = costOf(row(format, workload, 'tokens'), row('hermes', workload, 'tokens'))
      add(`${format} ${workload} tokens / hermes, time`, cost, 'most', 3)
    }
  }
  for (const format of new Set(results.speed.map((row) => row.format))) {
    for (const workload of format === 'hermes' ? [] : CHUNKED) {
      const cost = chunkCost(row(format, workload, 'tokens'), row('hermes', workload, 'tokens'))
      add(`${format} ${workload}, a chunk / hermes, time`, cost, 'most', SMALL.includes(workload) ? 2.5 : 2)
    }
  }
  for (const workload of ['turn', '100k'] as const) {
    const hermes = row('hermes', workload, 'tokens')
    add(
      `${workload} tokens, times faster than @ai-sdk-tool/parser`,
      ratio(hermes, '@ai-sdk-tool/parser'),
      'least',
      30,
      true,
    )
    const best = Math.min(...JSON_PEERS.map((peer) => speedup(hermes, peer) ?? Number.POSITIVE_INFINITY))
    if (Number.isFinite(best))
      add(`${workload} tokens, times faster than the best streaming JSON parser`, best, 'least', 5, true)
  }
  addBeyond(results, add)
  addLists(results, add)
  return floors
}

type Add = (what: string, got: number | undefined, bound: Floor['bound'], want: number) => void

function addBeyond(results: Results, add: Add): void {
  const [first, last] = [GROWTH[0], GROWTH[GROWTH.length - 1]] as [number, number]
  for (const [format, growth] of Object.entries(results.growth)) {
    add(`${format} cost of a chunk, 1 MB / 10 KB read`, (growth[last] ?? 0) / (growth[first] ?? 0), 'most', 1.5)
  }
  for (const [format, { retained, allocated }] of Object.entries(results.memory)) {
    // A value that is written anew is held as both: what is asked is what the formats that hand it on hold.
    if (!HANDS_ON.includes(format)) continue
    add(`${format} bytes retained per Latin-1 character`, retained, 'most', 2)
    add(`${format} bytes allocated per chunk`, allocated, 'most', 300)
  }
  for (const [format, { bytes }] of Object.entries(results.live))
    add(`${format} bytes of a new parser`, bytes, 'most', 4096)
  for (const [format, streams] of Object.entries(results.streams)) {
    if (!HANDS_ON.includes(format)) continue
    add(
      `${format} parseBatches / pass-through`,
      (streams['pass-through generator'] ?? 0) / (streams.parseBatches ?? 0),
      'least',
      0.8,
    )
    const passing = streams['pass-through TransformStream'] ?? 0
    add(`${format} TransformStream / pass-through`, passing / (streams.TransformStream ?? 0), 'least', 0.8)
  }
  for (const [format, kinds] of Object.entries(results.hostile)) {
    const plain = kinds.plain?.twice ?? Number.NaN
    for (const [kind, { once, twice, whole, concatenate }] of Object.entries(kinds)) {
      add(`${format} ${kind}: twice the text`, twice / once, 'most', 2.3)
      add(`${format} ${kind} in tokens / concatenation, time`, twice / concatenate, 'most', 40)
      add(`${format} ${kind} whole / concatenation in tokens, time`, whole / concatenate, 'most', 40)
      if (kind === 'plain' || !HANDS_ON.includes(format)) continue
      add(`${format} ${kind} / plain text, time`, twice / plain, 'most', EVENTFUL.has(kind) ? 20 : 10)
    }
  }
}

function addLists(results: Results, add: Add): void {
  for (const [format, lists] of Object.entries(results.lists)) {
    // Not held against plain text: so short a one is soon read, and the look for other formats at the end is not.
    for (const [what, { once, twice }] of Object.entries(lists))
      add(`${format} ${what}: twice the text`, twice / once, 'most', 2.3)
  }
}

/** How much of the speed of `other` it reaches (or how many times faster it is): more is better. */
export function ratio(row: SpeedRow | undefined, other: string): number | undefined {
  const own = row?.ns.callsift
  const theirs = row?.ns[other]
  return typeof own === 'number' && typeof theirs === 'number' ? theirs / own : undefined
}

/** The same by characters a second: parsers of JSON get the arguments alone, and no prose, markers and names. */
export function speedup(row: SpeedRow | undefined, other: string): number | undefined {
  const times = ratio(row, other)
  if (row === undefined || times === undefined || !(JSON_PEERS as readonly string[]).includes(other)) return times
  const read = makeWorkload(row.workload).calls.map((call) => JSON.stringify(call.arguments).length)
  return (times * row.characters) / read.reduce((sum, length) => sum + length, 0)
}

/** What a chunk costs more than one of another. Where a format writes the same in fewer chunks, the whole text counts. */
function chunkCost(row: SpeedRow | undefined, other: SpeedRow | undefined): number | undefined {
  const cost = costOf(row, other)
  return row && other && cost && cost * Math.min(1, other.chunks / row.chunks)
}

function costOf(row: SpeedRow | undefined, other: SpeedRow | undefined): number | undefined {
  const [own, theirs] = [row?.ns.callsift, other?.ns.callsift]
  return typeof own === 'number' && typeof theirs === 'number' ? own / theirs : undefined
}
