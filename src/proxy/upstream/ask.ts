import type { ProxySettings } from '../settings/options.js'
import { Problem } from '../wire/problem.js'
import { readAll, TooLong } from '../wire/read-all.js'
import type { Transport, UpstreamReply, UpstreamRequest } from './transport.js'

/** Codes of a connection that was there and is gone. */
const CLOSED: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])
/** Codes of an answer that is none: of the parser, of lengths that contradict each other, of a head that is too long. */
const NOT_HTTP = /^(?:HPE_|ERR_ASSERTION$|UND_ERR_(?:RES_|HEADERS_OVERFLOW|RESPONSE))/
/** Where to ask instead: a client that followed would leave the proxy, and take its key and its messages along. */
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308]
/** Not an error of its own for each: see `LEFT`. */
const ENDED = new Error('ended')
const OUT_OF_DESCRIPTORS: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE'])

/**
 * What a lack of file descriptors is for a client.
 *
 * @example throw noDescriptors('EMFILE')
 */
export function noDescriptors(code: string): Problem {
  const what = `the proxy is out of file descriptors (${code}): raise ulimit -n, or lower maxStreams (--max-streams)`
  return new Problem('overloaded', what, 'descriptors')
}

/** One exchange with the upstream, however many requests it takes: all end together. */
export interface Upstream {
  /**
   * Sends a request and waits for the head of its reply.
   *
   * @throws Problem that says which setting to look at
   */
  ask(request: Omit<UpstreamRequest, 'signal'>): Promise<UpstreamReply>
  /**
   * Reads the rest of a reply as text.
   *
   * @throws Problem for an upstream that breaks off, is silent for too long, or says too much
   */
  read(reply: UpstreamReply): Promise<string>
  /**
   * Asks for something that is good to know but not needed: '' for any trouble, after `ms` milliseconds, and for more than `most` bytes. It does not
   * end with the client, since others may wait for the same.
   */
  glance(request: Omit<UpstreamRequest, 'signal'>, ms: number, most: number): Promise<string>
  /** Ends whatever runs. */
  abort(): void
  /** Nothing more is asked, and the proxy's end does not end what runs: whoever reads it sees to that. */
  release(): void
}

/**
 * Makes the way to the upstream for one request of a client: it ends with the client, with the proxy, and after too long
 * a silence.
 *
 * @example const reply = await createUpstream(settings, transport, gone).ask({ url, method, headers, body })
 */
export function createUpstream(settings: ProxySettings, transport: Transport, gone: AbortSignal): Upstream {
  const { upstream, timeout, stop, replyLimit } = settings
  const controller = new AbortController()
  let silent = false
  const abort = () => controller.abort(ENDED)
  gone.addEventListener('abort', abort)
  const forget = stop.onRing(abort)
  if (gone.aborted || stop.rung) abort()

  async function within<T>(work: Promise<T>): Promise<T> {
    const timer = setTimeout(
      () => {
        silent = true
        abort()
      },
      Math.min(timeout, 2 ** 31 - 1),
    )
    try {
      return await work
    } catch (error) {
      throw problemOf(error)
    } finally {
      clearTimeout(timer)
    }
  }
  function problemOf(error: unknown): Problem {
    if (stop.rung) return new Problem('stopping', 'the proxy is being stopped')
    if (silent) {
      return new Problem(
        'upstream_timeout',
        `the upstream ${upstream.api} was silent for ${timeout / 1000} s (setting timeout)`,
      )
    }
    if (error instanceof TooLong) {
      return new Problem('upstream_invalid', `the reply of the upstream has ${error.message} (setting replyLimit)`)
    }
    if (error instanceof Broke) return new Problem('upstream_died', error.message)
    const reason = reasonOf(error)
    if (OUT_OF_DESCRIPTORS.has(reason)) return noDescriptors(reason)
    if (NOT_HTTP.test(reason)) {
      const what = `the upstream ${upstream.api} answered with invalid HTTP (${reason})`
      return new Problem('upstream_invalid', what)
    }
    if (CLOSED.has(reason)) {
      return new Problem(
        'upstream_closed',
        `the upstream ${upstream.api} closed the connection before its answer was whole (${reason}); it may have read the request, which is therefore not sent again`,
      )
    }
    return new Problem(
      'upstream_unreachable',
      `cannot reach the upstream ${upstream.api} (${reason}): is it running, and is the setting upstream right?`,
    )
  }

  return {
    async ask(request) {
      const reply = await within(transport({ ...request, signal: controller.signal }))
      checkHead(reply)
      return reply
    },
    async read({ body }) {
      // Silence counts from byte to byte: a long reply may take longer than the timeout.
      const iterator = body[Symbol.asyncIterator]()
      let received = 0
      const next = async (): Promise<IteratorResult<Uint8Array>> => {
        const step = await iterator.next().catch((error: unknown) => {
          throw new Broke(received, reasonOf(error))
        })
        if (step.done !== true) received += step.value.length
        return step
      }
      const steps: AsyncIterable<Uint8Array> = { [Symbol.asyncIterator]: () => ({ next: () => within(next()) }) }
      try {
        return new TextDecoder().decode(await readAll(steps, replyLimit))
      } catch (error) {
        abort()
        throw error instanceof Problem ? error : problemOf(error)
      }
    },
    async glance(request, ms, most) {
      const own = new AbortController()
      const end = () => own.abort()
      const timer = setTimeout(end, ms)
      try {
        const { status, body } = await transport({ ...request, signal: own.signal })
        return status === 200 ? new TextDecoder().decode(await readAll(body, most)) : ''
      } catch {
        return ''
      } finally {
        clearTimeout(timer)
        end()
      }
    },
    abort,
    release: forget,
  }
}

/** @throws Problem for a head that cannot be handed on */
function checkHead({ status, headers }: UpstreamReply): void {
  if (REDIRECTS.includes(status)) {
    const place = headers.get('location') ?? ''
    const origin = URL.canParse(place) ? ` to ${new URL(place).origin}` : ''
    const what = `the upstream redirects${origin}, which is not followed: set the address it leads to as upstream`
    throw new Problem('upstream_invalid', what)
  }
  if (status < 200 || status > 599) throw new Problem('upstream_invalid', `the upstream answered with status ${status}`)
}

/** A reply that broke off behind its head. */
class Broke extends Error {
  override name = 'Broke'
  constructor(received: number, reason: string) {
    super(`the connection to the upstream broke after ${received} bytes of its answer (${reason})`)
  }
}

/** What went wrong, in the words of the platform: the code is the shortest. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? error.cause : error
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}
