import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach } from 'vitest'
import { createProxyHandler, type LogRecord, type ProxyOptions } from '../../../src/proxy/server/handler.js'
import { createNodeListener, startProxy } from '../../../src/proxy/server/node.js'

/** The ways in which the proxy can be run. The first two have a port, and so can be attacked with bytes. */
export type HostName = 'server' | 'listener' | 'handler'

/** A proxy under attack. */
export interface Host {
  readonly name: HostName
  /** 0 for the handler. */
  readonly port: number
  readonly log: LogRecord[]
  /** A proper request: over HTTP, or as a call of the handler. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** The value of one line of `/metrics`, 0 if it is not there. */
  metric(line: string, init?: RequestInit): Promise<number>
  close(): Promise<void>
}

/** Starts the proxy in one of its ways. */
export async function startHost(name: HostName, given: ProxyOptions): Promise<Host> {
  const log: LogRecord[] = []
  const options: ProxyOptions = { format: 'hermes', log: (record) => log.push(record), ...given }
  if (name === 'handler') {
    const handler = createProxyHandler(options)
    return hostOf(
      name,
      0,
      log,
      (path, init) => handler(new Request(`http://127.0.0.1:8787${path}`, init)),
      async () => {},
    )
  }
  if (name === 'server') {
    const proxy = await startProxy({ ...options, port: 0 })
    return hostOf(name, proxy.port, log, fetchFrom(proxy.port), () => proxy.close(0))
  }
  const server = createServer(createNodeListener(options))
  const port = await listening(server)
  return hostOf(name, port, log, fetchFrom(port), () => closed(server))
}

function hostOf(name: HostName, port: number, log: LogRecord[], ask: Host['ask'], close: () => Promise<void>): Host {
  const metric: Host['metric'] = async (line, init) => {
    const text = await (await ask('/metrics', init)).text()
    const found = text.split('\n').find((one) => one.startsWith(`${line} `))
    return Number(found?.slice(line.length) ?? 0)
  }
  return { name, port, log, ask, metric, close }
}

const fetchFrom =
  (port: number): Host['ask'] =>
  (path, init) =>
    fetch(`http://127.0.0.1:${port}${path}`, init)

/** Listens on any port of loopback, and says which. */
export async function listening(server: Pick<Server, 'listen' | 'address' | 'once'>): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server as Server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Closes a server and all its connections. */
export async function closed(server: Server): Promise<void> {
  const over = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await over
}

/** How long one listens to a port, in milliseconds. */
export interface Patience {
  /** Until the first byte. Default four times `quiet`. */
  readonly first?: number
  /** From the last byte on. Default 400; 100 once `isAll` says that all is there. */
  readonly quiet?: number
  readonly isAll?: (text: string) => boolean
}

/** Writes bytes to a port, and gives all that comes back until the other side closes or says nothing for a while. */
export function rawly(port: number, bytes: string, patience: Patience = {}): Promise<string> {
  const { quiet = 400, first = 4 * quiet, isAll = () => false } = patience
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    const done = () => {
      clearTimeout(timer)
      socket.destroy()
      resolve(text)
    }
    let timer = setTimeout(done, first)
    socket.on('data', (data) => {
      text += data.toString('latin1')
      clearTimeout(timer)
      timer = setTimeout(done, isAll(text) ? 100 : quiet)
    })
    socket.on('close', done)
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') reject(error)
    })
    socket.write(bytes, 'latin1')
  })
}

/** The statuses of the replies in a text. */
export const statusesOf = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

/** Closes, after each test, what it has opened. */
export function closing(): <T extends { close(): Promise<unknown> }>(one: Promise<T>) => Promise<T> {
  let open: { close(): Promise<unknown> }[] = []
  afterEach(async () => {
    await Promise.all(open.map((one) => one.close()))
    open = []
  })
  return async (starting) => {
    const one = await starting
    open.push(one)
    return one
  }
}
