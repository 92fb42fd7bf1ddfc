/**
 * Load on the proxy: many streams at once of token-sized events, through the proxy and directly from the same upstream.
 *
 *     npm run bench:proxy [-- --streams 200 --rate 50 --seconds 20 --minutes 10 --json]
 *
 * Upstream, proxy and client are processes of one machine, and so is a plain proxy that only copies bytes.
 * 1. Paced: each stream has `rate` events a second for `seconds`, directly, through the plain proxy and through callsift in
 *    turn. Each event carries the time at which it was written; what a hop adds is the difference of the distributions. All
 *    turns are reported, and the one in which the other two ways were quickest: other work of the machine disturbed it least.
 * 2. Flood: as many events as come in `minutes` at that rate, as fast as they go, with the proxy's memory looked at as
 *    they pass. (Half of each stream is content, half the argument of a call.)
 * Every event carries the number of its stream and its own: a lost, doubled or mixed up one ends the run with exit code 1.
 * It takes about three minutes.
 */
import { get, request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createSseReader, isDone } from '../src/adapters/sse/sse.js'
import { type Flood, type Load, mebibytes, print, type Report, reportOf, type Way } from './proxy-report.js'
import { now, type Order, playRole, type Role, type RoleName, startRole, type Vitals } from './proxy-roles.js'

/** How many times the paced runs take turns, so that what else the machine does falls on all alike. */
const TURNS = 4
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
          const tokens = (rest + text.replace(/[^0-9.;]+/g, '')).split(';')
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

/** One paced run. Its streams begin one after the other, within a second. */
async function pacedRun(way: Way, { streams, rate }: Load, seconds: number): Promise<void> {
  const events = Math.round(rate * (seconds + BEGINNING))
  const delays: number[] = []
  const delayed = (n: number, micros: number) => {
    if (n >= rate * BEGINNING) delays.push(micros)
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
  way.turns.push(delays)
}

async function pacedRuns(ways: Way[], load: Load, progress: Progress): Promise<void> {
  for (const way of ways) {
    progress(`warming up: ${way.name}`)
    await pacedRun({ ...way, turns: [] }, load, 0)
  }
  for (let turn = 1; turn <= TURNS; turn++) {
    for (const way of ways) {
      progress(`paced: ${way.name}, turn ${turn} of ${TURNS}, ${load.seconds / TURNS + BEGINNING} s`)
      await pacedRun(way, load, load.seconds / TURNS)
    }
  }
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
      // A line for each model: the streams have a name of their own each, and the hundred first a line.
      const lines = text.matchAll(/^callsift_calls_total\{.*format="hermes",status="complete"\} (\d+)$/gm)
      resolve([...lines].reduce((sum, [, calls]) => sum + Number(calls), 0))
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
    const way = (name: Way['name'], role: Role): Way => ({ name, role, turns: [], cpu: 0, passed: 0 })
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
