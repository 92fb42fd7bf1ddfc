import type { Repair } from '../event/event.js'
import type { RepairKind } from '../event/repair-kinds.js'

/** More pieces than this are merged into the last one. */
const MOST_PIECES = 257
/**
 * A full list is emptied when the next piece is at least this many UTF-16 units away: no call has taken the old pieces.
 */
const FAR = 4096

/**
 * The pieces that were left out between the first marker of a call and its name, in text order: repeated markers,
 * words. The call that opens behind them lists them as repairs. Reading a call on trial does not remove them.
 * @example <tool_call>\n<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>
 */
export class LeftOutBefore {
  private list: Repair[] | undefined

  add(kind: RepairKind, text: string, from: number): void {
    const to = from + text.length
    const list = (this.list ??= [])
    const last = list[list.length - 1]
    if (last === undefined || list.length < MOST_PIECES || from > last.to + FAR) {
      // After a trial the same text is read again.
      if (last !== undefined && from < last.to) return
      if (list.length === MOST_PIECES) list.length = 0
      list.push({ kind, from, to, before: text, after: '' })
    } else if (to > last.to) last.to = to
  }

  /** The pieces between the beginning of a call and its name. */
  within(from: number, to: number): readonly Repair[] {
    return this.list?.filter((piece) => piece.from >= from && piece.to <= to) ?? NONE
  }

  /** Forgets the pieces before the name of a call that was announced: nothing before it is read again. */
  passed(nameFrom: number): void {
    if (this.list !== undefined) this.list = this.list.filter((piece) => piece.from >= nameFrom)
  }
}

const NONE: readonly Repair[] = []
