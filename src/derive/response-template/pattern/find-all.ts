import { NONE } from './character-set.js'
import type { Program } from './program.js'
import { type Found, Search } from './search.js'

/**
 * What was found counts when it has been looked at this many characters more: a search that might still prefer a longer
 * match would read the text again and again.
 */
export const LONGEST_LOOK = 1024

export interface Occurrence {
  readonly from: number
  readonly to: number
  /** What a named group took in, if it took part. */
  readonly group: (name: string) => string | undefined
}

/** The matches of a pattern in a whole text, one behind the other. */
export function* findAll(program: Program, text: string): Generator<Occurrence> {
  const search = new Search(program)
  search.begin(0, NONE)
  for (let at = 0; at <= text.length; ) {
    const code = text.codePointAt(at)
    if (code === undefined) search.end()
    else search.step(code, (at += code > 0xffff ? 2 : 1))
    const { found } = search
    if (found !== undefined && at - found.to >= LONGEST_LOOK) search.settle()
    if (found !== undefined && !search.isOpen) {
      const { from, to } = found
      yield { from, to, group: (name) => groupOf(program, found, name, text) }
      // Behind a match of no length the next one begins a character further on.
      at = to > from ? to : to + 1
      search.begin(at, text.codePointAt(at - 1) ?? NONE)
    } else if (code === undefined) return
  }
}

/** What a named group took in. */
function groupOf(program: Program, { slots }: Found, name: string, text: string): string | undefined {
  const slot = program.groups.get(name)
  const from = slot === undefined ? undefined : slots[slot]
  const to = slot === undefined ? undefined : slots[slot + 1]
  return from === undefined || to === undefined ? undefined : text.slice(from, to)
}
