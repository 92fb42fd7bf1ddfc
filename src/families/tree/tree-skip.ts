import type { Reading } from '../../engine/reading.js'
import { WAIT } from '../../text/cursor.js'
import type { Scanner } from '../../text/step.js'
import type { TreeTag, TreeTags } from './tree-tags.js'

/**
 * Passes over the rest of a call that cannot be read (decision 20), to behind its close tag, or to the close tag of its
 * block. Calls that open in it are counted: what it quotes makes none.
 */
export class TreeSkip implements Scanner {
  ending: 'tag' | 'cut' = 'cut'
  private calls = 0
  private blocks = 0

  /** `until`: the close tag of the block is read, where the block is what cannot be read. */
  constructor(
    private readonly reading: Reading,
    private readonly tags: TreeTags,
    private readonly until: 'call' | 'block' = 'call',
  ) {}

  scan(): boolean {
    const { cursor, stops } = this.reading
    const { window, ended } = cursor
    for (let i = cursor.at; ; ) {
      const at = window.indexOf(this.tags.first.charAt(0), i)
      if (at < 0) {
        cursor.at = window.length
        return ended
      }
      cursor.at = at
      const tag = this.tags.at(window, at)
      if (tag === WAIT && !ended) return false
      if (tag === WAIT) cursor.at = window.length
      else if (tag === undefined) {
        if (stops.at(window, at, ended)) return stops.hit !== undefined
      } else if (this.ends(tag)) return true
      i = Math.max(cursor.at, at + (typeof tag === 'object' ? tag.length : 1))
      cursor.at = i
    }
  }

  private ends(tag: TreeTag): boolean {
    const { cursor } = this.reading
    if (tag.kind === 'value') return false
    const change = tag.isEnd ? -1 : 1
    if (tag.kind === 'call') {
      if (tag.isEnd && this.calls === 0) {
        if (this.until === 'block') return false
        cursor.at += tag.length
        this.ending = 'tag'
        return true
      }
      this.calls += change
    } else {
      if (tag.isEnd && this.blocks === 0) {
        if (this.until === 'block') cursor.at += tag.length
        this.ending = 'tag'
        return true
      }
      this.blocks += change
    }
    return false
  }
}
