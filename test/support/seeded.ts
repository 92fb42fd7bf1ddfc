/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** The text in pieces of 1 to `longest` characters, as tokens come; now and then an empty one. */
export function tokens(text: string, random: () => number, longest = 8): string[] {
  const chunks: string[] = []
  for (let i = 0; i < text.length; ) {
    const length = 1 + Math.floor(random() * longest)
    chunks.push(text.slice(i, i + length))
    if (random() < 0.05) chunks.push('')
    i += length
  }
  return chunks
}

/** The text in two pieces, `count` times. */
export function* someCuts(text: string, random: () => number, count: number): Generator<string[]> {
  for (let k = 0; k < count; k++) {
    const i = Math.floor(random() * (text.length + 1))
    yield [text.slice(0, i), text.slice(i)]
  }
}
