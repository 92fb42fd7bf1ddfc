import { Cursor } from '../../src/text/cursor.js'
import type { Create } from '../support/run.js'

/**
 * How many characters a parser had before it, all in all, while it was fed a text one character at a time: what lay in
 * the cursor's window at each chunk, and what was taken out again or gone back to. Time depends on the machine; this
 * does not. A parser that holds little back has little in its window; one that looks at old text again adds it up here.
 */
export function workOn(create: Create, options: Parameters<Create>[0], text: string): number {
  const { push, since, rewind } = Cursor.prototype
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
  try {
    const parser = create(options)
    for (let i = 0; i < text.length; i++) parser.push(text.charAt(i))
    parser.end()
  } finally {
    Object.assign(Cursor.prototype, { push, since, rewind })
  }
  return work
}
