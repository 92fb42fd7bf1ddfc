import type { Reading } from '../../engine/reading.js'
import { quote } from '../../text/quote.js'
import type { Read } from '../../text/step.js'
import type { ValueTypes } from '../../tools/value-types.js'
import { holdsBigInteger } from '../../values/number/big-integer.js'
import { RawArgument } from '../../values/raw/raw-argument.js'
import {
  isNullableString,
  isShallow,
  isStringOnly,
  jsonOrString,
  mayBeString,
  typedValue,
} from '../../values/raw/typed.js'
import type { TreeTag, TreeTags } from './tree-tags.js'
import { type LeafPlace, TreeText } from './tree-text.js'

/** A value whose tag says that it is JSON cannot be a bare string. */
const NO_STRING: ValueTypes = new Set(['null'])

/** How the text of a value becomes JSON: as a string, as the JSON that it is, or as the schema says. */
type LeafKind = 'text' | 'json' | 'schema'

/** Where the last value stands, as it was read. */
export interface HeldLeaf {
  readonly raw: string
  readonly from: number
  readonly to: number
}

/** Reads the values of a tree that hold no others. */
export class TreeLeaf {
  /** Why the last value makes its call malformed; empty if it does not. */
  damage = ''
  private key = ''
  /** The last value, if it was to be held: nothing of it was written. */
  held: HeldLeaf | undefined
  private readonly argument: RawArgument
  private readonly text: TreeText

  constructor(
    private readonly reading: Reading,
    private readonly tags: TreeTags,
  ) {
    this.argument = new RawArgument(reading.out)
    this.text = new TreeText(reading.cursor, tags, reading.stops, this.argument)
  }

  /** A value without children, up to the close tag of a word: text, JSON, or what the schema says. */
  *read(word: string, as: LeafKind, types: ValueTypes, place: LeafPlace, holds = false): Read<'open' | 'cut'> {
    const { reading, argument, text } = this
    const { cursor, out } = reading
    this.damage = ''
    this.key = place.key
    this.held = undefined
    const isText = !holds && (as === 'text' || (as === 'schema' && isStringOnly(types)))
    argument.begin(
      holds ? 'whole' : isText ? 'text' : as === 'schema' && isNullableString(types) ? 'nullable' : 'whole',
    )
    if (isText) out.json('"', cursor.offset, cursor.offset)
    text.begin(word, place)
    if (!out.muted) cursor.pause()
    if (!text.scan()) yield text
    cursor.resume()
    if (text.ending === 'cut' || text.ending === 'stop') return 'cut'
    const to = cursor.offset
    const from = argument.from < 0 ? to : argument.from
    const missing = [...place.keys].filter((key) => !place.seen.has(key))
    if (text.isDoubtful || text.ending === 'outer' || this.tags.swallows(argument.raw, missing))
      this.damage = 'it is unclear where a value of it ends'
    if (text.ending === 'closed') cursor.at += (this.tags.at(cursor.window, cursor.at) as TreeTag).length
    // A text and a tree side by side: only where the format or the schema wants text, tags in it are text.
    if (text.holdsTags && as !== 'text' && !types.has('string')) this.damage ||= 'a value that is not text holds tags'
    if (this.isOpenedTwice(argument.raw, word)) this.damage ||= `${quote(this.key)} is opened twice`
    if (holds) this.held = { raw: argument.raw, from, to }
    else if (argument.isOpenString) {
      out.json('"', to, cursor.offset)
      if (!mayBeString(types)) this.noteMisfit(from, to)
    } else this.write({ raw: argument.raw, from, to }, as, types)
    return 'open'
  }

  /** Writes a value that was held to its end. */
  write({ raw, from, to }: HeldLeaf, as: LeafKind, types: ValueTypes): void {
    const { out } = this.reading
    if (!isShallow(raw, out.settings.depth)) {
      out.tooDeep(from)
      this.damage ||= 'it is nested too deep'
      return
    }
    const { json, fits } = as === 'json' ? jsonOrString(raw, NO_STRING) : typedValue(raw, types)
    out.json(json, from, to)
    if (holdsBigInteger(json)) out.bigInteger(from, to)
    if (fits) return
    if (as === 'json') this.damage ||= 'one of its values is not JSON'
    else this.noteMisfit(from, to)
  }

  /**
   * Does a text begin with the tag that opened it, and end with what closes that? Or begin with it, though without what stands
   * before tags, and nothing in it close that?
   */
  private isOpenedTwice(raw: string, word: string): boolean {
    const text = raw.trim()
    const tag = this.tags.at(text, 0)
    if (typeof tag === 'object' && !tag.isEnd && tag.kind === 'value')
      return tag.name === this.key && text.endsWith(this.tags.closeOf(word))
    return text.startsWith(`<${word}>`) && !raw.includes(`</${word}>`)
  }

  private noteMisfit(from: number, to: number): void {
    this.reading.out.misfit(this.key, from, to)
  }
}
