/**
 * Load on the proxy: many streams at once of token-sized events, through the proxy and directly from the same upstream.
 *
 *     npm run bench:proxy [-- --streams 200 --rate 50 --seconds 20 --minutes 10 --json]
 *
 * Upstream, proxy and client are processes of one machine, and so is a plain proxy that only copies bytes.
 * 1. Paced: each stream has `rate` events a second for `seconds`, directly, through the plain proxy and through callsift in
 *    turn. Each event carries the time at which it was written; what a hop adds is the difference of the distributions.
 * 2. Flood: as many events as come in `minutes` at that rate, as fast as they go, with the proxy's memory looked at as
 *    they pass. (Half of each stream is content, half the argument of a call.)
 * Every event carries the number of its stream and its own: a lost, doubled or mixed up one ends the run with exit code 1.
 * It takes about three minutes.
 */
import { get, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createSseReader, isDone } from '../src/adapters/sse.js'
import { now, type Order, playRole, type Role, type RoleName, startRole, type Vitals } from './proxy-roles.js'

/** How many times the paced runs take turns, so that what else the machine does falls on all alike. */
const TURNS = 2
/** Seconds at the beginning of each paced run that are not counted: the streams begin then. */
const BEGINNING = 2
const TOOLS = [{ type: 'function', function: { name: 'write', parameters: { type: 'object' } } }]

/** Reads one stream to its end. Tells `delayed` how many microseconds each event took. */
function readStream(port: number, order: Order, delayed: (n: number, micros: number) => void): Promise<void> {
  const body = JSON.stringify({ model: JSON.stringify(order), stream: true, messages: [], tools: TOOLS })
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`stream ${order.stream}: ${why}`))
    const options = { host: '127.0.0.1', port, path: '/v1/chat/completions', method: 'POST' }
    request(options, (response) => {
      if (response.statusCode !== 200) fail(`status ${response.statusCode}`)
      const reader = createSseReader()
      let next = 0
      let rest = '' // of a token that is not whole yet
      let ended = false
      response.on('data', (bytes: Buffer) => {
        const at = now()
        for (const event of reader.push(bytes)) {
          if (isDone(event)) ended = true
          if (ended) continue
          const delta = JSON.parse(event.data).choices[0]?.delta ?? {}
          const text: string = delta.content ?? delta.tool_calls?.[0]?.function?.arguments ?? ''
          const tokens = (rest + text.replace(/[^0-9. ]+/g, '')).split(' ')
          rest = tokens.pop() ?? ''
          for (const token of tokens) {
            if (token === '') continue
            const [stream, n, time = ''] = token.split('.')
            if (Number(stream) !== order.stream || Number(n) !== next) fail(`expected event ${next}, got ${token}`)
            delayed(next++, at - Number(time))
          }
        }
      })
      response.on('end', () => {
        if (next !== order.events || !ended) fail(`ended behind event ${next} of ${order.events}`)
        resolve()
      })
      response.on('error', reject)
    })
      .on('error', reject)
      .end(body)
  })
}

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

interface Load {
  streams: number
  rate: number
  seconds: number
  minutes: number
}

/** A way from the client to the upstream, and what was seen on it. */
interface Way {
  name: 'direct' | 'plain proxy' | 'callsift'
  role: Role
  micros: number[]
  /** CPU time of the process in between (of the upstream itself for the direct way), in microseconds. */
  cpu: number
  passed: number
}

/** One paced run. Its streams begin one after the other, within a second. */
async function pacedRun(way: Way, { streams, rate }: Load, seconds: number): Promise<void> {
  const events = Math.round(rate * (seconds + BEGINNING))
  const delayed = (n: number, micros: number) => {
    if (n >= rate * BEGINNING) way.micros.push(micros)
  }
  const before = await way.role.vitals()
  await Promise.all(
    Array.from({ length: streams }, async (_, stream) => {
      await new Promise((resolve) => setTimeout(resolve, (stream / streams) * 1000))
      await readStream(way.role.port, { stream, events, rate }, delayed)
    }),
  )
  way.cpu += (await way.role.vitals()).cpu - before.cpu
  way.passed += streams * events
}

