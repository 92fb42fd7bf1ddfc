/**
 * The way to the upstream on Node, on undici's dispatcher. It was `node:http` by hand before, which leaves to its user
 * what this one sees to: a body is framed whatever the method; bytes that arrive on a connection while nobody waits for
 * them close it (`node:http` keeps them, and takes them for the answer to the next request); a path goes out byte for
 * byte; a request that may have been read is never written twice. It is no slower either, see `npm run bench:proxy`.
 *
 * The dispatcher rather than its `request` or `fetch`: chunks then come by callback, without a stream or a promise.
 */
import { Agent, type Dispatcher } from 'undici'
import type { ChunkSource, ChunkTaker, ReplyBody } from './chunk-source.js'
import type { Transport, UpstreamReply, UpstreamRequest } from './transport.js'

/** How long a connection to the upstream may take to be made (milliseconds). */
const CONNECT_TIMEOUT = 10_000
/**
 * How long a connection may wait for its next request (milliseconds). Servers close theirs after 5 s (uvicorn, Node): a
 * request written at that moment is lost, and must not be sent again.
 */
const IDLE_TIMEOUT = 2_000

/** One for all: a stack for each of thousands of clients that leave at once takes longer than all else about it. */
const ABORTED = new Error('aborted')

/** A transport that knows how many connections it holds. */
export interface NodeTransport extends Transport {
  /** Connections to the upstream that are open, waiting ones too. */
  readonly sockets: () => number
}

/**
 * Makes the transport. It has no time limits of its own but for connecting (`fetch` gives up after five minutes of
 * silence, which long prompts take).
 *
 * @example createNodeTransport()({ url, method: 'GET', headers: new Headers(), body: undefined, signal })
 */
export function createNodeTransport(): NodeTransport {
  let sockets = 0
  const agent = new Agent({
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: IDLE_TIMEOUT,
    keepAliveMaxTimeout: IDLE_TIMEOUT,
    connect: { timeout: CONNECT_TIMEOUT },
  })
  agent.on('connect', () => sockets++)
  agent.on('disconnect', () => sockets--)
  return Object.assign((request: UpstreamRequest) => send(agent, request), { sockets: () => sockets })
}

function send(agent: Agent, { url, method, headers, body, signal }: UpstreamRequest): Promise<UpstreamReply> {
  return new Promise((resolve, reject) => {
    const { origin, path } = splitUrl(url)
    const reply = createReplyReader()
    let abort: ((error?: Error) => void) | undefined
    const onAbort = () => {
      abort?.(ABORTED)
      fail(ABORTED)
    }
    const fail = (error: Error) => {
      signal.removeEventListener('abort', onAbort)
      reply.died(error)
      reject(error)
    }
    const handler: Dispatcher.DispatchHandlers = {
      onConnect(abortRequest) {
        abort = abortRequest
        if (signal.aborted) abortRequest(ABORTED)
      },
      onHeaders(status, rawHeaders, resume) {
        if (status < 200) return true // 103 and its like: the answer follows
        resolve({ status, headers: headersOf(rawHeaders ?? []), body: reply.bodyOf(resume, onAbort) })
        return false
      },
      onData: (bytes) => reply.chunk(bytes),
      onComplete() {
        signal.removeEventListener('abort', onAbort)
        reply.end()
      },
      onError: fail,
    }
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    else
      agent.dispatch(
        { origin, path, method: method as Dispatcher.HttpMethod, headers: flat(headers), body: body ?? null },
        handler,
      )
  })
}

/** What undici says of a body, for whoever takes its chunks. */
interface ReplyReader {
  /** Whether more may come at once. */
  chunk(bytes: Uint8Array): boolean
  end(): void
  died(error: Error): void
  bodyOf(resume: () => void, abort: () => void): ReplyBody
}

/** A body as chunks: asked for one by one, it rests while nobody asks. */
function createReplyReader(): ReplyReader {
  let taker: ChunkTaker | undefined
  let asked = false
  let taking = false
  let over: (() => void) | undefined // the end, if it came while nobody asked

  function tellEnd(tell: () => void): void {
    if (asked) tell()
    else over = tell
  }
  return {
    chunk(bytes) {
      // A reader that goes on is first given nothing. To rest at that would be to rest for ever.
      if (bytes.length === 0) return true
      asked = false
      taking = true
      taker?.chunk(bytes)
      taking = false
      return asked
    },
    end: () => tellEnd(() => taker?.end()),
    died: (error) => tellEnd(() => taker?.died(error)),
    bodyOf(resume, abort) {
      const open = (whoever: ChunkTaker): ChunkSource => {
        taker = whoever
        return {
          next() {
            asked = true
            if (over !== undefined) over()
            else if (!taking) resume()
          },
        }
      }
      return { open, [Symbol.asyncIterator]: () => iterate(open, abort) }
    },
  }
}

/** Chunks by callback as an iteration. Leaving it early ends the request. */
async function* iterate(
  open: (taker: ChunkTaker) => ChunkSource,
  abort: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  let settle: { resolve(bytes: Uint8Array | undefined): void; reject(error: unknown): void } | undefined
  const source = open({
    chunk: (bytes) => settle?.resolve(bytes),
    end: () => settle?.resolve(undefined),
    died: (error) => settle?.reject(error),
  })
  let whole = false
  try {
    for (;;) {
      const bytes = await new Promise<Uint8Array | undefined>((resolve, reject) => {
        settle = { resolve, reject }
        source.next()
      })
      if (bytes === undefined) break
      yield bytes
    }
    whole = true
  } finally {
    if (!whole) abort()
  }
}

/** By hand: `URL` would resolve and rewrite the path. */
function splitUrl(url: string): { origin: string; path: string } {
  const slash = url.indexOf('/', url.indexOf('//') + 2)
  if (slash < 0) return { origin: url, path: '/' }
  return { origin: url.slice(0, slash), path: url.slice(slash) }
}

function flat(headers: Headers): string[] {
  const list: string[] = []
  for (const [name, value] of headers) list.push(name, value)
  return list
}

function headersOf(raw: readonly Buffer[]): Headers {
  const headers = new Headers()
  for (let i = 0; i + 1 < raw.length; i += 2)
    headers.append(String(raw[i]?.toString('latin1')), String(raw[i + 1]?.toString('latin1')))
  return headers
}
