import type { Opener } from '../engine/format.js'
import type { Grammar } from '../engine/grammar.js'
import { MarkerSet, Matcher } from '../text/matcher.js'

/** What a marker may open: a call of some grammars, `behind` it or where it begins. */
interface Sign {
  readonly grammars: Grammar[]
  readonly mayOpen: Opener['mayOpen']
  /** The codes of what may stand behind the marker, if that is known. */
  readonly before: readonly number[] | undefined
  /** How far behind the start of the marker the call begins. */
  readonly behind: number
}

/** Markers that begin alike. */
interface Group {
  readonly start: string
  readonly markers: MarkerSet<readonly Sign[]>
}

/**
 * Which formats may find a call in a text, as far as the first characters of calls tell. To read a text with a format costs
 * many times what this does, and nearly every text without a call shows no sign of one: `Hello.` took 13 µs when each
 * format that knows calls without a marker read it, and takes 1.
 */
export class FirstSigns {
  private readonly groups: readonly Group[]
  /** Of calls that may begin the text without a marker. */
  private readonly starts: readonly Sign[]

  /** `marked`: only calls after a marker are looked for. */
  constructor(
    private readonly grammars: readonly Grammar[],
    which: 'all' | 'marked',
  ) {
    const starts: Sign[] = []
    const signs = new Map<string, Sign[]>()
    const add = (marker: string, grammar: Grammar, { mayOpen, before }: Partial<Opener>, behind = 0): void => {
      const own = marker === '' ? starts : (signs.get(marker) ?? [])
      if (marker !== '') signs.set(marker, own)
      const sign = own.find((sign) => sign.mayOpen === mayOpen && sign.behind === behind)
      if (sign === undefined) own.push({ grammars: [grammar], mayOpen, before: codesOf(before), behind })
      else if (!sign.grammars.includes(grammar)) sign.grammars.push(grammar)
    }
    for (const grammar of grammars) {
      for (const [marker, { candidates, bare }] of grammar.openers) {
        if (which === 'marked' && bare) continue
        for (const { opener } of candidates) {
          if (opener.prefix === true) continue
          add(marker, grammar, opener)
          if (marker !== '') continue
          for (const end of endsBefore(grammar)) add(end, grammar, opener, end.length)
          // Where such a closer ends, if it is left out, only reading tells.
          for (const closer of grammar.looseClosers) add(closer, grammar, {})
        }
      }
    }
    this.starts = starts
    this.groups = groupsOf(signs)
  }

  /** The grammars of which a sign stands in the text, in the order in which they were given. */
  in(text: string): Grammar[] {
    const found = new Set<Grammar>()
    for (const sign of this.starts) ask(sign, text, 0, found)
    for (const { start, markers } of this.groups) {
      let at = text.indexOf(start)
      if (at < 0) continue
      const matcher = new Matcher(markers)
      for (; at >= 0; at = text.indexOf(start, at + 1)) {
        if (!matcher.at(text, at, true)) continue
        const signs = matcher.hit ?? []
        // A call for each sign at each brace of a text that is full of them would be most of the time.
        const next = text.charCodeAt(matcher.end)
        for (let i = 0; i < signs.length; i++) {
          const sign = signs[i] as Sign
          if (sign.before === undefined || sign.before.includes(next)) ask(sign, text, at, found)
        }
      }
    }
    return found.size === 0 ? [] : this.grammars.filter((grammar) => found.has(grammar))
  }
}

function ask({ grammars, mayOpen, behind }: Sign, text: string, at: number, found: Set<Grammar>): void {
  if (mayOpen?.(text, at + behind) === false) return
  for (const grammar of grammars) found.add(grammar)
}

function codesOf(characters: string | undefined): number[] | undefined {
  return characters === undefined ? undefined : [...characters].map((character) => character.charCodeAt(0))
}

/** What ends that which may stand before a message and is no content. An opener that is left out is a sign itself. */
function endsBefore({ format, leftOut }: Grammar): string[] {
  return [...format.headers, ...leftOut]
}

/** The markers in groups that one search finds: what all of a group begin with is as long as it can be. */
function groupsOf(signs: ReadonlyMap<string, readonly Sign[]>): Group[] {
  const byFirst = new Map<string, string[]>()
  for (const marker of signs.keys()) {
    const first = marker.charAt(0)
    byFirst.set(first, [...(byFirst.get(first) ?? []), marker])
  }
  return [...byFirst.values()].map((markers) => ({
    start: commonStart(markers),
    // Where a marker stands, those that it begins with stand too.
    markers: new MarkerSet(
      markers.map((marker) => [
        marker,
        markers.filter((other) => marker.startsWith(other)).flatMap((other) => signs.get(other) ?? []),
      ]),
    ),
  }))
}

function commonStart([first = '', ...others]: readonly string[]): string {
  let length = first.length
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length--
  return first.slice(0, length)
}
