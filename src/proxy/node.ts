/** The proxy as a server for Node, on `node:http`. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as allFormats from '../index.js'
import { createExchange, type Exchange, type Reply } from './exchange.js'
import { isLoopback, mayCall, pathOf } from './host-names.js'
import { createNodeTransport } from './node-transport.js'
import { type ProxyOptions, readProxyOptions } from './options.js'
import { Problem, problemBody } from './problem.js'
import type { Pump } from './pump.js'
import { createFetchTransport } from './transport.js'

export type { Log, LogRecord, MakePrompt, ModelRule, ModelRules, ProxyOptions } from './handler.js'

/** Options of the server, beside those of the proxy. */
export interface NodeProxyOptions extends Omit<ProxyOptions, 'stop'> {
  /** Default 8787; 0 takes any free port. */
  port?: number | undefined
  /** The address to listen on. Default `127.0.0.1`: nobody else can reach it. */
  host?: string | undefined
  /**
   * Names by which clients may call the server, beside addresses and `localhost`. Only looked at while it listens on
   * loopback, where it keeps out web pages that have given their own name the address 127.0.0.1.
   */
  allowedHosts?: readonly string[] | undefined
}

/** A proxy that listens. */
export interface NodeProxy {
  /** `http://127.0.0.1:8787` */
  readonly url: string
  readonly port: number
  /**
   * Stops: no new connections, `/health` says so, running replies may end by themselves for `grace` milliseconds
   * (default 30,000) and are then ended as cut off. Resolves when all is over.
   */
  close(grace?: number): Promise<void>
}

/** How long clients have to take the last words of their replies when the grace is over (milliseconds). */
const LAST_WORDS = 1_000

/**
 * Starts a proxy and resolves when it listens.
 *
 * @throws TypeError for wrong options; the error of the system where it cannot listen
 * @example
 * const proxy = await startProxy({ upstream: 'http://localhost:8000/v1', port: 8787 })
 * process.once('SIGTERM', () => void proxy.close())
 */
export async function startProxy(options: NodeProxyOptions): Promise<NodeProxy> {
  const { port = 8787, host = '127.0.0.1', allowedHosts = [], ...proxyOptions } = options
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new TypeError(`port: expected a number from 0 to 65535, got ${port}`)
  if (typeof host !== 'string' || host === '')
    throw new TypeError(`host: expected an address such as 127.0.0.1, got ${String(host)}`)
  const stop = new AbortController()
  const settings = readProxyOptions({ ...proxyOptions, stop: stop.signal }, allFormats)
  const transport = options.fetch === undefined ? createNodeTransport() : createFetchTransport(options.fetch)
  const exchange = createExchange(settings, transport)
  const listener = listenerOf(exchange, isLoopback(host) ? new Set(allowedHosts) : undefined)
  const running = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    running.add(response)
    response.once('close', () => running.delete(response))
    if (stopping) response.setHeader('connection', 'close')
    listener(request, response)
  })
  let stopping = false
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address

  return {
    url: `http://${name}:${address.port}`,
    port: address.port,
    async close(grace = 30_000) {
      if (stopping) return
      stopping = true
      exchange.drain()
      const closed = once(server, 'close')
      server.close()
      for (const response of running) if (!response.headersSent) response.setHeader('connection', 'close')
      // Connections that only wait for a next request would keep the server; look again as replies end.
      const idle = setInterval(() => server.closeIdleConnections(), 50)
      const cut = setTimeout(
        () => {
          stop.abort()
          setTimeout(() => server.closeAllConnections(), LAST_WORDS).unref()
        },
        Math.min(grace, 2 ** 31 - 1),
      )
      await closed
      clearInterval(idle)
      clearTimeout(cut)
    },
  }
}

/**
 * The proxy as a listener for a server of your own.
 *
 * @throws TypeError for wrong options
 * @example createServer(createNodeListener({ upstream: 'http://localhost:8000/v1' })).listen(8787, '127.0.0.1')
 */
export function createNodeListener(options: ProxyOptions): RequestListener {
  const transport = options.fetch === undefined ? createNodeTransport() : createFetchTransport(options.fetch)
  return listenerOf(createExchange(readProxyOptions(options, allFormats), transport), undefined)
}

function listenerOf(exchange: Exchange, names: ReadonlySet<string> | undefined): RequestListener {
  return (request, response) => {
    if (names !== undefined && !mayCall(request.headers.host, names)) {
      const problem = new Problem(
        'forbidden_host',
        `the name ${request.headers.host} is not allowed here (setting allowedHosts, --allow-host)`,
      )
      response
        .writeHead(problem.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(problemBody(problem, undefined)))
      return
    }
    const gone = new AbortController()
    response.once('close', () => {
      if (!response.writableFinished) gone.abort()
    })
    const client = {
      method: request.method ?? 'GET',
      path: pathOf(request.url ?? '/'),
      headers: headersOf(request),
      body: request.iterator({ destroyOnReturn: false }),
      gone: gone.signal,
    }
    exchange
      .answer(client)
      .then((reply) => send(reply, response, request.method === 'HEAD'))
      .catch(() => response.destroy())
  }
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, values] of Object.entries(headersDistinct))
    for (const value of values ?? []) headers.append(name, value)
  return headers
}

/** Writes as fast as the client reads, and no faster. */
async function send({ status, headers, body }: Reply, response: ServerResponse, headOnly: boolean): Promise<void> {
  if (response.destroyed) return
  for (const [name, value] of headers) response.appendHeader(name, value)
  response.writeHead(status)
  if (typeof body === 'string') {
    response.end(headOnly ? undefined : body)
    return
  }
  response.flushHeaders()
  if (!(Symbol.asyncIterator in body)) return pour(body, response)
  for await (const piece of body) {
    if (response.destroyed) return
    if (!response.write(piece)) await writable(response)
  }
  response.end()
}

/** Lets a pump run into a response: where both are ready, from the socket of one to that of the other without a promise. */
function pour(pump: Pump, response: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const ask = () => pump.next(take)
    function take(text: string | undefined, error?: unknown): void {
      if (text !== undefined && !response.destroyed) {
        if (response.write(text)) ask()
        else writable(response).then(ask)
        return
      }
      pump.close()
      if (error !== undefined) reject(error)
      else {
        response.end()
        resolve()
      }
    }
    ask()
  })
}

function writable(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done)
      response.off('close', done)
      resolve()
    }
    response.on('drain', done)
    response.on('close', done)
  })
}
