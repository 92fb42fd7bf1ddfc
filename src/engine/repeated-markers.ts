import type { Repair } from '../event/event.js'

/** More of them are told together. */
const MOST_MARKERS = 257
/** Markers that no call took stand at least so far before those of another opener. */
const FAR = 4096

/**
 * Markers that stood once more before what they open, in the order of the text. The call that opens behind them lists them
 * as repairs: one that is read on trial first takes none away.
 * @example <tool_call>\n<tool_call>\n{"name": "f", "arguments": {}}\n</tool_call>
 */
export class RepeatedMarkers {
  private list: Repair[] | undefined

  add(marker: string, from: number): void {
    const to = from + marker.length
    const list = (this.list ??= [])
    const last = list[list.length - 1]
    if (last === undefined || list.length < MOST_MARKERS || from > last.to + FAR) {
      // One that was read before comes again behind a trial.
      if (last !== undefined && from < last.to) return
      if (list.length === MOST_MARKERS) list.length = 0
      list.push({ kind: 'surplus-opener', from, to, before: marker, after: '' })
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
