import type { Family } from '../format.js'
import { BareCalls } from './bare-calls.js'
import type { BareJsonGrammar } from './bare-json.js'

/**
 * A family whose calls others of the same format may follow, with a separator in between, as objects follow one another:
 * `<function=f>{…}</function>; {"name": …}`. `further`: how those are read, and which markers may follow a separator.
 */
export function thenCalls(family: Family, further: BareJsonGrammar): Family {
  return {
    ...family,
    create(r) {
      const reader = family.create(r)
      const calls = new BareCalls(r, further)
      return {
        expects: reader.expects ?? 'a call',
        opens: (opener, from) => reader.opens(opener, from),
        *read(opener, from) {
          const read = yield* reader.read(opener, from)
          if (read && r.lastCallTo > from && r.lastCallTo === r.cursor.offset) yield* calls.readFurther(false)
          return read
        },
      }
    },
  }
}
