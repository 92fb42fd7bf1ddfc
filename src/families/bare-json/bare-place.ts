import type { Reading } from '../../engine/reading.js'
import { isSpace } from '../../text/characters.js'
import { WAIT } from '../../text/cursor.js'
import type { BareJsonGrammar } from './bare-json-grammar.js'

/** No list begins with more white space than this. */
const LONGEST_SPACE = 200

/** Where calls without a marker may begin, by the rules of their grammar and what stands around the cursor. */
export class BarePlace {
  /** The offset of the last fence that was looked at, and whether its info string fits. */
  private fenceFrom = -1
  private fenceFits = false

  constructor(
    private readonly reading: Reading,
    private readonly grammar: BareJsonGrammar,
  ) {}

  /** At the start of the text, before any call. */
  get first(): boolean {
    return this.reading.text.blank && this.reading.lastCallTo < 0
  }

  /** May a close marker prove a call that begins here? */
  get mayBeProven(): boolean {
    const { close, commit = 'end' } = this.grammar
    return this.first && close !== undefined && commit === 'end' && !this.reading.text.fenced
  }

  /** May a call of a known name begin here, by what stands before it? */
  get mayStand(): boolean {
    const { text, out, cursor, lastCallTo } = this.reading
    switch (out.tools.given ? this.grammar.where : (this.grammar.withoutTools ?? 'never')) {
      case 'anywhere':
        return true
      case 'line-start':
        return text.atLineStart
      case 'text-start':
        return this.first
      case 'behind-call':
        return text.blank || lastCallTo === cursor.offset
      default:
        return false
    }
  }

  /** Does a fence of calls begin at `from`? The cursor stands behind its first line. */
  fenceOpens(from: number): boolean {
    const { fences } = this.grammar
    if (fences === undefined) return false
    const where = this.reading.out.tools.given ? 'anywhere' : fences.withoutTools
    if (where === 'never' || (where === 'whole-text' && !this.first)) return false
    if (this.fenceFrom !== from) {
      this.fenceFrom = from
      const { cursor, text } = this.reading
      const label = cursor.since(from).slice(text.fence.length).trim().toLowerCase()
      this.fenceFits = fences.labels === undefined || fences.labels.includes(label)
    }
    return this.fenceFits
  }

  /** Does a brace stand here, and may a key follow it? The next character rules out most ordinary text. */
  objectStands(): boolean | typeof WAIT {
    const { window, at, ended } = this.reading.cursor
    if (at + 1 === window.length) return ended ? false : WAIT
    const code = window.charCodeAt(at + 1)
    return code === 0x22 || code === 0x27 || isSpace(code)
  }

  /** Does a bracket stand here, and a brace behind it? */
  listStands(): boolean | typeof WAIT {
    const { window, at, ended } = this.reading.cursor
    for (let i = at + 1; i < at + LONGEST_SPACE; i++) {
      if (i >= window.length) return ended ? false : WAIT
      const code = window.charCodeAt(i)
      if (!isSpace(code)) return code === 0x7b
    }
    return false
  }
}
