import { UsageError } from '../verb.js'
import { quoted } from './screen-text.js'

/**
 * The value of `--port`.
 * @throws UsageError for anything but a number from 0 to 65535
 */
export function readPort(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  if (/^[0-9]{1,5}$/.test(value) && Number(value) <= 65535) return Number(value)
  throw new UsageError(`--port takes a number from 0 to 65535, not ${quoted(value)}`)
}

/** What to say when a server cannot listen there; the error itself if it is another one. */
export function listenFault(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return new UsageError(`--port: ${host}:${port} is already in use; choose another with --port, or 0 for any`)
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new UsageError(`--host: ${host} is not an address of this machine`)
  if (code === 'EACCES') return new UsageError(`--port: listening on port ${port} is not permitted; use one above 1023`)
  return error
}
