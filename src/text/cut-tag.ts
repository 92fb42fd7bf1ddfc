import { isSpace } from './characters.js'
import { Matcher } from './matcher.js'
import type { HoldBack } from './step.js'
import { beginningsOf, type TagBeginning, type TagSyntax } from './tag.js'
import { isWordCode } from './tag-attributes.js'

const LT = 0x3c
const GT = 0x3e
const EQUALS = 0x3d
const LF = 0x0a

/** Where in its attributes a tag is cut: behind a word or a value, in white space, in a word, behind `=`, or in a value in quotes. */
type Place = 'behind' | 'space' | 'word' | 'equals' | 'value'

/**
 * A tag in which the text ends: knows which text leaves it cut, so that it need not be read again from its start. Tags are most
 * of a small call, and a long one comes in ten chunks. (Of the 38 chunks of a small call of DSML, 25 end here.)
 */
export class CutTag implements HoldBack {
  private readonly beginnings: Matcher<TagBeginning>
  /** What the text ends in: a beginning as the format writes it, the name behind `=`, or attributes. */
  private part: 'beginning' | 'name' | 'attributes' | undefined
  private place: Place = 'behind'
  /** The quote of the value. */
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
    this.place = 'behind'
    if (this.passAttributes(text, at)) this.part = 'attributes'
  }

  get holdBack(): HoldBack | undefined {
    return this.part === undefined ? undefined : this
  }

  absorbs(text: string): boolean {
    const length = this.length + text.length
    if (length >= this.longest || !this.passes(text)) return false
    this.length = length
    return true
  }

  private passes(text: string): boolean {
    if (this.part === 'beginning') return this.beginnings.absorbs(text)
    if (this.part === 'attributes') return this.passAttributes(text, 0)
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code === GT || code === LF || code === LT) return false
    }
    return true
  }

  /** Goes on in attributes that are written as a format writes them. False for anything else, and where the tag may end. */
  private passAttributes(text: string, from: number): boolean {
    for (let i = from; i < text.length; i++) {
      const next = this.placeBehind(text.charCodeAt(i))
      if (next === undefined) return false
      this.place = next
    }
    return true
  }

  private placeBehind(code: number): Place | undefined {
    const { place } = this
    if (place === 'value') return code === this.quote ? 'behind' : code === LT || code === LF ? undefined : place
    if (place === 'word' && code === EQUALS) return 'equals'
    if (place === 'equals') {
      this.quote = code
      return code === 0x22 || code === 0x27 ? 'value' : undefined
    }
    if (place !== 'word' && isSpace(code)) return 'space'
    return place !== 'behind' && isWordCode(code) ? 'word' : undefined
  }
}
