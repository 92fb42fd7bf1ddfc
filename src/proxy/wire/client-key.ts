import { isSameText } from './same-text.js'

/** Where clients put their key: OpenAI's in the first, Anthropic's in the second. */
const PLACES = ['authorization', 'x-api-key'] as const

/**
 * Whether a request has the key that clients must send.
 *
 * @example hasClientKey(new Headers({ authorization: 'Bearer k' }), 'k') // true
 */
export function hasClientKey(headers: Headers, key: string): boolean {
  let found = false
  for (const place of PLACES) {
    const given = headers.get(place) ?? ''
    const plain = place === 'authorization' ? given.replace(/^bearer /i, '').trim() : given
    // Both are looked at, whatever the first came to, so that no time is told apart.
    found = isSameText(plain, key) || found
  }
  return found
}

/**
 * Takes the key of the clients out of headers that go to the upstream, wherever it stands: it opens this proxy, and is
 * nothing to anybody else.
 *
 * @example dropClientKey(headers, 'k')
 */
export function dropClientKey(headers: Headers, key: string): void {
  for (const [name, value] of [...headers]) {
    const pieces = value.split(/[\s,;"']/)
    if (pieces.some((piece) => piece === key || piece.endsWith(`=${key}`))) headers.delete(name)
  }
}
