import { LONGEST_LOOK } from './pattern/find-all.js'
import { type Found, Search } from './pattern/search.js'
import type { Anchor, Field } from './template.js'

/** What may be found next: the opener of a field, or the closer of the one that is open. */
export interface Watched {
  readonly kind: 'open' | 'close'
  readonly field: Field
  readonly anchor: Anchor
}

/** Something watched that was found. */
export interface Hit extends Watched, Found {}

/**
 * Looks for several patterns at once. The one that begins first counts; of several at the same place the longest; of equals an
 * opener, and the first by name.
 */
export class Watch {
  private readonly searches: readonly { readonly watched: Watched; readonly search: Search }[]
  private at = 0
  /** By code: 1 for a character that something watched may begin with. */
  private readonly begins: Uint8Array

  constructor(watched: readonly Watched[]) {
    const inOrder = [...watched].sort((a, b) =>
      a.kind !== b.kind ? (a.kind === 'open' ? -1 : 1) : a.field.name < b.field.name ? -1 : 1,
    )
    this.searches = inOrder.map((one) => ({ watched: one, search: new Search(one.anchor.program) }))
    this.begins = beginnings(inOrder)
  }

  /** Looks from an offset on, behind the code point `before`. */
  begin(at: number, before: number): void {
    this.at = at
    for (const { search } of this.searches) search.begin(at, before)
  }

  /** The index up to which nothing watched begins in the text, from an index on. */
  pass(text: string, from: number): number {
    const { begins } = this
    let to = from
    if (!this.isFresh) return to
    while (to < text.length && begins[text.charCodeAt(to)] === 0) to++
    return to
  }

  private get isFresh(): boolean {
    for (const { search } of this.searches) if (!search.isFresh) return false
    return true
  }

  /** Up to where the text holds nothing that may still be found. */
  get hold(): number {
    let hold = this.at
    for (const { search } of this.searches) hold = Math.min(hold, search.earliest)
    return hold
  }

  /** Reads a code point that ends at an offset. */
  step(code: number, to: number): Hit | undefined {
    this.at = to
    for (const { search } of this.searches) {
      if (search.found === undefined || search.isOpen) search.step(code, to)
      if (search.found !== undefined && to - search.found.to >= LONGEST_LOOK) search.settle()
    }
    return this.best()
  }

  /** The text ends here. */
  end(): Hit | undefined {
    for (const { search } of this.searches) search.end()
    return this.best()
  }

  /** What was found, unless something else may still come before it. */
  private best(): Hit | undefined {
    let best: Hit | undefined
    let pending = Number.POSITIVE_INFINITY
    for (const { watched, search } of this.searches) {
      const { found } = search
      if (search.isOpen) pending = Math.min(pending, search.earliest)
      else if (found !== undefined && (best === undefined || isBefore(found, best))) best = { ...watched, ...found }
    }
    if (best === undefined || pending > best.from) return best
    // What has not ended by then will not come.
    if (this.at - best.to < LONGEST_LOOK) return undefined
    return best
  }
}

function isBefore(found: Found, best: Found): boolean {
  return found.from < best.from || (found.from === best.from && found.to > best.to)
}

/** By code: 1 for a character that one of them may begin with. */
function beginnings(watched: readonly Watched[]): Uint8Array {
  const begins = new Uint8Array(128)
  for (const { anchor } of watched)
    for (const [code, one] of anchor.program.begins.entries()) if (one === 1) begins[code] = 1
  return begins
}
