import type { Problem } from './problem.js'

/** A request of a client, as any server can give it. */
export interface ClientRequest {
  readonly method: string
  /** With the query, as it was written: nothing resolved, nothing unescaped. */
  readonly path: string
  readonly headers: Headers
  /** The name and port by which it came. */
  readonly host: string | undefined
  readonly body: AsyncIterable<Uint8Array>
  /** Fires when the client has gone; with `SILENT` as its reason where it was cut off since it took nothing more. */
  readonly gone: AbortSignal
  /** What the server itself has against it. */
  readonly refused?: Problem | undefined
  /** Why the server has no room for it, unless it is one that is answered at once. */
  readonly noRoom?: Problem | undefined
}

/** Why a client has gone that was cut off. */
export const SILENT = 'silent'
/** Why a client has gone that left by itself. A word, since an error with its stack would be made for each otherwise. */
export const LEFT = 'left'
