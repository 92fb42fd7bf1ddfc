/**
 * Whether only this machine reaches a server that listens there.
 *
 * @example isLoopback('127.0.0.1') // true
 */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase()
  return name === 'localhost' || name === '::1' || name.startsWith('127.') || name.startsWith('::ffff:127.')
}

/**
 * Whether a request may come by this name (its Host header) to a server on loopback. Addresses and `localhost` cannot be
 * forged by a name server, other names can: a web page whose own name leads to 127.0.0.1 would otherwise reach the server.
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
