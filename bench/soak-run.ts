import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type LogRecord, startProxy } from '../src/proxy/server/node.js'

// By hand, so that heaps compare after a collection under every runner: without one, what was not collected yet would
// count as growth.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** How a request fares: as it should, or cut by one of the two sides. */
type Fate = 'whole' | 'dies-at-once' | 'dies-later' | 'leaves' | 'falls-silent'
const FATES: readonly Fate[] = [
  ...Array<Fate>(7).fill('whole'),
  ...Array<Fate>(4).fill('dies-later'),
  'dies-at-once',
  'dies-at-once',
  'leaves',
  'leaves',
  'leaves',
  'falls-silent',
]
const WIRES = ['/v1/chat/completions', '/v1/responses', '/v1/messages'] as const

/** What a soak came to. */
export interface SoakReport {
  seconds: number
  requests: number
  /** How many requests had which fate. */
  fates: Record<string, number>
  /** Bytes after a garbage collection, at the beginning (warmed up) and at the end. */
  heap: { before: number; after: number }
  /** Open connections and timers of the process at the end, beside those at the beginning. */
  handles: { before: number; after: number }
  endings: string[]
  faults: string[]
}

/** An upstream on loopback, which counts how often it got each nonce. */
function startUpstream(seen: Map<string, number>) {
  const server = createServer(async (request, response) => {
    response.on('error', () => undefined)
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const { model, stream } = JSON.parse(body) as { model: string; stream?: boolean }
    const [nonce = '', fate = ''] = model.split(' ')
    seen.set(nonce, (seen.get(nonce) ?? 0) + 1)
    if (fate === 'dies-at-once') return void response.socket?.resetAndDestroy()
    await answer(response, nonce, fate as Fate, stream === true)
  })
  server.listen(0, '127.0.0.1')
  return server
}

async function answer(response: ServerResponse, nonce: string, fate: Fate, stream: boolean): Promise<void> {
  const text = `Hello ${nonce}. <tool_call>\n{"name": "f", "arguments": {"nonce": "${nonce}"}}\n</tool_call>`
  if (!stream) {
    response.setHeader('content-type', 'application/json')
    const whole = JSON.stringify({ choices: [{ index: 0, message: { content: text }, finish_reason: 'stop' }] })
    if (fate !== 'dies-later') return void response.end(whole)
    response.setHeader('content-length', whole.length)
    response.write(whole.slice(0, 30))
    await pause(5)
    return void response.socket?.resetAndDestroy()
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const write = (delta: object, finish: string | null = null) =>
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`)
  // For one who takes nothing there is always more, until no buffer on the way has room for it.
  while (fate === 'falls-silent' && !response.destroyed) {
    if (!write({ content: 'word '.repeat(20_000) })) await drained(response)
    await pause(0)
  }
  const end = fate === 'dies-later' ? text.length - 30 : text.length
  for (let i = 0; i < end; i += 7) {
    if (!write({ content: text.slice(i, Math.min(i + 7, end)) })) await drained(response)
    if (i % 35 === 0) await pause(0)
    if (response.destroyed) return
  }
  if (fate === 'dies-later') return void response.socket?.resetAndDestroy()
  write({}, 'stop')
  response.end('data: [DONE]\n\n')
}

const pause = (ms: number) => new Promise((resolve) => (ms === 0 ? setImmediate(resolve) : setTimeout(resolve, ms)))
const drained = (response: ServerResponse) =>
  new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })

function bodyOf(wire: string, model: string, stream: boolean): string {
  const text = [{ role: 'user', content: 'Hi' }]
  const parameters = { type: 'object', properties: { nonce: { type: 'string' } } }
  if (wire === '/v1/responses')
    return JSON.stringify({ model, stream, input: 'Hi', tools: [{ type: 'function', name: 'f', parameters }] })
  if (wire === '/v1/messages') {
    const tools = [{ name: 'f', input_schema: parameters }]
    return JSON.stringify({ model, stream, max_tokens: 9, messages: text, tools })
  }
  return JSON.stringify({
    model,
    stream,
    messages: text,
    tools: [{ type: 'function', function: { name: 'f', parameters } }],
  })
}

/** Reads nothing of its reply until the proxy says that it has cut it off, or 20 seconds are over. */
function fallSilent(
  port: number,
  wire: string,
  body: string,
  told: (cut: () => void) => void,
): Promise<'cut' | 'open'> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const over = (how: 'cut' | 'open') => {
      clearTimeout(late)
      socket.destroy()
      resolve(how)
    }
    const late = setTimeout(() => over('open'), 20_000)
    told(() => over('cut'))
    socket.on('error', () => undefined)
    socket.write(`POST ${wire} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    socket.pause()
  })
}

/**
 * Runs the soak.
 *
 * @example (await soak(30, 40)).faults // []
 */
