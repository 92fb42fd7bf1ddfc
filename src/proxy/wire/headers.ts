import { dropClientKey } from './client-key.js'

/** Headers that belong to one connection and are never passed on. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]

/** What only a browser and the server that it talks to have to do with each other: the proxy has judged it. */
const BROWSER = /^(?:origin$|sec-fetch-|access-control-)/

/** What lets pages read a reply. It is the proxy's to say, since pages reach the proxy and not the upstream. */
const OPENING = /^(?:access-control-|timing-allow-origin$)/

/** What identifies a client to someone. These were given to this proxy, and to nobody else. */
const CREDENTIALS =
  /auth|api-?key|token|cookie|secret|credential|passw|signature|^dpop$|^openai-(?:organization|project)$/

/**
 * Whether a header, or a member of a body, is named as what identifies somebody. The name is in lower case.
 *
 * @example isCredential('x-api-key') // true
 */
export function isCredential(name: string): boolean {
  return CREDENTIALS.test(name)
}

/** How the credentials of a request reach the upstream. */
export interface CredentialRules {
  /** The upstream's own key, sent as a bearer token. */
  readonly apiKey: string | undefined
  /** The key that clients must send to this proxy, which the upstream never sees. */
  readonly clientKey: string | undefined
  /** Pass on what the client sent. Off unless asked for: its keys were not meant for the upstream's host. */
  readonly forward: boolean
}

/**
 * The headers of a request to the upstream: those of the client without what belongs to its connection, and without its
 * credentials unless they are to be passed on, nor what a browser says of the page that asks.
 *
 * @example requestHeaders(new Headers({ authorization: 'Bearer k' }), rules).has('authorization') // false
 */
export function requestHeaders(client: Headers, { apiKey, clientKey, forward }: CredentialRules): Headers {
  const headers = new Headers()
  const dropped = new Set([...HOP_BY_HOP, 'host', 'content-length', 'expect', ...listed(client.get('connection'))])
  for (const [name, value] of client) {
    if (dropped.has(name) || BROWSER.test(name) || (!forward && isCredential(name))) continue
    headers.append(name, value)
  }
  headers.delete('proxy-authorization')
  if (clientKey !== undefined) dropClientKey(headers, clientKey)
  if (apiKey !== undefined) {
    for (const name of ['x-api-key', 'api-key']) headers.delete(name)
    headers.set('authorization', `Bearer ${apiKey}`)
  } else if (forward && !headers.has('authorization')) {
    // Anthropic's clients send their key in a header of its own; the upstream speaks OpenAI.
    const key = headers.get('x-api-key')
    if (key !== null) headers.set('authorization', `Bearer ${key}`)
  }
  return headers
}

/**
 * The headers of a reply: those of the upstream without what belongs to its connection. With `rewritten`, also without
 * what described the body.
 *
 * @example replyHeaders(upstream.headers, 'rewritten').get('retry-after') // as the upstream said
 */
export function replyHeaders(upstream: Headers, body: 'as-is' | 'rewritten'): Headers {
  const headers = new Headers(upstream)
  for (const name of [...HOP_BY_HOP, ...listed(upstream.get('connection'))]) headers.delete(name)
  for (const name of [...headers.keys()]) if (OPENING.test(name)) headers.delete(name)
  if (body === 'rewritten') {
    for (const name of ['content-length', 'content-encoding', 'content-md5', 'digest', 'etag']) headers.delete(name)
  }
  return headers
}

/** The headers that a Connection header names. What is no name of a header is left out: `Headers` would throw. */
function listed(connection: string | null): string[] {
  const names = (connection ?? '').split(',').map((name) => name.trim().toLowerCase())
  return names.filter((name) => /^[a-z0-9-]+$/.test(name))
}
