import type { Repair } from '../event/event.js'
import type { RepairKind } from '../event/repair-kinds.js'

/** More of them are told together. */
const MOST_PIECES = 257
/** What no call took stands at least so far before what another one takes. */
const FAR = 4096

/**
 * What was left out between the first marker of a call and its name, in the order of the text: markers that came twice,
 * words. The call that opens behind it lists it as repairs; one that is read on trial first takes none away.
 * @example <tool_call>\n<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>
 */
export class LeftOutBefore {
  private list: Repair[] | undefined

  add(kind: RepairKind, text: string, from: number): void {
    const to = from + text.length
    const list = (this.list ??= [])
    const last = list[list.length - 1]
    if (last === undefined || list.length < MOST_PIECES || from > last.to + FAR) {
      // One that was read before comes again behind a trial.
      if (last !== undefined && from < last.to) return
      if (list.length === MOST_PIECES) list.length = 0
      list.push({ kind, from, to, before: text, after: '' })
    } else if (to > last.to) last.to = to
  }

  /** Those between the beginning of a call and its name. */
  within(from: number, to: number): readonly Repair[] {
    return this.list?.filter((one) => one.from >= from && one.to <= to) ?? NONE
  }

  /** A call came out whose name begins here: nothing before it is read again. */
  passed(nameFrom: number): void {
    if (this.list !== undefined) this.list = this.list.filter((one) => one.from >= nameFrom)
  }
}

const NONE: readonly Repair[] = []