async function pacedRuns(ways: Way[], load: Load, progress: Progress): Promise<void> {
  for (const way of ways) {
    progress(`warming up: ${way.name}`)
    await pacedRun({ ...way }, load, 0)
    way.micros.length = 0
  }
  for (let turn = 1; turn <= TURNS; turn++) {
    for (const way of ways) {
      progress(`paced: ${way.name}, turn ${turn} of ${TURNS}, ${load.seconds / TURNS + BEGINNING} s`)
      await pacedRun(way, load, load.seconds / TURNS)
    }
  }
}

interface Flood {
  events: number
  /** From the first to the last event. */
  seconds: number
  /** CPU time of the proxy, in microseconds. */
  cpu: number
  samples: Vitals[]
}

/** Floods round after round, and looks at the proxy between them. */
async function floodRun(proxy: Role, { streams, rate, minutes }: Load, progress: Progress): Promise<Flood> {
  const rounds = Math.max(4, Math.min(20, Math.round(minutes * 2)))
  const events = Math.max(2, Math.round((rate * minutes * 60) / rounds))
  const samples: Vitals[] = []
  const before = await proxy.vitals()
  const begun = performance.now()
  for (let round = 1; round <= rounds; round++) {
    const { heapUsed, rss } = samples.at(-1) ?? before
    progress(`flood: round ${round} of ${rounds}, heap ${mebibytes(heapUsed)}, resident ${mebibytes(rss)}`)
    await Promise.all(
      Array.from({ length: streams }, (_, stream) => {
        return readStream(proxy.port, { stream, events, rate: 0 }, () => undefined)
      }),
    )
    samples.push(await proxy.vitals())
  }
  const seconds = (performance.now() - begun) / 1000
  return { events: streams * events * rounds, seconds, cpu: (samples.at(-1)?.cpu ?? 0) - before.cpu, samples }
}

/** How many calls the proxy says it has found. */
function callsFound(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/metrics' }, async (response) => {
      let text = ''
      for await (const piece of response.setEncoding('utf8')) text += piece
      resolve(Number(/callsift_calls_total\{format="hermes",status="complete"\} (\d+)/.exec(text)?.[1] ?? 0))
    }).on('error', reject)
  })
}

/** Says what is being done, on a terminal. */
type Progress = (line: string) => void

