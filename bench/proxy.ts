/**
 * Load on the proxy: many streams at once of token-sized events, through the proxy and directly from the same upstream.
 *
 *     node scripts/run-ts.mjs bench/proxy.ts [--streams 200] [--rate 50] [--seconds 20] [--minutes 10]
 *
 * Three processes on one machine: an upstream that writes chat completions, the proxy, and this one as the client.
 * 1. Paced: each stream has `rate` events a second for `seconds`, directly and through the proxy in turn. Each event
 *    carries the time at which it was written; what the proxy adds is the difference of the two distributions.
 * 2. Flood: as many events as come in `minutes` at that rate, as fast as they go, with the proxy's memory looked at as
 *    they pass. (Half of each stream is content, half the argument of a call.)
 * Every event carries the number of its stream and its own: a lost, doubled or mixed up one ends the run with exit code 1.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, get, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createSseReader, isDone } from '../src/adapters/sse.js'
import { startProxy } from '../src/proxy/node.js'

/** Microseconds on the clock that all processes of the machine share. */
const now = (): number => Number(process.hrtime.bigint() / 1000n)
/** How many times the paced runs take turns. */
const SLICES = 4
const TOOLS = [{ type: 'function', function: { name: 'write', parameters: { type: 'object' } } }]

/** What a stream is to be: the model's name carries it. `rate` 0 is as fast as it goes. */
interface Order {
  stream: number
  events: number
  rate: number
}

// --- the upstream ---

/** The text of an event: its stream, its number, its time, as `12.345.9876543 `. */
function textOf({ stream, events }: Order, n: number): string {
  const token = `${stream}.${n}.${now()} `
  const half = Math.floor(events / 2)
  if (n === half) return `\n<tool_call>\n{"name": "write", "arguments": {"text": "${token}`
  return n === events - 1 ? `${token}"}}\n</tool_call>` : token
}

function eventOf(order: Order, n: number): string {
  const choice = { index: 0, delta: { content: textOf(order, n) }, logprobs: null, finish_reason: null }
  const chunk = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice] }
  return `data: ${JSON.stringify(chunk)}\n\n`
}

const LAST =
  'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'

async function flood(order: Order, response: ServerResponse): Promise<void> {
  for (let n = 0; n < order.events; n++) {
    if (!response.write(eventOf(order, n))) await new Promise((resolve) => response.once('drain', resolve))
    if (n % 16 === 15) await new Promise((resolve) => setImmediate(resolve))
  }
  response.end(LAST)
}

