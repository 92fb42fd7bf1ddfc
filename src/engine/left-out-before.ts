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
 * words. The call that opens behind them lists them as repairs. Reading a call on trial does not remove them. What one format left
 * out, while `auto` asked it, is no repair of another's call.
 * @example <tool_call>\n<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>
 */
export class LeftOutBefore {
  private lists: Map<string, Repair[]> | undefined

  add(format: string, kind: RepairKind, text: string, from: number): void {
    const to = from + text.length
    const list = this.listOf(format)
    const last = list[list.length - 1]
    if (last === undefined || list.length < MOST_PIECES || from > last.to + FAR) {
      // After a trial the same text is read again.
      if (last !== undefined && from < last.to) return
      if (list.length === MOST_PIECES) list.length = 0
      list.push({ kind, from, to, before: text, after: '' })
    } else if (to > last.to) last.to = to
  }

  private listOf(format: string): Repair[] {
    this.lists ??= new Map()
    let list = this.lists.get(format)
    if (list === undefined) {
      list = []
      this.lists.set(format, list)
    }
    return list
  }

  /** The pieces between the beginning of a format's call and its name. */
  within(format: string, from: number, to: number): readonly Repair[] {
    return this.lists?.get(format)?.filter((piece) => piece.from >= from && piece.to <= to) ?? NONE
  }

  /** Forgets the pieces before the name of a call that was announced: nothing before it is read again. */
  passed(nameFrom: number): void {
    if (this.lists === undefined) return
    for (const [format, list] of this.lists) {
      const rest = list.filter((piece) => piece.from >= nameFrom)
      if (rest.length === 0) this.lists.delete(format)
      else this.lists.set(format, rest)
    }
  }
}

const NONE: readonly Repair[] = []