function createProgress(): { say: Progress; clear(): void } {
  const { stderr } = process
  if (!stderr.isTTY) return { say: () => undefined, clear: () => undefined }
  const clear = () => void stderr.write('\r\x1b[K')
  return {
    say(line) {
      clear()
      stderr.write(line)
    },
    clear,
  }
}

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`
const ms = (value: number): string => `${value.toFixed(2)} ms`
const perMillion = (micros: number, events: number): number => Number((micros / events).toFixed(1))

/** The mean of the first half of the samples and of the second: memory that grows shows as a difference. */
function halves(samples: Vitals[], field: 'heapUsed' | 'rss'): { first: number; second: number } {
  const middle = Math.floor(samples.length / 2)
  const mean = (list: Vitals[]) => list.reduce((sum, one) => sum + one[field], 0) / list.length
  return { first: mean(samples.slice(0, middle)), second: mean(samples.slice(middle)) }
}

interface Report {
  load: Load
  paced: { name: Way['name']; delays: Delays; added: { median: number; p99: number }; cpuPerMillion: number }[]
  flood: { events: number; seconds: number; cpuPerMillion: number }
  memory: { heapUsed: { first: number; second: number }; rss: { first: number; second: number } }
  calls: { found: number; sent: number }
}

function reportOf(load: Load, ways: Way[], flood: Flood, calls: Report['calls']): Report {
  const direct = delaysOf(ways[0]?.micros ?? [])
  const paced = ways.map(({ name, micros, cpu, passed }) => {
    const delays = delaysOf(micros)
    const added = { median: delays.median - direct.median, p99: delays.p99 - direct.p99 }
    return { name, delays, added, cpuPerMillion: perMillion(cpu, passed) }
  })
  const { events, seconds, cpu, samples } = flood
  return {
    load,
    paced,
    flood: { events, seconds, cpuPerMillion: perMillion(cpu, events) },
    memory: { heapUsed: halves(samples, 'heapUsed'), rss: halves(samples, 'rss') },
    calls,
  }
}

function print({ load, paced, flood, memory, calls }: Report): void {
  const { streams, rate, seconds, minutes } = load
  console.log(`paced: ${streams} streams, ${rate} events a second each, ${seconds} s`)
  for (const { name, delays, added, cpuPerMillion } of paced) {
    const { events, median, p99, most } = delays
    console.log(`  ${name}: ${events} events, median ${ms(median)}, 99th ${ms(p99)}, most ${ms(most)}`)
    if (name === 'direct') continue
    console.log(
      `    adds: median ${ms(added.median)}, 99th ${ms(added.p99)}; CPU ${cpuPerMillion} s per million events`,
    )
  }
  console.log(`flood: ${minutes} minutes' worth of that, ${flood.events} events in ${flood.seconds.toFixed(0)} s`)
  console.log(`  CPU of callsift: ${flood.cpuPerMillion} s per million events`)
  for (const [what, { first, second }] of [['heap', memory.heapUsed] as const, ['resident', memory.rss] as const])
    console.log(`  ${what}: ${mebibytes(first)} in the first half, ${mebibytes(second)} in the second`)
  console.log(`nothing lost, doubled or mixed up; ${calls.found} calls found in ${calls.sent} streams with one each`)
}

function readLoad(args: string[]): { load: Load; json: boolean } {
  const option = (byDefault: string) => ({ type: 'string', default: byDefault }) as const
  const options = { streams: option('200'), rate: option('50'), seconds: option('20'), minutes: option('10') }
  const { values } = parseArgs({ args, options: { ...options, json: { type: 'boolean', default: false } } })
  const read = (name: keyof typeof options): number => {
    const value = Number(values[name])
    if (value > 0) return value
    throw new Error(`--${name} takes a number above 0, not ${values[name]}`)
  }
  const load = { streams: read('streams'), rate: read('rate'), seconds: read('seconds'), minutes: read('minutes') }
  return { load, json: values.json }
}

async function measure(load: Load, progress: Progress): Promise<Report> {
  const file = fileURLToPath(import.meta.url)
  const roles: Role[] = []
  const start = async (role: RoleName, port?: number): Promise<Role> => {
    const started = await startRole(file, role, port)
    roles.push(started)
    return started
  }
  try {
    const upstream = await start('upstream')
    const plain = await start('plain', upstream.port)
    const proxy = await start('proxy', upstream.port)
    const way = (name: Way['name'], role: Role): Way => ({ name, role, micros: [], cpu: 0, passed: 0 })
    const ways = [way('direct', upstream), way('plain proxy', plain), way('callsift', proxy)]
    await pacedRuns(ways, load, progress)
    const flood = await floodRun(proxy, load, progress)
    const sent = load.streams * (1 + TURNS + flood.samples.length)
    const calls = { found: await callsFound(proxy.port), sent }
    if (calls.found !== sent) throw new Error(`${calls.found} calls were found in ${sent} streams with one each`)
    return reportOf(load, ways, flood, calls)
  } finally {
    for (const role of roles) role.stop()
  }
}

const [role = '', upstreamPort] = process.argv.slice(2)
if (role === 'upstream' || role === 'plain' || role === 'proxy') await playRole(role, Number(upstreamPort))
else {
  const { load, json } = readLoad(process.argv.slice(2))
  const progress = createProgress()
  const report = await measure(load, progress.say).finally(progress.clear)
  if (json) console.log(JSON.stringify(report, null, 2))
  else print(report)
}
