import { isLoopback } from '../wire/host-names.js'

/** Where a proxy listens, and which keys it has. */
interface Keys {
  readonly host?: string | undefined
  readonly apiKey?: string | undefined
  readonly clientKey?: string | undefined
}

/**
 * Whether more than this machine reaches a proxy that has a key of the upstream and asks for none itself.
 *
 * @example isOpenToAll({ upstream, host: '0.0.0.0', apiKey: 'k' }) // true
 */
export function isOpenToAll({ host = '127.0.0.1', apiKey, clientKey }: Keys): boolean {
  return !isLoopback(host) && apiKey !== undefined && clientKey === undefined
}

/** What a proxy is told that has a key and gives it to everybody. */
export const OPEN_TO_ALL =
  'anyone who reaches this address can use the upstream’s key: require a key from clients with clientKey (--client-key-env)'
