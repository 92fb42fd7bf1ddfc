import type { Family, FamilyReader } from '../../engine/format.js'
import type { Reading } from '../../engine/reading.js'
import { WAIT } from '../../text/cursor.js'

/** No list or object of calls begins with more white space than this. */
const LONGEST_SPACE = 200

/**
 * A family of JSON after a marker that models also write in prose: it opens before `[` and a brace or bracket, or before
 * `{` and a quote, and nowhere else. `[TOOL_CALLS] [{` opens, `[TOOL_CALLS] [see below]` does not. `lists`: an object alone
 * is not a call of the format.
 */
export function listOrObject(family: Family, only: 'lists' | 'either' = 'either'): Family {
  return {
    ...family,
    create(reading: Reading) {
      const reader = family.create(reading)
      return {
        expects: 'a call',
        opens(opener, from) {
          const opens = reader.opens(opener, from)
          return opens === true ? begins(reading, only) : opens
        },
        read: (opener, from) => reader.read(opener, from),
      } satisfies FamilyReader
    },
  }
}

function begins({ cursor }: Reading, only: 'lists' | 'either'): boolean | typeof WAIT {
  const { window, at, ended } = cursor
  if (only === 'lists' && window[at] !== '[') return false
  const legal = window[at] === '[' ? '{]' : '"\''
  for (let i = at + 1; i < at + LONGEST_SPACE; i++) {
    const next = window[i]
    if (next === undefined) return ended ? true : WAIT
    if (!' \t\r\n'.includes(next)) return legal.includes(next)
  }
  return false
}
