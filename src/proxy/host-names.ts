/**
 * Whether only this machine reaches a server that listens there.
 *
 * @example isLoopback('127.0.0.1') // true
 */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/**
 * Whether a request may come by this name (its Host header) to a server on loopback. Addresses cannot be forged by a
 * name server, names can: a web page whose own name leads to 127.0.0.1 would otherwise reach the server.
 *
 * @example mayCall('localhost:8787', new Set()) // true
 */
export function mayCall(host: string | undefined, names: ReadonlySet<string>): boolean {
  const name = (host ?? '').replace(/:[0-9]{1,5}$/, '').toLowerCase()
  return (
    name === '' ||
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    /^(?:[0-9.]+|\[[0-9a-f:.]+\])$/.test(name) ||
    names.has(name)
  )
}

/**
 * The path and query of a request line. It may hold a whole URL, as for a forward proxy; this is none, so the host in it
 * does not count.
 *
 * @example pathOf('http://other/v1/models?a=1') // '/v1/models?a=1'
 */
export function pathOf(url: string): string {
  if (url.startsWith('/')) return url
  try {
    const { pathname, search } = new URL(url)
    return pathname + search
  } catch {
    return '/'
  }
}
