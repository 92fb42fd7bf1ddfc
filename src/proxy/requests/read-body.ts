import { Problem } from '../wire/problem.js'
import { readAll } from '../wire/read-all.js'

/** What bodies are held to. */
export interface BodyRules {
  /** Most bytes of one. */
  readonly bodyLimit: number
  /** Milliseconds that a client has for it. */
  readonly requestTimeout: number
}

/** A request, as far as its body goes. */
export interface Sent {
  readonly method: string
  readonly headers: Headers
  readonly body: AsyncIterable<Uint8Array>
}

/** The bytes of all bodies that are held at once. */
export interface BodyRoom {
  /** @throws Problem where there is no room for so many more */
  take(bytes: number): void
  leave(bytes: number): void
}

/**
 * Makes the room for bodies.
 *
 * @example createBodyRoom(128 * 1024 * 1024).take(chunk.length)
 */
export function createBodyRoom(limit: number): BodyRoom {
  let held = 0
  return {
    take(bytes) {
      if (held + bytes > limit) {
        const what = `request bodies already take ${limit} bytes (setting bodiesLimit, --bodies-limit)`
        throw new Problem('overloaded', what, 'bodies')
      }
      held += bytes
    },
    leave(bytes) {
      held -= bytes
    },
  }
}

/**
 * What is wrong with the way in which a body is said to come. Servers tell lengths and codings apart by themselves; this
 * is for hosts that hand them on, and for bodies that the platform's `fetch` could not send.
 *
 * @throws Problem
 */
export function checkFraming({ method, headers }: Sent): void {
  const coding = headers.get('transfer-encoding')
  const length = headers.get('content-length')
  if (coding !== null && coding.trim().toLowerCase() !== 'chunked')
    throw new Problem('invalid_request', 'the only accepted transfer-encoding is chunked', 'framing')
  if (coding !== null && length !== null)
    throw new Problem('invalid_request', 'both content-length and transfer-encoding', 'framing')
  if (length !== null && !/^[0-9]{1,15}$/.test(length))
    throw new Problem('invalid_request', 'a content-length that is not a number', 'framing')
  if (isBare(method) && Number(length) > 0) throw bodyOfBare(method)
  const expect = headers.get('expect')
  if (expect !== null && expect.toLowerCase() !== '100-continue')
    throw new Problem('expectation_failed', 'the only accepted expectation is 100-continue', 'framing')
}

/** GET and HEAD have no body: `fetch` cannot send one, and servers that do not expect it take it for a request. */
function isBare(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

function bodyOfBare(method: string): Problem {
  return new Problem('invalid_request', `a ${method} request with a body`, 'framing')
}

/**
 * Reads the body of a request. Its bytes count as held until the caller lets them go (`room.leave`).
 *
 * @throws Problem as soon as the body is known to be too long, not to be told of or too slow, or where there is no room
 * @example const body = await readBody(request, settings, room)
 */
export async function readBody(sent: Sent, rules: BodyRules, room: BodyRoom): Promise<Uint8Array> {
  const { bodyLimit, requestTimeout } = rules
  const length = sent.headers.get('content-length')
  if (Number(length ?? 0) > bodyLimit) throw tooLong(bodyLimit)
  let taken = 0
  let pieces = 0
  let over = false
  async function* counted(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const chunk of sent.body) {
      if (over) return // it came too late
      if (taken + chunk.length > bodyLimit) throw tooLong(bodyLimit)
      if (++pieces > MOST_PIECES && taken < pieces * LEAST_PIECE) throw tooManyPieces()
      room.take(chunk.length)
      taken += chunk.length
      yield chunk
    }
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const what = `the request was incomplete after ${requestTimeout / 1000} s (setting requestTimeout, --request-timeout)`
    timer = setTimeout(() => reject(new Problem('request_timeout', what, 'slow-request')), requestTimeout)
  })
  try {
    const bytes = await Promise.race([readAll(counted(), Number.POSITIVE_INFINITY), late])
    if (bytes.length > 0 && isBare(sent.method)) throw bodyOfBare(sent.method)
    if (length !== null && Number(length) !== bytes.length)
      throw new Problem('invalid_request', 'the body is not as long as content-length says', 'framing')
    return bytes
  } catch (error) {
    room.leave(taken)
    if (error instanceof Problem) throw error
    throw new Problem('invalid_request', 'the body of the request broke off', 'body')
  } finally {
    over = true
    clearTimeout(timer)
  }
}

/** Each piece costs far more than its bytes: two million of one byte take a processor a quarter of a minute. */
const MOST_PIECES = 65_536
/** So many bytes have the pieces of a longer body on average. */
const LEAST_PIECE = 16

function tooManyPieces(): Problem {
  const what = `the body comes in more than ${MOST_PIECES} pieces of less than ${LEAST_PIECE} bytes; send larger chunks`
  return new Problem('invalid_request', what, 'framing')
}

function tooLong(limit: number): Problem {
  const what = `the request has more than ${limit} bytes (setting bodyLimit, --body-limit)`
  return new Problem('request_too_large', what, 'body-too-large')
}
