import type { Reading } from '../../engine/reading.js'
import { WAIT } from '../../text/cursor.js'
import type { Scanner } from '../../text/step.js'
import type { Tags } from '../../text/tags.js'

/** Reads all text up to a tag of the syntax, a stop token or the end. */
export class TagSkipper implements Scanner {
  constructor(
    private readonly reading: Reading,
    private readonly tags: Tags,
  ) {}

  scan(): boolean {
    const { cursor, stops } = this.reading
    const { window, ended } = cursor
    for (let i = cursor.at; ; i++) {
      i = window.indexOf('<', i)
      if (i < 0) break
      cursor.at = i
      const tag = this.tags.at(window, i)
      if (tag === WAIT && !ended) return false
      if (tag !== undefined && tag !== WAIT && !tag.broken && tag.kind !== 'other' && tag.kind !== 'other-end')
        return true
      if (stops.at(window, i, ended)) return stops.hit !== undefined
    }
    cursor.at = window.length
    return ended
  }
}
