import { Cursor } from '../../src/text/cursor.js'

/**
 * Every test also checks that text is still there where a reader goes back to it. Text that was not kept would be lost,
 * and only where a chunk ends at the wrong place.
 */
function makeStrict(cursor: typeof Cursor.prototype): void {
  const { rewind, since } = cursor
  cursor.rewind = function (from) {
    const unread = this.base + this.window.length - from
    rewind.call(this, from)
    if (this.window.length - this.at !== unread) {
      throw new Error(`a reader goes back to offset ${from}, and the text behind it was not kept`)
    }
  }
  cursor.since = function (from) {
    const text = since.call(this, from)
    if (text.length !== Math.max(0, this.offset - from)) {
      throw new Error(`a reader asks for the text from offset ${from} on, and it was not kept`)
    }
    return text
  }
}

// This file runs once for each test file, and all of them share one Cursor. A method has no `prototype` of its own, a function has.
if (!Object.hasOwn(Cursor.prototype.rewind, 'prototype')) makeStrict(Cursor.prototype)
