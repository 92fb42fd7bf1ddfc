/** A body that is longer than it may be. */
export class TooLong extends Error {
  override name = 'TooLong'
}

/**
 * Reads a body to its end.
 *
 * @throws TooLong as soon as there are more bytes than `limit`
 * @example await readAll(reply.body, 1024)
 */
export async function readAll(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > limit) throw new TooLong(`more than ${limit} bytes`)
    chunks.push(chunk)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
