import { calledBehind } from './called-behind.js'

/** A text that mentions more markers is about markers. */
const MOST = 64
/** A marker behind one of them is quoted. */
const QUOTES = '"\'“‘«'

interface Mention {
  readonly marker: string
  readonly from: number
}

/** The call of a given tool behind a marker: from the marker to behind the name. */
export interface MentionedCall extends Mention {
  readonly name: string
  readonly to: number
}

/** Markers outside of quotations that open nothing: they were taken for words of a sentence. */
export class Mentions {
  private readonly found: Mention[] = []

  add(marker: string, from: number): void {
    if (this.found.length < MOST) this.found.push({ marker, from })
  }

  /** A marker behind words is one of them, unless a given tool is called behind it: then that call is lost. */
  calls(text: string, names: readonly string[]): MentionedCall[] {
    return this.found.flatMap(({ marker, from }) => {
      if (QUOTES.includes(text.charAt(from - 1) || ' ')) return []
      const called = calledBehind(text, from + marker.length, names)
      return called === undefined ? [] : [{ marker, from, name: called.name, to: called.from + called.name.length }]
    })
  }
}
