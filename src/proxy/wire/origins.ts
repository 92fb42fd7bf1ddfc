import { mayCall } from './host-names.js'

/** Methods that pass, which are also those that pages of allowed origins may use. */
export const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** What a browser says of a request of the page's own origin, and of one that a person typed. All else is foreign. */
const OWN_SITES: readonly string[] = ['same-origin', 'none']

/** How long a browser may remember the answer to its preflight (seconds). */
const MAX_AGE = '600'

/** What a request is, as far as web pages go. */
export type OriginVerdict =
  | { readonly type: 'none' }
  | { readonly type: 'allowed'; readonly origin: string }
  | { readonly type: 'foreign'; readonly from: string }

/** By which name a request came, and which names are the proxy's beside addresses and `localhost`. */
export interface OwnNames {
  readonly host: string | undefined
  readonly names: ReadonlySet<string>
}

/**
 * Whether a web page sent a request, and whether it may. Browsers name the page's origin with everything that changes
 * something or that a page could read, and mark other requests with `Sec-Fetch-Site`; other clients send neither. The
 * proxy's own origin is that of its Host, if the name cannot have been chosen by somebody else: an address, `localhost`
 * or one of `names`.
 *
 * @example judgeOrigin(request.headers, { host: 'localhost:8787', names: new Set() }, new Set()) // { type: 'none' }
 */
export function judgeOrigin(headers: Headers, own: OwnNames, allowed: ReadonlySet<string>): OriginVerdict {
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  const isForeign = site !== null && !OWN_SITES.includes(site)
  if (origin === null) return isForeign ? { type: 'foreign', from: 'another origin' } : { type: 'none' }
  if (allowed.has('*') || allowed.has(origin)) return { type: 'allowed', origin }
  if (isOwn(origin, own) && site !== 'cross-site') return { type: 'none' }
  return { type: 'foreign', from: origin.slice(0, 200) }
}

function isOwn(origin: string, { host, names }: OwnNames): boolean {
  const [scheme = '', name = '', ...more] = origin.split('://')
  if ((scheme !== 'http' && scheme !== 'https') || more.length > 0 || host === undefined || host === '') return false
  const port = scheme === 'https' ? ':443' : ':80'
  if (name !== (host.endsWith(port) ? host.slice(0, -port.length) : host).toLowerCase()) return false
  // Over https a certificate has vouched for the name. Over http anybody can give a name of theirs our address.
  return scheme === 'https' || mayCall(host, names)
}

/**
 * The answer to a preflight of an allowed origin; undefined for a request that is none.
 *
 * @example preflightHeaders('OPTIONS', headers)?.get('access-control-allow-methods')
 */
export function preflightHeaders(method: string, asked: Headers): Headers | undefined {
  if (method !== 'OPTIONS' || asked.get('access-control-request-method') === null) return undefined
  const headers = new Headers({ 'access-control-allow-methods': METHODS.join(', '), 'access-control-max-age': MAX_AGE })
  const names = (asked.get('access-control-request-headers') ?? '').split(',').map((name) => name.trim())
  const allowed = names.filter((name) => /^[a-z0-9-]+$/i.test(name))
  if (allowed.length > 0) headers.set('access-control-allow-headers', allowed.join(', '))
  if (asked.get('access-control-request-private-network') === 'true')
    headers.set('access-control-allow-private-network', 'true')
  headers.set('vary', 'Access-Control-Request-Method, Access-Control-Request-Headers')
  return headers
}

/**
 * Lets the page of an allowed origin read a reply.
 *
 * @example openTo('http://localhost:3000', reply.headers)
 */
export function openTo(origin: string, headers: Headers): void {
  const names = [...headers.keys()].filter((name) => name !== 'vary' && !name.startsWith('access-control-'))
  if (names.length > 0) headers.set('access-control-expose-headers', names.join(', '))
  headers.set('access-control-allow-origin', origin)
  headers.append('vary', 'Origin')
}

/**
 * Checks the origins of an option.
 *
 * @throws TypeError that names the option and says what an origin looks like
 * @example readOrigins(['http://localhost:3000'], undefined).has('http://localhost:3000')
 */
export function readOrigins(value: unknown, clientKey: string | undefined): ReadonlySet<string> {
  if (value === undefined) return new Set()
  const looks = 'an origin looks like http://localhost:3000 or app://obsidian.md; null and * are allowed too'
  if (!Array.isArray(value)) throw new TypeError(`allowedOrigins: expected a list of origins; ${looks}`)
  const origins = new Set<string>()
  for (const given of value) {
    const text = typeof given === 'string' ? given.trim() : ''
    if (text === '*' && clientKey === undefined) {
      throw new TypeError(
        'allowedOrigins: * lets every web page use the upstream; name the origins, or give clientKey as well',
      )
    }
    if (text === '*' || text === 'null') origins.add(text)
    else if (/^https?:\/\/[^\s/?#@]+$/i.test(text) && URL.canParse(text)) origins.add(new URL(text).origin)
    else if (/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@]*$/i.test(text) && !/^https?:/i.test(text)) origins.add(text)
    else throw new TypeError(`allowedOrigins: ${JSON.stringify(given)} is not an origin; ${looks}, without a path`)
  }
  return origins
}
