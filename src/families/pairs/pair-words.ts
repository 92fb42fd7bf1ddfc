import { isAlike } from '../../text/misspelt.js'
import { type PairSyntax, wordOf } from './pair-syntax.js'

/** What a marker is by its word, where the slash decides between opener and closer. */
type MarkerKind = 'key' | 'value' | 'call' | 'block'

export interface Spelt {
  readonly kind: MarkerKind
  readonly isEnd: boolean
}

/** The words of a format's markers, to which damaged tags are compared. */
export class PairWords {
  private readonly words: readonly (readonly [string, MarkerKind, boolean | undefined])[]

  constructor(private readonly pairs: PairSyntax) {
    const { block, call, key, value } = pairs
    const all: [readonly [string, string] | undefined, MarkerKind][] = [
      [key, 'key'],
      [value, 'value'],
      [call, 'call'],
      [block, 'block'],
    ]
    const words: (readonly [string, MarkerKind, boolean | undefined])[] = []
    for (const [pair, kind] of all) {
      if (pair === undefined) continue
      const open = wordOf(pair[0])
      const close = wordOf(pair[1])
      if (open === close) words.push([open, kind, undefined])
      else words.push([open, kind, false], [close, kind, true])
    }
    this.words = words.filter(([word]) => word !== '')
  }

  /** The marker that a tag is a spelling of: in another case, with two letters wrong at most. */
  spelt(tag: string, how: 'exactly' | 'nearly' = 'nearly'): Spelt | undefined {
    let word = wordOf(tag).replace(/\s/g, '').toLowerCase()
    if (this.pairs.suffixes !== undefined) word = word.split(':', 1)[0] ?? ''
    for (const [known, kind, isEnd] of this.words) if (word === known) return { kind, isEnd: isEnd === true }
    const bare = word.replace(/[|｜]/g, '')
    for (const [known, kind, isEnd] of this.words)
      if (bare === known.replace(/[|｜]/g, '')) return { kind, isEnd: isEnd === true }
    if (how === 'exactly') return undefined
    for (const [known, kind, isEnd] of this.words) if (isAlike(word, known)) return { kind, isEnd: isEnd === true }
    return undefined
  }
}
