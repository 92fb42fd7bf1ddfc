/** A body that is longer than it may be. */
export class TooLong extends Error {
  override name = 'TooLong'
}

/** Room for most requests and replies (bytes). */
const FIRST = 4096

/**
 * Reads a body to its end.
 *
 * @throws TooLong as soon as there are more bytes than `limit`
 * @example await readAll(reply.body, 1024)
 */
export async function readAll(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  // Copied as they come: chunks of one byte each, which a client can send, take a hundred times their length when kept.
  let whole = new Uint8Array(FIRST)
  let length = 0
  for await (const chunk of body) {
    const before = length
    length += chunk.length
    if (length > limit) throw new TooLong(`more than ${limit} bytes`)
    if (length > whole.length) {
      const longer = new Uint8Array(Math.max(length, whole.length * 2))
      longer.set(whole.subarray(0, before))
      whole = longer
    }
    whole.set(chunk, before)
  }
  return whole.subarray(0, length)
}
