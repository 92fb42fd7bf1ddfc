import { Cursor } from '../../src/text/cursor.js'
import { GrowingText } from '../../src/text/growing-text.js'
import type { Create } from '../support/run.js'

/** How a text is handed over. */
export type Feed = 'characters' | 'tokens' | 'whole'

const STEPS: Record<Feed, number> = { characters: 1, tokens: 4, whole: Number.POSITIVE_INFINITY }

/**
 * How many characters a parser had before it, all in all, while it was fed a text: what lay in the cursor's window at
 * each chunk, what was taken out again or gone back to, and what text that is put aside was copied. Time depends on the
 * machine; this does not. A parser that holds little back has little in its window; one that looks at old text again, or
 * copies it, adds it up here.
 */
export function workOn(
  create: Create,
  options: Parameters<Create>[0],
  text: string,
  feed: Feed = 'characters',
): number {
  const { push, since, rewind } = Cursor.prototype
  const { add, tail } = GrowingText.prototype
  let work = 0
  Cursor.prototype.push = function (this: Cursor, chunk: string): void {
    push.call(this, chunk)
    work += this.window.length
  }
  Cursor.prototype.since = function (this: Cursor, from: number): string {
    work += this.offset - from
    return since.call(this, from)
  }
  Cursor.prototype.rewind = function (this: Cursor, from: number): void {
    work += this.offset - from
    rewind.call(this, from)
  }
  // Every piece is copied once, when its block is put together; what leaves the blocks again will be copied once more.
  GrowingText.prototype.add = function (this: GrowingText, piece: string): void {
    add.call(this, piece)
    work += piece.length
  }
  GrowingText.prototype.tail = function (this: GrowingText, count: number): string {
    const before = inBlocks(this)
    const text = tail.call(this, count)
    work += count + before - inBlocks(this)
    return text
  }
  try {
    const parser = create(options)
    const step = Math.min(STEPS[feed], text.length)
    for (let i = 0; i < text.length; i += step) parser.push(text.slice(i, i + step))
    parser.end()
  } finally {
    Object.assign(Cursor.prototype, { push, since, rewind })
    Object.assign(GrowingText.prototype, { add, tail })
  }
  return work
}

/** Characters that stand in blocks which are put together: its own business, so that nothing else may ask. */
function inBlocks(text: GrowingText): number {
  return Number(Reflect.get(text, 'inBlocks'))
}