export async function soak(seconds: number, clients: number): Promise<SoakReport> {
  const seen = new Map<string, number>()
  const faults: string[] = []
  const fates: Record<string, number> = {}
  const upstream = startUpstream(seen)
  await new Promise((resolve) => upstream.once('listening', resolve))
  const url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`
  /** What to do when the proxy has cut off the client of a model. */
  const silent = new Map<unknown, () => void>()
  const log = ({ ending, model }: LogRecord) => {
    if (ending === 'client-silent') silent.get(model)?.()
  }
  const proxy = await startProxy({ upstream: url, format: 'hermes', port: 0, writeTimeout: 700, log })
  let requests = 0

  async function one(number: number): Promise<void> {
    const fate = FATES[number % FATES.length] ?? 'whole'
    const wire = WIRES[number % WIRES.length] ?? WIRES[0]
    const stream = fate === 'falls-silent' || number % 2 === 0
    const nonce = `n${number}x${(number * 7919) % 10007}`
    const model = `${nonce} ${fate}`
    const body = bodyOf(wire, model, stream)
    const fault = (what: string) => faults.push(`${fate} ${wire} ${stream ? 'streamed' : 'whole'} ${nonce}: ${what}`)
    requests++
    fates[fate] = (fates[fate] ?? 0) + 1
    if (fate === 'falls-silent') {
      const how = await fallSilent(proxy.port, wire, body, (cut) => silent.set(model, cut))
      silent.delete(model)
      if (how === 'open') fault('was not cut off')
    } else {
      const left = new AbortController()
      if (fate === 'leaves') setTimeout(() => left.abort(), number % 15)
      try {
        const reply = await fetch(proxy.url + wire, { method: 'POST', body, signal: left.signal })
        check(fate, nonce, reply.status, await reply.text(), fault)
      } catch (error) {
        if (fate !== 'leaves') fault(`no reply: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
    const times = seen.get(nonce) ?? 0
    seen.delete(nonce)
    if (times > 1) fault(`came to the upstream ${times} times`)
    if (times === 0 && fate !== 'leaves') fault('never came to the upstream')
  }

  async function load(until: number): Promise<void> {
    const run = async () => {
      while (performance.now() < until) await one(next++)
    }
    await Promise.all(Array.from({ length: clients }, run))
  }
  let next = 0
  await load(performance.now() + Math.min(5, seconds / 4) * 1000)
  await settled()
  const before = look()
  await load(performance.now() + seconds * 1000)
  await settled()
  const after = look()
  if (after.heap > before.heap * 1.5 + 8e6) faults.push(`the heap grew from ${before.heap} to ${after.heap} bytes`)
  if (after.handles > before.handles + 4) faults.push(`handles grew from ${before.handles} to ${after.handles}`)
  const metrics = await (await fetch(`${proxy.url}/metrics`)).text()
  if (!metrics.includes('callsift_requests_running 0')) faults.push('requests are still running')
  const endings = metrics.split('\n').filter((line) => /^callsift_(?:endings|refused)_total/.test(line))
  await proxy.close(0)
  upstream.close()
  upstream.closeAllConnections()
  return {
    seconds,
    requests,
    fates,
    heap: { before: before.heap, after: after.heap },
    handles: { before: before.handles, after: after.handles },
    endings,
    faults: faults.slice(0, 50),
  }
}

/** Whether a reply is that of its request, and holds no call that its model did not make. */
function check(fate: Fate, nonce: string, status: number, text: string, fault: (what: string) => void): void {
  if (fate === 'dies-at-once') {
    if (status !== 502) fault(`status ${status}`)
    return
  }
  if (status !== 200) {
    if (fate === 'whole') fault(`status ${status}: ${text.slice(0, 200)}`)
    return
  }
  const { said, args } = text.startsWith('{') ? readWhole(JSON.parse(text)) : readEvents(text)
  const nonces = [...(said + args).matchAll(/n\d+x\d+/g)].map(([found]) => found)
  const other = nonces.find((found) => found !== nonce && !nonce.startsWith(found))
  if (other !== undefined) fault(`is mixed with ${other}`)
  if (fate === 'whole' && (!said.includes(nonce) || args !== `{"nonce": "${nonce}"}`)) fault(`says ${said} and ${args}`)
  if (fate === 'dies-later' && isJson(args)) fault('a call that was cut off came out as a whole one')
}

/** What a reply says, and the arguments of its call, on whichever wire. */
interface Told {
  said: string
  args: string
}

// biome-ignore lint/suspicious/noExplicitAny: three wires, whose fields are there or not
function readWhole(body: any): Told {
  const message = body.choices?.[0]?.message
  if (message) return { said: message.content ?? '', args: message.tool_calls?.[0]?.function.arguments ?? '' }
  const parts = body.content ?? body.output ?? []
  let said = ''
  let args = ''
  for (const part of parts) {
    said += part.text ?? part.content?.[0]?.text ?? ''
    if (part.type === 'tool_use') args += JSON.stringify(part.input).replace(':', ': ')
    else args += part.arguments ?? ''
  }
  return { said, args }
}

function readEvents(text: string): Told {
  let said = ''
  let args = ''
  for (const line of text.split('\n')) {
    if (!line.startsWith('data: {')) continue
    const event = JSON.parse(line.slice('data: '.length))
    const delta = event.choices?.[0]?.delta ?? event.delta
    if (event.type === 'response.function_call_arguments.delta') args += delta
    else if (event.type === 'response.output_text.delta') said += delta
    else if (typeof delta === 'object' && delta !== null) {
      said += delta.content ?? delta.text ?? ''
      args += delta.tool_calls?.[0]?.function?.arguments ?? delta.partial_json ?? ''
    }
  }
  return { said, args }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * Waits for what ends by itself: connections that nobody uses, and the patience with silent readers. How long that takes
 * depends on the machine, so it is looked at: connections count as settled once none has gone for two seconds, after six.
 */
async function settled(): Promise<void> {
  await pause(6000)
  const late = performance.now() + 30_000
  let fewest = Number.POSITIVE_INFINITY
  let since = performance.now()
  while (performance.now() < late && performance.now() - since < 2000) {
    const { length } = process.getActiveResourcesInfo()
    if (length < fewest) {
      fewest = length
      since = performance.now()
    }
    await pause(100)
  }
  for (let i = 0; i < 3; i++) {
    collect()
    await pause(50)
  }
}

function look(): { heap: number; handles: number } {
  return { heap: process.memoryUsage().heapUsed, handles: process.getActiveResourcesInfo().length }
}
