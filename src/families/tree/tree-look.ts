import type { Reading } from '../../engine/reading.js'
import { isSpace } from '../../text/characters.js'
import { END, WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import type { TreeTag, TreeTags } from './tree-tags.js'

/** No tag is looked for behind more white space than this. */
const LONGEST_SPACE = 1024

/** Looks for the tags between the values of a tree. */
export class TreeLook {
  constructor(
    private readonly reading: Reading,
    private readonly tags: TreeTags,
  ) {}

  /** The tag behind the white space. */
  *next(): Read<TreeTag | 'end' | 'stop' | undefined> {
    const { cursor, stops } = this.reading
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    if (code === END) return 'end'
    const tag = yield* this.tags.here(cursor)
    if (tag === 'cut') {
      cursor.at = cursor.window.length
      return 'end'
    }
    if (tag !== undefined) return tag
    return (yield* this.reading.marker(stops)) === undefined ? undefined : 'stop'
  }

  /** The tag that a value begins with, but for white space. Reads nothing. */
  *child(): Read<TreeTag | undefined> {
    const { cursor } = this.reading
    for (;;) {
      const { window, at, ended } = cursor
      let i = at
      while (i < window.length && i - at < LONGEST_SPACE && isSpace(window.charCodeAt(i))) i++
      const tag = i === window.length ? WAIT : this.tags.at(window, i)
      if (tag !== WAIT) return tag
      if (ended) return undefined
      yield
    }
  }
}
