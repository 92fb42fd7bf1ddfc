import { Matcher } from './matcher.js'
import type { HoldBack } from './step.js'
import { beginningsOf, type TagBeginning, type TagSyntax } from './tag.js'

const LT = 0x3c
const GT = 0x3e
const LF = 0x0a

/**
 * A tag in which the text ends: knows which text leaves it cut, so that it need not be read again from its start. Tags are most
 * of a small call, and a long one comes in ten chunks. (Of the 38 chunks of a small call of DSML, 19 end here.)
 */
export class CutTag implements HoldBack {
  private readonly beginnings: Matcher<TagBeginning>
  /** What the text ends in: a beginning as the format writes it, the name behind `=`, or the value of an attribute, in quotes. */
  private part: 'beginning' | 'name' | 'value' | undefined
  private quote = 0
  /** How much of the tag has come. */
  private length = 0

  constructor(
    syntax: TagSyntax,
    /** No tag is longer. */
    private readonly longest: number,
  ) {
    this.beginnings = new Matcher(beginningsOf(syntax))
  }

  /** The beginning of a tag at an index of the text, as the format writes it. Undefined if that is cut, or written otherwise. */
  at(text: string, start: number): TagBeginning | undefined {
    this.behindStem(text, start)
    if (text.charCodeAt(start) !== LT || !this.beginnings.at(text, start, false)) return undefined
    const { hit } = this.beginnings
    if (hit === undefined) this.part = 'beginning'
    return hit
  }

  /** A tag is read whose stem ends at an index of the text. */
  behindStem(text: string, at: number): void {
    this.part = undefined
    this.length = text.length - at
  }

  /** The text ends in the name behind `=`. */
  inName(): void {
    this.part = 'name'
  }

  /** The text ends in the attributes that begin at an index of it. */
  inAttributes(text: string, at: number): void {
    this.quote = openQuote(text, at)
    if (this.quote !== 0) this.part = 'value'
  }

  get holdBack(): HoldBack | undefined {
    return this.part === undefined ? undefined : this
  }

  absorbs(text: string): boolean {
    const length = this.length + text.length
    if (length >= this.longest) return false
    if (this.part === 'beginning') {
      if (!this.beginnings.absorbs(text)) return false
    } else {
      const end = this.part === 'name' ? GT : this.quote
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i)
        if (code === end || code === LF || code === LT) return false
      }
    }
    this.length = length
    return true
  }
}

/** The code of the quote that is open where the text ends, in attributes that begin at `at`; 0 for none. */
function openQuote(text: string, at: number): number {
  let quote = 0
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (quote === 0 ? code === 0x22 || code === 0x27 : code === quote) quote = quote === 0 ? code : 0
  }
  return quote
}
