import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { LEFT, SILENT } from '../wire/client-request.js'
import { isLoopback, mayCall } from '../wire/host-names.js'
import { Problem } from '../wire/problem.js'
import type { Exchange } from './exchange.js'
import { createPipeline } from './node-pipeline.js'
import { sendReply } from './node-send.js'

/** What a listener has to know beside the exchange. */
export interface ListenerRules {
  /** Names by which it may be called on loopback, beside addresses and `localhost`. */
  readonly names: ReadonlySet<string>
  /** Milliseconds that a client may take nothing of its reply. */
  readonly writeTimeout: number
  /** Why there is no room for one more request. */
  readonly noRoom?: () => Problem | undefined
  /** Told of each reply whose turn has come. */
  readonly began?: (response: ServerResponse) => void
}

/**
 * The proxy as a listener of `node:http`: requests and replies of Node as those of the exchange.
 *
 * @example createServer(createListener(exchange, { names: new Set(), writeTimeout: 120_000 }))
 */
export function createListener(exchange: Exchange, rules: ListenerRules): RequestListener {
  const { names, writeTimeout, noRoom, began } = rules
  const inTurn = createPipeline((socket) => {
    exchange.tell('streams', 'a connection was closed: too many requests before the answer to the first')
    socket.destroy()
  })
  return (request, response) => inTurn(request, response, () => answer(request, response))

  function answer(request: IncomingMessage, response: ServerResponse): void {
    began?.(response)
    const gone = new AbortController()
    response.once('close', () => {
      if (!response.writableFinished) gone.abort(LEFT)
    })
    if (response.closed) gone.abort(LEFT) // it left before its turn came
    const cut = () => {
      gone.abort(SILENT)
      response.destroy()
    }
    const { method = 'GET', url = '/' } = request
    const client = {
      method,
      path: url,
      headers: headersOf(request),
      host: request.headers.host,
      body: request.iterator({ destroyOnReturn: false }),
      gone: gone.signal,
      refused: hostFault(request, names),
      noRoom: noRoom?.(),
    }
    exchange
      .answer(client)
      .then((reply) => sendReply(reply, response, method === 'HEAD' ? 'head' : 'whole', { writeTimeout, cut }))
      .catch(() => response.destroy())
  }
}

/** Node would refuse some of it by itself, but tells nobody. */
function hostFault(request: IncomingMessage, names: ReadonlySet<string>): Problem | undefined {
  const { headersDistinct, httpVersion, socket } = request
  const hosts = headersDistinct.host ?? []
  if (hosts.length > 1 || (hosts.length === 0 && httpVersion !== '1.0'))
    return new Problem('invalid_request', 'a request must have exactly one Host header', 'framing')
  const [host] = hosts
  if (!isLoopback(socket.localAddress ?? '') || mayCall(host, names)) return undefined
  const what = `the name ${host} is not allowed here (setting allowedHosts, --allow-host)`
  return new Problem('forbidden_host', what, 'host')
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, values] of Object.entries(headersDistinct))
    for (const value of values ?? []) headers.append(name, value)
  return headers
}
