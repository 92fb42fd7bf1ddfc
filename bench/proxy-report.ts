/** What `bench/proxy.ts` has measured, as numbers and as lines to read. */
import type { Role, Vitals } from './proxy-roles.js'

interface Delays {
  /** Events that were measured. */
  events: number
  /** In milliseconds. */
  median: number
  p99: number
  most: number
}

function delaysOf(micros: number[]): Delays {
  const sorted = Float64Array.from(micros).sort()
  const at = (part: number) => (sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0) / 1000
  return { events: sorted.length, median: at(0.5), p99: at(0.99), most: at(1) }
}

/** How much is asked of the ways. */
export interface Load {
  streams: number
  rate: number
  seconds: number
  minutes: number
}

/** A way from the client to the upstream, and what was seen on it. */
export interface Way {
  name: 'direct' | 'plain proxy' | 'callsift'
  role: Role
  /** Delays in microseconds, of each turn. */
  turns: number[][]
  /** CPU time of the process in between (of the upstream itself for the direct way), in microseconds. */
  cpu: number
  passed: number
}

/** What was seen while everything went as fast as it could. */
export interface Flood {
  events: number
  /** From the first to the last event. */
  seconds: number
  /** CPU time of the proxy, in microseconds. */
  cpu: number
  samples: Vitals[]
}

export const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`
const ms = (value: number): string => `${value.toFixed(2)} ms`
const perMillion = (micros: number, events: number): number => Number((micros / events).toFixed(1))

/** The mean of the first half of the samples and of the second: memory that grows shows as a difference. */
function halves(samples: Vitals[], field: 'heapUsed' | 'rss'): { first: number; second: number } {
  const middle = Math.floor(samples.length / 2)
  const mean = (list: Vitals[]) => list.reduce((sum, one) => sum + one[field], 0) / list.length
  return { first: mean(samples.slice(0, middle)), second: mean(samples.slice(middle)) }
}

interface Paced {
  name: Way['name']
  delays: Delays
  /** What the way takes longer than the direct one. */
  added: { median: number; p99: number }
}

export interface Report {
  load: Load
  /** How many times the ways took turns. */
  turns: number
  paced: (Paced & { cpuPerMillion: number })[]
  quietestTurn: Paced[]
  flood: { events: number; seconds: number; cpuPerMillion: number }
  memory: { heapUsed: { first: number; second: number }; rss: { first: number; second: number } }
  calls: { found: number; sent: number }
}

/** Compares the ways by some of their delays; the first is the direct one. */
function compared(ways: Way[], microsOf: (way: Way) => number[]): Paced[] {
  const all = ways.map((way) => ({ name: way.name, delays: delaysOf(microsOf(way)) }))
  const direct = all[0]?.delays ?? delaysOf([])
  return all.map(({ name, delays }) => {
    return { name, delays, added: { median: delays.median - direct.median, p99: delays.p99 - direct.p99 } }
  })
}

/** The turn in which the ways without callsift were quickest. */
function quietestTurn(ways: Way[]): number {
  const others = ways.filter(({ name }) => name !== 'callsift')
  const noise = Array.from({ length: ways[0]?.turns.length ?? 0 }, (_, turn) =>
    others.reduce((sum, { turns }) => sum + delaysOf(turns[turn] ?? []).p99, 0),
  )
  return noise.indexOf(Math.min(...noise))
}

export function reportOf(load: Load, ways: Way[], flood: Flood, calls: Report['calls']): Report {
  const paced = compared(ways, ({ turns }) => turns.flat())
  const quietest = quietestTurn(ways)
  const { events, seconds, cpu, samples } = flood
  return {
    load,
    turns: ways[0]?.turns.length ?? 0,
    paced: paced.map((one, i) => ({ ...one, cpuPerMillion: perMillion(ways[i]?.cpu ?? 0, ways[i]?.passed ?? 1) })),
    quietestTurn: compared(ways, ({ turns }) => turns[quietest] ?? []),
    flood: { events, seconds, cpuPerMillion: perMillion(cpu, events) },
    memory: { heapUsed: halves(samples, 'heapUsed'), rss: halves(samples, 'rss') },
    calls,
  }
}

function printPaced(paced: Paced[]): void {
  for (const { name, delays, added } of paced) {
    const { events, median, p99, most } = delays
    const more = name === 'direct' ? '' : `; adds ${ms(added.median)}, 99th ${ms(added.p99)}`
    console.log(`  ${name}: ${events} events, median ${ms(median)}, 99th ${ms(p99)}, most ${ms(most)}${more}`)
  }
}

export function print({ load, turns, paced, quietestTurn, flood, memory, calls }: Report): void {
  const { streams, rate, seconds, minutes } = load
  console.log(`paced: ${streams} streams, ${rate} events a second each, ${seconds} s`)
  printPaced(paced)
  console.log(`  in the quietest turn of ${seconds / turns} s:`)
  printPaced(quietestTurn)
  for (const { name, cpuPerMillion } of paced)
    if (name !== 'direct') console.log(`  CPU of ${name}: ${cpuPerMillion} s per million events`)
  console.log(`flood: ${minutes} minutes' worth of that, ${flood.events} events in ${flood.seconds.toFixed(0)} s`)
  console.log(`  CPU of callsift: ${flood.cpuPerMillion} s per million events`)
  for (const [what, { first, second }] of [['heap', memory.heapUsed] as const, ['resident', memory.rss] as const])
    console.log(`  ${what}: ${mebibytes(first)} in the first half, ${mebibytes(second)} in the second`)
  console.log(`nothing lost, doubled or mixed up; ${calls.found} calls found in ${calls.sent} streams with one each`)
}
