import type { Reading } from '../engine/reading.js'
import { isBlank } from '../text/characters.js'

/** A name in a tag, by index from the start of the tag, without the blanks at its edges. */
interface NamePlace {
  readonly name: string | undefined
  readonly nameFrom: number
  readonly nameTo: number
}

/**
 * Lists the blanks at the edges of a name in quotes, in the tag at the cursor: `<invoke name=" f">`. The reader of the tag
 * left them out.
 * @returns what is wrong with the call where nothing may be mended; empty if nothing is
 */
export function mendPaddedName({ cursor, out }: Reading, { name, nameFrom, nameTo }: NamePlace): string {
  if (name === undefined) return ''
  const { window, at, offset } = cursor
  let from = at + nameFrom
  let to = at + nameTo
  while (from > at && isBlank(window, from - 1)) from--
  while (to < window.length && isBlank(window, to)) to++
  const isQuoted = [`"`, `'`].some((quote) => window[from - 1] === quote && window[to] === quote)
  if (!isQuoted || to - from === nameTo - nameFrom) return ''
  if (!out.settings.repair) return 'blanks stand around a name in its tag'
  const before = window.slice(from, to)
  out.repair('misspelt-marker', offset + from - at, offset + to - at, before, before.trim())
  return ''
}
