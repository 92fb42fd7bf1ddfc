import type { Format } from '../engine/format.js'
import type { FindOtherFormat } from '../engine/session.js'
import { isSpecialToken } from '../engine/special-token.js'
import { quote } from '../text/quote.js'
import { lastCloser } from './last-closer.js'
import { isQuoted } from './quoted.js'

/** So many places of one name are looked at. */
const MOST_PLACES = 16
/** What may stand before a name on its line: `call:`, or what is left of an opener: `<tool_call` */
const BEFORE = /^\s{0,8}(?:[a-z]{1,12}[:.]|<[\w|:]{1,40})?$/
/** Arguments that are none, before a closer. */
const NONE = /^\s{0,8}(?:\{\s{0,4}\}|\(\s{0,4}\))?\s{0,8}/
const LONGEST_LINE = 64

/**
 * Looks in text that is no call for a line that is the name of a given tool and what closes a call of a format: the call had no
 * arguments, and its opener was lost. `all`: whose reasoning may hold drafts.
 * @example lostOpeners([glm47], formats)('list_files</tool_call>', read)?.message // '</tool_call> ends a call of "list_files" …'
 */
export function lostOpeners(formats: readonly Format[], all: readonly Format[]): FindOtherFormat {
  const families = formats.flatMap((format) => format.families)
  const closers = [
    ...new Set([
      ...families.flatMap(({ strays = [], headerEnds = [] }) => strays.filter((stray) => !headerEnds.includes(stray))),
      ...families.flatMap(({ innerMarkers = [] }) => innerMarkers.filter((marker) => marker.startsWith('</'))),
    ]),
  ].filter((closer) => closer.length > 3)
  const closer = lastCloser(all)
  return (text, { tools: { names }, namesTool, settings }) => {
    if (!namesTool || closers.length === 0 || settings.toolChoice === 'none') return undefined
    // A thought may hold drafts.
    const begin = closer(text).from + 1
    for (const name of names) {
      let at = text.indexOf(name, begin)
      for (let tried = 0; at >= 0 && tried < MOST_PLACES; tried++, at = text.indexOf(name, at + 1)) {
        const line = text.slice(Math.max(text.lastIndexOf('\n', at - 1) + 1, at - LONGEST_LINE), at)
        if (!BEFORE.test(line)) continue
        const end = at + name.length
        const next = end + (NONE.exec(text.slice(end, end + LONGEST_LINE))?.[0].length ?? 0)
        const found = closers.find((one) => text.startsWith(one, next))
        // A tag of text on the next line may close what stands around the name.
        if (found === undefined || (!isSpecialToken(found) && text.slice(end, next).includes('\n'))) continue
        if (isQuoted(text, at)) continue
        const message = `${found} ends a call of ${quote(name)} that nothing opens`
        return { code: 'damaged-block', message, from: at, to: next + found.length, isLoss: true }
      }
    }
    return undefined
  }
}
