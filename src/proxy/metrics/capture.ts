import { isCredential } from '../wire/headers.js'
import { isObject, type JsonObject } from '../wire/json.js'
import type { Route } from '../wire/route.js'
import type { LogRecord } from './log.js'

/** What went one way, as text, and when its pieces came: milliseconds since the request, and UTF-16 units of text. */
export interface CapturedText {
  text: string
  chunks: [ms: number, units: number][]
}

/** A request to the upstream and its raw answer. Of a prompt that the engine renders there is one of its own. */
export interface CapturedAnswer extends CapturedText {
  path: string
  body: unknown
  /** 0 where no head of an answer came. */
  status: number
  /** Its content-type. */
  type: string
  /** Why it broke off, where it did. */
  died?: string
}

/**
 * One exchange, as `ProxyOptions.record` gets it and the command writes it into a file: what the client asked for, what the
 * upstream said, and what was made of it. No credentials: of the headers it has a few that tell no secret, members of
 * bodies that are named as credentials are left out, and where a key of this exchange stands in a text, it is blackened.
 */
export interface Capture {
  type: 'callsift-capture'
  /** Grows where a reader of this version would misread it. */
  version: 1
  /** When the request came: ISO 8601. */
  time: string
  /** There was more than `recordLimit` characters, and the rest is left out. */
  cut?: true
  request: { wire: Route; path: string; headers: Record<string, string>; body: unknown }
  /** How the text was read; the tools are those of the request. */
  reading?: { format: string; startInReasoning?: boolean | undefined; options: JsonObject }
  upstream: CapturedAnswer[]
  /** What the client got. */
  reply: CapturedText & { status: number; type: string }
  /** The line of the log. */
  log: LogRecord
}

/** Follows one exchange. What is given to it is kept by reference until the exchange is over. */
export interface Recorder {
  /** The client's request; `size` is that of its body. */
  request(body: unknown, size: number): void
  /** A request to the upstream. */
  asked(path: string, body: string | undefined): AnswerTape
  reading(reading: NonNullable<Capture['reading']>): void
  /** The head of the reply to the client; what is behind it goes to the tape. */
  reply(status: number, type: string): Tape
  over(log: LogRecord): void
}

/** Takes what comes one way. */
export interface Tape {
  take(piece: Uint8Array | string): void
}

/** Takes an answer of the upstream. */
export interface AnswerTape extends Tape {
  head(status: number, type: string): void
  died(reason: string): void
}

/** Headers of a request that say what the client is, and nothing that only it may know. */
const TOLD = ['content-type', 'accept', 'user-agent', 'anthropic-version', 'anthropic-beta', 'openai-beta']
/** A shorter key is no secret (`none`, `ollama`), and would be found in any text. */
const SHORTEST_KEY = 8
/** What a chunk's time costs (characters). */
const CHUNK_COST = 16

/** Captures that are held at once have this many times the limit of one. */
const HELD = 16

/** What all captures of a proxy share. */
export interface RecordRules {
  readonly record: (capture: Capture) => void
  /** Most characters of one. */
  readonly limit: number
  /** Keys of the proxy. */
  readonly keys: readonly (string | undefined)[]
}

/**
 * Makes the recorders of one proxy.
 *
 * @example createRecorders(rules)('chat', '/v1/chat/completions', request.headers).request(body, size)
 */
