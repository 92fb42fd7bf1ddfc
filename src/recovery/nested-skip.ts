import type { Reading } from '../engine/reading.js'
import { isSpace } from '../text/characters.js'
import { WAIT } from '../text/cursor.js'
import type { Scanner } from '../text/step.js'
import type { Tag } from '../text/tag.js'
import type { TagReader } from '../text/tag-reader.js'

/**
 * Passes over the rest of a call with raw values that cannot be read (decision 20), and counts what opens and closes in it,
 * so that a call which it quotes makes none: `<function=write` LF … `<tool_call><function=rm></function></tool_call>` … to the
 * call's own `</function>`, or the `</tool_call>` of its block.
 */
export class NestedSkip implements Scanner {
  /** What ended it. The end of the call is read, that of the block only where `until` names it. */
  ending: 'call-end' | 'block-end' | 'stop' | 'cut' = 'cut'
  private calls = 0
  private blocks = 0
  /** Offset behind the last tag that was counted: another one may open right there. */
  private counted = -1
  private behindBreak = false

  constructor(
    private readonly reading: Reading,
    private readonly tags: TagReader,
    private readonly until: 'call-end' | 'block-end',
  ) {}

  scan(): boolean {
    const { cursor, stops } = this.reading
    const { window, ended } = cursor
    for (let i = cursor.at; ; ) {
      const at = window.indexOf('<', i)
      if (at < 0) break
      const isAtLine = at > cursor.at ? isLineStart(window, at) : this.behindBreak
      const tag = this.tags.at(window, at)
      if (tag === WAIT && !ended) return this.wait(window, at)
      if (tag !== undefined && tag !== WAIT && this.takes(tag, cursor.base + at, isAtLine)) {
        cursor.at = at + (this.ending === 'block-end' && this.until === 'call-end' ? 0 : tag.length)
        return true
      }
      if (tag === undefined && stops.at(window, at, ended)) {
        if (stops.hit === undefined) return this.wait(window, at)
        cursor.at = at
        this.ending = 'stop'
        return true
      }
      i = at + 1
    }
    this.wait(window, window.length)
    return ended
  }

  /** Everything before `at` is read. */
  private wait(window: string, at: number): false {
    const { cursor } = this.reading
    if (at > cursor.at) this.behindBreak = isLineStart(window, at)
    cursor.at = at
    return false
  }

  /** Counts a tag. True if it ends the call or its block. */
  private takes(tag: Tag, offset: number, isAtLine: boolean): boolean {
    const opens = (isAtLine || offset === this.counted || tag.name === '') && !tag.selfClosing
    if (tag.kind === 'block' && opens) this.blocks++
    else if (tag.kind === 'call' && opens) this.calls++
    else if (tag.kind === 'call-end') {
      if (this.calls > 0) this.calls--
      else if (this.blocks === 0 && this.until === 'call-end') {
        this.ending = 'call-end'
        return true
      }
    } else if (tag.kind === 'block-end') {
      if (this.blocks === 0) {
        this.ending = 'block-end'
        return true
      }
      this.blocks--
    } else return false
    this.counted = offset + tag.length
    return false
  }
}

function isLineStart(window: string, at: number): boolean {
  let i = at
  while (i > 0 && isSpace(window.charCodeAt(i - 1)) && window.charCodeAt(i - 1) !== 10) i--
  return i > 0 && window.charCodeAt(i - 1) === 10
}
