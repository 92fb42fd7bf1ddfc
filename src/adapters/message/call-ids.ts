/**
 * Ids for calls on a wire. A parser's own default ids are the same for every message (`call_0`, `call_1`), so that its
 * output is reproducible; a conversation needs ids that differ from message to message.
 */

/**
 * Where the id of a call on the wire comes from:
 * `fresh` (default) a random one per call, `keep` the parser's own (for a parser with a `generateId` of yours),
 * or a function, called once per call when it is announced.
 */
export type CallIds = 'fresh' | 'keep' | ((call: { index: number; id: string; name: string }) => string)

const NINE_ALPHANUMERICS = /^[A-Za-z0-9]{9}$/
const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/**
 * A random id body of `length` letters and digits. Uses `crypto.getRandomValues`, which unlike `randomUUID` also
 * exists on plain-http pages.
 *
 * @example randomId(24) // 'k3JXh0…'
 */
export function randomId(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length))
  let id = ''
  // 256 is no multiple of 62: the first letters are a little likelier, which costs under 0.1 bit a letter.
  for (const byte of bytes) id += ALPHABET.charAt(byte % ALPHABET.length)
  return id
}

/**
 * Makes the function that turns a parser's call into its id on the wire. Ask it once per call and remember the answer.
 * A fresh id keeps the shape that the format demands: Mistral's chat template takes nine letters or digits and nothing
 * else, so an id of that shape is replaced by one of that shape.
 *
 * @throws TypeError at once for an option that is none of the three, and later if a function gives no non-empty string
 * @example createCallIds('fresh', 'call_')({ index: 0, id: 'call_0', name: 'f' }) // 'call_k3JXh0…'
 */
export function createCallIds(ids: CallIds = 'fresh', prefix: string) {
  if (ids !== 'fresh' && ids !== 'keep' && typeof ids !== 'function') {
    throw new TypeError(`callIds: expected 'fresh', 'keep' or a function, got ${String(ids)}`)
  }
  return (call: { index: number; id: string; name: string }): string => {
    if (ids === 'keep') return call.id
    if (ids === 'fresh') return NINE_ALPHANUMERICS.test(call.id) ? randomId(9) : prefix + randomId(24)
    const id = ids({ index: call.index, id: call.id, name: call.name })
    if (typeof id !== 'string' || id === '') {
      throw new TypeError(`callIds: the function gave no id for call ${call.index}; return a non-empty string`)
    }
    return id
  }
}
