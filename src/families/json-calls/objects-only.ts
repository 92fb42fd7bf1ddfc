import type { Family, FamilyReader } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { WAIT } from '../../text/cursor.js'

/** Nothing begins with more white space than this. */
const LONGEST_SPACE = 200

/**
 * A family of JSON after a marker that other things follow as well: it opens before `{`, and before `[` with a `{`
 * behind it. `<|python_start|>[{` opens, `<|python_start|>[]` does not.
 */
export function objectsOnly(family: Family): Family {
  return {
    ...family,
    create(reading: Reading) {
      const reader = family.create(reading)
      return {
        opens(opener, from) {
          const opens = reader.opens(opener, from)
          return opens === true ? beginsObject(reading.cursor) : opens
        },
        read: (opener, from) => reader.read(opener, from),
      } satisfies FamilyReader
    },
  }
}

function beginsObject({ window, at, ended }: { window: string; at: number; ended: boolean }): boolean | typeof WAIT {
  if (window[at] !== '[') return true
  for (let i = at + 1; i < at + LONGEST_SPACE; i++) {
    const next = window[i]
    if (next === undefined) return ended ? false : WAIT
    if (!' \t\r\n'.includes(next)) return next === '{'
  }
  return false
}
