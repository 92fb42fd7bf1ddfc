/** Takes what a body gives: chunks, and then its end or its death. */
export interface ChunkTaker {
  chunk(bytes: Uint8Array): void
  end(): void
  died(error: unknown): void
}

/** A body whose chunks are asked for one by one. */
export interface ChunkSource {
  /** Asks for the next chunk. The taker gets it at once or later; then one may ask again. */
  next(): void
}

/** The bytes of a reply, to be read once. */
export interface ReplyBody extends AsyncIterable<Uint8Array> {
  /** A way to read them without a promise for each chunk, where the platform has one. */
  readonly open?: (taker: ChunkTaker) => ChunkSource
}

/**
 * The chunks of a body by callback: its own way where it has one, which needs no promises.
 *
 * @example sourceOf(reply.body, { chunk: (bytes) => …, end, died }).next()
 */
export function sourceOf(body: ReplyBody, taker: ChunkTaker): ChunkSource {
  if (body.open !== undefined) return body.open(taker)
  const iterator = body[Symbol.asyncIterator]()
  const take = (result: IteratorResult<Uint8Array, unknown>): void => {
    if (result.done === true) taker.end()
    else taker.chunk(result.value)
  }
  return { next: () => void iterator.next().then(take, taker.died) }
}
