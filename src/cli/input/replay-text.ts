import { feedsOf } from './feeds.js'

/** Reads a text in chunks and gives what came out, as comparable values in order. */
export type Read = (chunks: readonly string[]) => readonly unknown[]

/** The first thing that differs between a text in chunks and the same text whole. */
export interface Difference {
  readonly feed: string
  readonly index: number
  readonly whole: unknown
  readonly cut: unknown
}

/** Reads the text in every feed. Undefined if all give the same. `feeds` counts those tried. */
export function replayText(
  text: string,
  read: Read,
  captured: readonly string[],
): { feeds: number; difference?: Difference } {
  const whole = attempt(read, [text])
  let feeds = 1
  for (const { name, chunks } of feedsOf(text, captured)) {
    feeds++
    const cut = attempt(read, chunks)
    const index = firstDifference(whole, cut)
    if (index >= 0) return { feeds, difference: { feed: name, index, whole: whole[index], cut: cut[index] } }
  }
  return { feeds }
}

/** The smallest text found that still differs, by leaving pieces out; tries at most so many texts. */
export function shrinkText(text: string, read: Read, tries = 4000): string {
  let smallest = text
  let left = tries
  for (let size = Math.ceil(text.length / 2); size >= 1 && left > 0; ) {
    let removed = false
    for (let at = 0; at < smallest.length && left > 0; ) {
      left--
      const shorter = smallest.slice(0, at) + smallest.slice(at + size)
      if (shorter !== '' && replayText(shorter, read, []).difference !== undefined) {
        smallest = shorter
        removed = true
      } else at += size
    }
    if (!removed || size > smallest.length) size = size === 1 ? 0 : Math.ceil(size / 2)
  }
  return smallest
}

/** A parser that throws differs from one that does not. */
function attempt(read: Read, chunks: readonly string[]): readonly string[] {
  try {
    return read(chunks).map((value) => JSON.stringify(value) ?? 'undefined')
  } catch (error) {
    return [`threw ${error instanceof Error ? error.message : String(error)}`]
  }
}

function firstDifference(one: readonly string[], other: readonly string[]): number {
  const length = Math.max(one.length, other.length)
  for (let i = 0; i < length; i++) if (one[i] !== other[i]) return i
  return -1
}
