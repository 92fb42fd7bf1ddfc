/** The proxy as a server for Node, on `node:http`. */
import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as allFormats from '../../index.js'
import { isOpenToAll, OPEN_TO_ALL } from '../settings/open-to-all.js'
import { type ProxyOptions, readProxyOptions } from '../settings/options.js'
import { createNodeTransport, type NodeTransport } from '../upstream/node-transport.js'
import { createFetchTransport } from '../upstream/transport.js'
import { routeOf } from '../wire/route.js'
import { createExchange } from './exchange.js'
import { type Connections, watchConnections } from './node-connections.js'
import { createDoor } from './node-door.js'
import { createListener } from './node-listener.js'

export type {
  Capture,
  CapturedAnswer,
  CapturedText,
  Log,
  LogRecord,
  MakePrompt,
  ModelRule,
  ModelRules,
  ProxyOptions,
} from './handler.js'

/** Options of the server, beside those of the proxy. */
export interface NodeProxyOptions extends Omit<ProxyOptions, 'stop'> {
  /** Default 8787; 0 takes any free port. */
  port?: number | undefined
  /** The address to listen on. Default `127.0.0.1`: nobody else can reach it. */
  host?: string | undefined
  /** See `ListenerOptions`. */
  allowedHosts?: readonly string[] | undefined
}

/** Options of a listener, beside those of the proxy. */
export interface ListenerOptions extends ProxyOptions {
  /**
   * Names by which clients may call the server, beside addresses and `localhost`. Only looked at for connections to a
   * loopback address, where it keeps out web pages that have given their own name the address 127.0.0.1.
   */
  allowedHosts?: readonly string[] | undefined
}

/** A proxy that listens. */
export interface NodeProxy {
  /** `http://127.0.0.1:8787` */
  readonly url: string
  readonly port: number
  /** The numbers of this proxy, as `/metrics` tells them where no option `metrics` says otherwise. */
  metrics(): string
  /**
   * Stops: no new connections, `/health` says so, running replies may end by themselves for `grace` milliseconds
   * (default 30,000) and are then ended as cut off. Resolves when all is over.
   */
  close(grace?: number): Promise<void>
}

/**
 * How strictly the server listens. Node's parser is strict by default (one length, no bare line feeds, no spaces before
 * colons), and what is set here keeps it so whatever flags Node was started with. It takes 20 s to send headers and no
 * more of them than 16 KiB. That a request has one Host is looked at by the listener, since Node would refuse others
 * without a line in the log.
 */
const STRICT = {
  insecureHTTPParser: false,
  requireHostHeader: false,
  maxHeaderSize: 16 * 1024,
  headersTimeout: 20_000,
  connectionsCheckingInterval: 1_000,
}
/** After a body came too late, this much longer until the connection ends with it (milliseconds). */
const LATE = 5_000
/** Connections that wait to be accepted: as many as the system allows, for many clients that come at once. */
const BACKLOG = 4_096

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
  const names = new Set(allowedHosts)
  const transport = transportOf(options)
  const exchange = createExchange(settings, transport, names)
  const { requestTimeout, writeTimeout, log } = settings
  let connections: Connections | undefined
  const running = new Set<ServerResponse>()
  const began = (response: ServerResponse): void => {
    running.add(response)
    response.once('close', () => running.delete(response))
    if (stopping) response.setHeader('connection', 'close')
  }
  const listener = createListener(exchange, { names, writeTimeout, noRoom: () => connections?.noRoom(), began })
  const timeouts = {
    requestTimeout: requestTimeout + LATE,
    headersTimeout: Math.min(STRICT.headersTimeout, requestTimeout),
  }
  const server = createServer({ ...STRICT, ...timeouts })
  const take: RequestListener = (request, response) => {
    // Who asks how the proxy is learns it at once.
    if (routeOf(request.method ?? '', request.url ?? '') === 'health') listener(request, response)
    else door.enter(() => listener(request, response))
  }
  const door = createDoor()
  server.on('connection', door.came)
  server.on('request', take)
  server.on('checkExpectation', take) // what Node does not know is refused in the same way as the rest
  let stopping = false
  server.listen({ port, host, backlog: BACKLOG })
  await once(server, 'listening')
  connections = watchConnections(server, exchange, transport.sockets)
  if (isOpenToAll(options))
    log?.({ time: new Date().toISOString(), level: 'warn', event: 'start', message: OPEN_TO_ALL })
  const address = server.address() as AddressInfo
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address

  return {
    url: `http://${name}:${address.port}`,
    port: address.port,
    metrics: exchange.metrics,
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
 * The proxy as a listener for a server of your own. What that server refuses by itself (what is no HTTP, CONNECT) it tells
 * nobody, and limits for connections and headers are its own.
 *
 * @throws TypeError for wrong options
 * @example createServer(createNodeListener({ upstream: 'http://localhost:8000/v1' })).listen(8787, '127.0.0.1')
 */
export function createNodeListener(options: ListenerOptions): RequestListener {
  const { allowedHosts = [], ...proxyOptions } = options
  const names = new Set(allowedHosts)
  const settings = readProxyOptions(proxyOptions, allFormats)
  return createListener(createExchange(settings, transportOf(options), names), {
    names,
    writeTimeout: settings.writeTimeout,
  })
}

function transportOf({ fetch: given }: Pick<ProxyOptions, 'fetch'>): NodeTransport {
  if (given === undefined) return createNodeTransport()
  return Object.assign(createFetchTransport(given), { sockets: () => 0 })
}