export function createRecorders({
  record,
  limit,
  keys,
}: RecordRules): (route: Route, path: string, headers: Headers) => Recorder {
  let held = 0
  return (wire, path, headers) => {
    const start = performance.now()
    let own = 0 // characters kept
    const capture: Omit<Capture, 'log'> = {
      type: 'callsift-capture',
      version: 1,
      time: new Date().toISOString(),
      request: { wire, path, headers: told(headers), body: null },
      upstream: [],
      reply: { status: 0, type: '', text: '', chunks: [] },
    }
    /** Nothing behind a gap is kept either. */
    function fits(size: number): boolean {
      if (capture.cut || own + size > limit || held + size > HELD * limit) {
        capture.cut = true
        return false
      }
      own += size
      held += size
      return true
    }
    function tapeInto(into: CapturedText): Tape {
      const decoder = new TextDecoder()
      return {
        take(piece) {
          const text = typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true })
          if (!fits(text.length + CHUNK_COST)) return
          into.text += text
          into.chunks.push([Math.round((performance.now() - start) * 10) / 10, text.length])
        },
      }
    }
    return {
      request(body, size) {
        if (fits(size)) capture.request.body = body
      },
      asked(where, body) {
        const answer: CapturedAnswer = { path: where, body: null, status: 0, type: '', text: '', chunks: [] }
        capture.upstream.push(answer)
        if (body !== undefined && fits(body.length)) answer.body = body
        return {
          ...tapeInto(answer),
          head(status, type) {
            answer.status = status
            answer.type = type
          },
          died(reason) {
            answer.died = reason
          },
        }
      },
      reading(reading) {
        capture.reading = reading
      },
      reply(status, type) {
        capture.reply.status = status
        capture.reply.type = type
        return tapeInto(capture.reply)
      },
      over(log) {
        // The last piece of the reply goes out in this turn.
        setTimeout(() => {
          held -= own
          for (const answer of capture.upstream) answer.body = bodyOf(answer.body)
          const { text: _, ...line } = log
          const whole = { ...capture, log: line }
          record(blackened(whole, secretsOf(headers, keys)) as Capture)
        }, 0)
      },
    }
  }
}

function bodyOf(body: unknown): unknown {
  try {
    return typeof body === 'string' ? JSON.parse(body) : body
  } catch {
    return body
  }
}

function told(headers: Headers): Record<string, string> {
  return Object.fromEntries(TOLD.flatMap((name) => (headers.has(name) ? [[name, headers.get(name) ?? '']] : [])))
}

/** The keys that must not be in the capture, wherever somebody repeats them. */
function secretsOf(headers: Headers, keys: readonly (string | undefined)[]): string[] {
  const secrets = new Set<string>()
  for (const key of keys) if (key !== undefined) secrets.add(key)
  for (const [name, value] of headers) {
    if (!isCredential(name)) continue
    // `Bearer k`, `a=k; b=l`: the whole and its parts.
    for (const part of [value, ...value.split(/[\s;,]|=(?!$)/)]) secrets.add(part)
  }
  const texts = [...secrets].flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
  // The longest first: it may begin with another.
  return [...new Set(texts)].filter(({ length }) => length >= SHORTEST_KEY).sort((a, b) => b.length - a.length)
}

/** Maps of JSON schemas: their names are names of properties, such as a parameter `token`. */
const SCHEMAS = ['properties', 'patternProperties', '$defs', 'definitions']

/**
 * A value without secrets: members of bodies that are named as credentials have their text left out, and keys are
 * blackened wherever they stand, so that lengths stay what they were.
 */
function blackened(value: unknown, secrets: readonly string[], parent = '', inBody = false): unknown {
  if (typeof value === 'string')
    return secrets.reduce((text, secret) => text.replaceAll(secret, '█'.repeat(secret.length)), value)
  if (Array.isArray(value)) return value.map((item) => blackened(item, secrets, '', inBody))
  if (!isObject(value)) return value
  const members = Object.entries(value).map(([name, member]) => {
    const isSchema = SCHEMAS.includes(parent) && isObject(member)
    const keep = !inBody || isSchema || !isSecret(name)
    return [name, keep ? blackened(member, secrets, name, inBody || name === 'body') : withoutText(member)]
  })
  return Object.fromEntries(members)
}

/** Servers of tools that the vendor runs come with an address, headers and keys of their own. */
function isSecret(name: string): boolean {
  return name === 'headers' || name === 'server_url' || isCredential(name.toLowerCase().replaceAll('_', '-'))
}

/** Numbers are none of anybody's secrets, as in `max_tokens`. */
function withoutText(value: unknown): unknown {
  if (typeof value === 'string') return '(left out)'
  if (Array.isArray(value)) return value.map(withoutText)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutText(member)]))
}
