import { type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { noDescriptors } from '../upstream/ask.js'
import { Problem, problemBody, problemHeaders } from '../wire/problem.js'
import type { Exchange } from './exchange.js'

/** File descriptors that are neither a client's nor the upstream's: output, log, name server, the system's own. */
const OTHERS = 48
/** Connections that are still let in where there is no room for requests: they are told so, and `/health` answers. */
const SPARE = 32

/** The connections of a server. */
export interface Connections {
  /** Why there is no room for one more request, if so. */
  noRoom(): Problem | undefined
}

/**
 * Looks after the connections of a server: what is no request is answered and told to log and metrics, and so is each
 * connection that is closed unanswered. A process out of file descriptors closes new connections without a word (the
 * system's loop does), so it does not come to that: requests are refused before, and then connections.
 *
 * @example const { noRoom } = watchConnections(server, exchange, () => transport.sockets())
 */
export function watchConnections(server: Server, exchange: Exchange, upstreamSockets: () => number): Connections {
  const limit = descriptorLimit()
  let clients = 0

  // Each client may come to need a connection to the upstream too, so no more than half are theirs.
  const most = Math.ceil((limit - OTHERS + SPARE) / 2)
  /** Looks how many descriptors are left for clients, and lets no more in. */
  function makeRoom(): number {
    const room = limit - OTHERS - Math.max(upstreamSockets(), exchange.running)
    server.maxConnections = Math.max(1, Math.min(room, most))
    return room
  }
  makeRoom()
  server.on('connection', (socket: Socket) => {
    clients++
    makeRoom()
    socket.once('close', () => clients--)
  })
  server.on('drop', () => exchange.tell('descriptors', `a connection was closed: ${noDescriptors('EMFILE').message}`))
  server.on('error', ({ code = 'error', message }: NodeJS.ErrnoException) => {
    const lack = code === 'EMFILE' || code === 'ENFILE'
    exchange.tell(lack ? 'descriptors' : 'not-http', lack ? noDescriptors(code).message : message)
  })
  server.on('connect', (_, socket: Duplex) => {
    const what = 'this is not a forward proxy; set its address as the client’s base URL'
    refuse(socket, new Problem('method_not_allowed', what, 'method'))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const problem = problemOf(error)
    // In the middle of a reply there is no place for another.
    if (problem === undefined || replyOn(socket)?.headersSent === true) {
      if (problem?.refusal !== undefined) exchange.tell(problem.refusal, problem.message)
      socket.destroy()
    } else refuse(socket, problem)
  })
  function refuse(socket: Duplex, problem: Problem): void {
    if (problem.refusal !== undefined) exchange.tell(problem.refusal, problem.message)
    if (!socket.writable) return void socket.destroy()
    socket.on('error', () => undefined)
    socket.end(rawReply(problem), () => socket.destroy())
  }

  return {
    noRoom: () => (clients > makeRoom() ? noDescriptors('EMFILE') : undefined),
  }
}

/** The reply that goes out at the moment: of several requests in a row only Node knows whose turn it is. */
function replyOn(socket: Duplex): ServerResponse | undefined {
  return (socket as { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined
}

/** What was wrong with bytes that are no request; undefined where the client has simply gone. */
function problemOf({ code, message }: NodeJS.ErrnoException): Problem | undefined {
  if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'HPE_INVALID_EOF_STATE') return undefined
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Problem(
      'request_timeout',
      'the request was incomplete when its time ran out (--request-timeout)',
      'slow-request',
    )
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem('headers_too_large', 'the headers of the request are too long', 'headers-too-large')
  return new Problem('invalid_request', `not an HTTP/1.1 request: ${message}`, 'not-http')
}

function rawReply(problem: Problem): string {
  const body = JSON.stringify(problemBody(problem, undefined))
  const headers = problemHeaders(problem)
  headers.set('content-length', String(Buffer.byteLength(body)))
  headers.set('connection', 'close')
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n${body}`
}

/** How many file descriptors this process may have. */
function descriptorLimit(): number {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } }
  const soft = report.userLimits?.open_files?.soft
  return typeof soft === 'number' && soft > 0 ? soft : Number.POSITIVE_INFINITY
}
