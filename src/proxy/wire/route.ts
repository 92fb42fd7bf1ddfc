/** The wires that the proxy answers itself. Everything else passes through. */
export type Wire = 'chat' | 'responses' | 'messages'

/** What a request is for. */
export type Route = Wire | 'count_tokens' | 'health' | 'metrics' | 'pass'

/** Whether the proxy answers it itself, with what the model says. */
export function isWire(route: Route): route is Wire {
  return route === 'chat' || route === 'responses' || route === 'messages'
}

const POSTS: Readonly<Record<string, Wire | 'count_tokens'>> = {
  '/chat/completions': 'chat',
  '/responses': 'responses',
  '/messages': 'messages',
  '/messages/count_tokens': 'count_tokens',
}

/**
 * What a request is for, by its method and path (without the query). The wires answer with and without `/v1` in front,
 * since clients differ in what they count to the base URL.
 *
 * @example routeOf('POST', '/v1/messages') // 'messages'
 */
export function routeOf(method: string, path: string): Route {
  if (method === 'GET' || method === 'HEAD') {
    // Claude Code asks with HEAD / whether anybody is there.
    if (path === '/health' || (path === '/' && method === 'HEAD')) return 'health'
    return path === '/metrics' ? 'metrics' : 'pass'
  }
  if (method !== 'POST') return 'pass'
  const short = path.startsWith('/v1/') ? path.slice('/v1'.length) : path
  return (Object.hasOwn(POSTS, short) ? POSTS[short] : undefined) ?? 'pass'
}

/** Where the upstream is. */
export interface UpstreamBase {
  /** The base that was configured, without a slash at its end: `http://localhost:8000/v1`. */
  readonly api: string
  /** The same without `/v1`: where an engine keeps what is not OpenAI's, such as `/tokenize`. */
  readonly root: string
}

/**
 * Reads the upstream's base URL.
 *
 * @throws TypeError that names the setting and says what it takes
 * @example readUpstream('http://localhost:8000/v1/').root // 'http://localhost:8000'
 */
export function readUpstream(value: unknown): UpstreamBase {
  const expected = 'expected the base URL of an OpenAI-compatible server, such as http://localhost:8000/v1'
  if (typeof value !== 'string' && !(value instanceof URL)) throw new TypeError(`upstream: missing; ${expected}`)
  const text = String(value)
  let url: URL
  try {
    url = new URL(text)
  } catch {
    throw new TypeError(`upstream: ${JSON.stringify(text)} is not a URL; ${expected}`)
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    const hint = /^[\w.-]+:\d/.test(text) ? `; did you mean http://${text}?` : ''
    throw new TypeError(`upstream: ${JSON.stringify(text)} is neither http: nor https:${hint}; ${expected}`)
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('upstream: a URL with a user name or password is not accepted; give the key as apiKey')
  }
  if (url.search !== '' || url.hash !== '') throw new TypeError(`upstream: leave out what follows ? or #; ${expected}`)
  const api = (url.origin + url.pathname).replace(/\/$/, '')
  return { api, root: api.endsWith('/v1') ? api.slice(0, -'/v1'.length) : api }
}

/**
 * The upstream's URL for a path of the proxy: `/v1/…` lies under the base, other paths under its root. The text is put
 * together, not resolved, so no path can lead to another host.
 *
 * @example upstreamUrl(readUpstream('http://gpu:8000/v1'), '/v1/models?a=1') // 'http://gpu:8000/v1/models?a=1'
 */
export function upstreamUrl(base: UpstreamBase, path: string): string {
  if (path === '/v1' || path.startsWith('/v1/') || path.startsWith('/v1?')) return base.api + path.slice('/v1'.length)
  return base.root + path
}
