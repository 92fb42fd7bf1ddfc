/**
 * The processes between which `bench/proxy.ts` measures: an upstream that writes chat completions, the proxy, and a plain
 * proxy that copies bytes, which shows what any hop through a Node process costs.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, createServer, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startProxy } from '../src/proxy/server/node.js'

/** What a stream is to be: the name of the model carries it. `rate` 0 is as fast as it goes. */
export interface Order {
  stream: number
  events: number
  rate: number
}

/** What a process says of itself: microseconds of CPU time so far, and bytes after a garbage collection. */
export interface Vitals {
  cpu: number
  heapUsed: number
  rss: number
}

/** A process that was started. */
export interface Role {
  readonly port: number
  vitals(): Promise<Vitals>
  stop(): void
}

export type RoleName = 'upstream' | 'proxy' | 'plain'

/** Microseconds on the clock that all processes of the machine share. */
export const now = (): number => Number(process.hrtime.bigint() / 1000n)

/** Starts a role in a process of its own, from the file of the bench itself. */
export async function startRole(file: string, role: RoleName, upstreamPort?: number): Promise<Role> {
  const child = fork(file, upstreamPort === undefined ? [role] : [role, String(upstreamPort)])
  const answer = async <T>(): Promise<T> => {
    const ended = new AbortController()
    const died = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`the process of the ${role} ended with code ${code}`)
    })
    died.catch(() => undefined)
    const [message] = (await Promise.race([once(child, 'message'), died])) as [T]
    ended.abort()
    return message
  }
  const { port } = await answer<{ port: number }>()
  return {
    port,
    async vitals() {
      child.send('vitals')
      return answer<Vitals>()
    },
    stop: () => void (child satisfies ChildProcess).kill(),
  }
}

/** Plays a role until the bench that started it is no more. */
export async function playRole(role: RoleName, upstreamPort: number): Promise<void> {
  process.on('disconnect', () => process.exit())
  process.on('message', () => {
    const { user, system } = process.cpuUsage() // before the collection, which no stream pays for
    global.gc?.()
    const { heapUsed, rss } = process.memoryUsage()
    process.send?.({ cpu: user + system, heapUsed, rss } satisfies Vitals)
  })
  const port = await start(role, upstreamPort)
  process.send?.({ port })
}

async function start(role: RoleName, upstreamPort: number): Promise<number> {
  if (role === 'upstream') return listening(upstream())
  if (role === 'plain') return listening(plain(upstreamPort))
  // `mark`, since by default calls are held until they are whole, and it is the proxy that is measured here.
  const running = await startProxy({
    upstream: `http://127.0.0.1:${upstreamPort}/v1`,
    format: 'hermes',
    port: 0,
    incompleteCalls: 'mark',
  })
  return running.port
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/**
 * The text of an event: its stream, its number, its time, as `12.345.9876543;`. The second half is the argument of a call. (No
 * space ends it: white space waits for what stands behind it.)
 */
function textOf({ stream, events }: Order, n: number): string {
  const token = `${stream}.${n}.${now()};`
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

function upstream(): Server {
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
  return createServer(async (incoming, response) => {
    let body = ''
    for await (const chunk of incoming.setEncoding('utf8')) body += chunk
    const order: Order = JSON.parse(JSON.parse(body).model)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    // Streams of people do not tick together: each begins somewhere within a step.
    const begun = now() + ((order.stream * 7919) % Math.round(1e6 / Math.max(order.rate, 1)))
    if (order.rate === 0) await flood(order, response)
    else paced.add({ order, response, begun, n: 0 })
  })
}

async function flood(order: Order, response: ServerResponse): Promise<void> {
  for (let n = 0; n < order.events; n++) {
    if (!response.write(eventOf(order, n))) await once(response, 'drain')
    if (n % 16 === 15) await new Promise((resolve) => setImmediate(resolve))
  }
  response.end(LAST)
}

function plain(upstreamPort: number): Server {
  const agent = new Agent({ keepAlive: true })
  return createServer((incoming, response) => {
    const { method, url, headers } = incoming
    const onward = request({ host: '127.0.0.1', port: upstreamPort, path: url, method, headers, agent }, (reply) => {
      response.writeHead(reply.statusCode ?? 502, { 'content-type': reply.headers['content-type'] ?? '' })
      reply.pipe(response)
    })
    incoming.pipe(onward)
  })
}
