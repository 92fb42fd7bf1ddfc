/** Ways to cut a text into chunks. */
export interface Feed {
  readonly name: string
  readonly chunks: readonly string[]
}

/** Longer texts are not cut at every place. */
const EVERY_CUT = 2000
const SOME_CUTS = 400
const TOKEN_FEEDS = 5

/** Every feed that a text is tried in; `captured` are the chunks that it came in. Always the same for the same text. */
export function* feedsOf(text: string, captured: readonly string[] = []): Generator<Feed> {
  if (captured.length > 1) yield { name: 'the capture’s own chunks', chunks: captured }
  yield { name: 'single characters', chunks: text.split('') }
  const random = seeded(text.length)
  for (let i = 0; i < TOKEN_FEEDS; i++) yield { name: `token-sized chunks ${i + 1}`, chunks: tokens(text, random) }
  const all = text.length <= EVERY_CUT
  for (let i = 1; i < (all ? text.length : SOME_CUTS); i++) {
    const at = all ? i : 1 + Math.floor(random() * (text.length - 1))
    yield { name: `a cut at ${at}`, chunks: [text.slice(0, at), text.slice(at)] }
  }
}

function tokens(text: string, random: () => number): string[] {
  const chunks: string[] = []
  for (let at = 0; at < text.length; ) {
    const to = at + 1 + Math.floor(random() * 8)
    chunks.push(text.slice(at, to))
    at = to
  }
  return chunks
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