async function upstream(): Promise<void> {
  const paced = new Set<{ order: Order; response: ServerResponse; begun: number; n: number }>()
  setInterval(() => {
    for (const one of paced) {
      const due = Math.min(one.order.events, Math.floor(((now() - one.begun) * one.order.rate) / 1e6))
      while (one.n < due) one.response.write(eventOf(one.order, one.n++))
      if (one.n < one.order.events) continue
      paced.delete(one)
      one.response.end(LAST)
    }
  }, 1)
  const server = createServer(async (request_, response) => {
    let body = ''
    for await (const chunk of request_.setEncoding('utf8')) body += chunk
    const order: Order = JSON.parse(JSON.parse(body).model)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    // Streams of people do not tick together: each begins somewhere within a step.
    const begun = now() + ((order.stream * 7919) % Math.round(1e6 / Math.max(order.rate, 1)))
    if (order.rate === 0) await flood(order, response)
    else paced.add({ order, response, begun, n: 0 })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.send?.({ port: (server.address() as AddressInfo).port })
}

// --- the proxy ---

async function proxy(upstreamPort: number): Promise<void> {
  const running = await startProxy({ upstream: `http://127.0.0.1:${upstreamPort}/v1`, format: 'hermes', port: 0 })
  process.on('message', () => {
    const before = process.cpuUsage()
    global.gc?.()
    const { heapUsed, rss, external } = process.memoryUsage()
    const { user, system } = before
    process.send?.({ cpu: user + system, heapUsed, rss, external })
  })
  process.send?.({ port: running.port })
}

/** What the proxy says of itself: microseconds of CPU time so far, and bytes after a garbage collection. */
interface Vitals {
  cpu: number
  heapUsed: number
  rss: number
  external: number
}

async function vitalsOf(child: ChildProcess): Promise<Vitals> {
  child.send('vitals')
  const [vitals] = await once(child, 'message')
  return vitals as Vitals
}

// --- the client ---

/** Reads one stream to its end and gives the delays of its events in microseconds. */
function readStream(port: number, order: Order, delays: number[]): Promise<void> {
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
            next++
            delays.push(at - Number(time))
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

interface Distribution {
  events: number
  median: number
  p99: number
  most: number
}

function distributionOf(delays: number[]): Distribution {
  const sorted = Float64Array.from(delays).sort()
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0
  return { events: sorted.length, median: at(0.5), p99: at(0.99), most: at(1) }
}

/** Adds the delays of one paced run. */
async function pacedRun(port: number, streams: number, rate: number, seconds: number, delays: number[]): Promise<void> {
  const orders = Array.from({ length: streams }, (_, stream) => ({ stream, events: Math.round(rate * seconds), rate }))
  await Promise.all(orders.map((order) => readStream(port, order, delays)))
}

/** Paced runs, directly and through the proxy in turn, so that what else the machine does falls on both alike. */
async function pacedRuns(up: number, mid: number, child: ChildProcess, streams: number, rate: number, seconds: number) {
  const direct: number[] = []
  const through: number[] = []
  let cpu = 0
  for (let slice = 0; slice < SLICES; slice++) {
    await pacedRun(up, streams, rate, seconds / SLICES, direct)
    const before = await vitalsOf(child)
    await pacedRun(mid, streams, rate, seconds / SLICES, through)
    cpu += (await vitalsOf(child)).cpu - before.cpu
  }
  return { direct: distributionOf(direct), through: distributionOf(through), cpu }
}

/** Floods round after round, each as long as one paced run, and looks at the proxy between them. */
async function floodRun(port: number, child: ChildProcess, streams: number, perStream: number, rounds: number) {
  const samples: Vitals[] = []
  const begun = performance.now()
  for (let round = 0; round < rounds; round++) {
    const orders = Array.from({ length: streams }, (_, stream) => ({ stream, events: perStream, rate: 0 }))
    await Promise.all(orders.map((order) => readStream(port, order, [])))
    samples.push(await vitalsOf(child))
    const last = samples.at(-1)
    console.log(`  round ${round + 1} of ${rounds}: heap ${mebibytes(last?.heapUsed)}, rss ${mebibytes(last?.rss)}`)
  }
  return { samples, seconds: (performance.now() - begun) / 1000 }
}

const mebibytes = (bytes = 0): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`
const ms = (micros: number): string => `${(micros / 1000).toFixed(2)} ms`

async function startRole(role: string, ...args: string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(fileURLToPath(import.meta.url), [role, ...args])
  const [message] = await once(child, 'message')
  return { child, port: (message as { port: number }).port }
}

async function client(args: string[]): Promise<void> {
  const option = (byDefault: string) => ({ type: 'string', default: byDefault }) as const
  const options = { streams: option('200'), rate: option('50'), seconds: option('20'), minutes: option('10') }
  const { values } = parseArgs({ args, options })
  const [streams, rate, seconds, minutes] = [values.streams, values.rate, values.seconds, values.minutes].map(
    Number,
  ) as [number, number, number, number]
  const up = await startRole('upstream')
  const mid = await startRole('proxy', String(up.port))
  try {
    console.log(`paced: ${streams} streams, ${rate} events a second each, ${seconds} s`)
    await pacedRun(mid.port, streams, rate, 2, []) // warm
    const { direct, through, cpu: pacedCpu } = await pacedRuns(up.port, mid.port, mid.child, streams, rate, seconds)
    const show = (name: string, { events, median, p99, most }: Distribution) =>
      console.log(`  ${name}: ${events} events, median ${ms(median)}, 99th ${ms(p99)}, most ${ms(most)}`)
    show('direct ', direct)
    show('proxied', through)
    console.log(`  added: median ${ms(through.median - direct.median)}, 99th ${ms(through.p99 - direct.p99)}`)
    console.log(`  CPU of the proxy: ${(pacedCpu / through.events).toFixed(1)} s per million events`)

    const events = streams * rate * minutes * 60
    const rounds = Math.max(4, Math.min(20, Math.round(minutes * 2)))
    const perStream = Math.max(2, Math.round(events / streams / rounds))
    console.log(`flood: ${minutes} minutes' worth of that, ${streams * perStream * rounds} events`)
    const start = await vitalsOf(mid.child)
    const { samples, seconds: took } = await floodRun(mid.port, mid.child, streams, perStream, rounds)
    const total = streams * perStream * rounds
    const cpu = ((samples.at(-1)?.cpu ?? 0) - start.cpu) / total
    console.log(
      `  ${took.toFixed(0)} s, ${Math.round(total / took)} events a second, ${cpu.toFixed(1)} s of CPU per million events`,
    )
    const half = Math.floor(samples.length / 2)
    const mean = (list: Vitals[], field: 'heapUsed' | 'rss') =>
      list.reduce((sum, one) => sum + one[field], 0) / list.length
    for (const field of ['heapUsed', 'rss'] as const) {
      const [first, second] = [mean(samples.slice(0, half), field), mean(samples.slice(half), field)]
      console.log(`  ${field}: ${mebibytes(first)} in the first half, ${mebibytes(second)} in the second`)
    }
    console.log('nothing lost, doubled or mixed up')
    const metrics = await new Promise<string>((resolve) => {
      get({ host: '127.0.0.1', port: mid.port, path: '/metrics' }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (piece) => {
          text += piece
        })
        response.on('end', () => resolve(text))
      })
    })
    const calls = /callsift_calls_total\{format="hermes",status="complete"\} (\d+)/.exec(metrics)?.[1]
    console.log(`calls found: ${calls}, one in each of ${streams * (rounds + 1 + SLICES)} streams`)
  } finally {
    mid.child.kill()
    up.child.kill()
  }
}

const [role = '', ...args] = process.argv.slice(2)
if (role === 'upstream') await upstream()
else if (role === 'proxy') await proxy(Number(args[0]))
else await client(process.argv.slice(2))
