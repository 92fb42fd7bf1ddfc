import type { FamilyReader } from '../engine/format.js'
import { spaceEnd } from '../text/characters.js'
import type { Cursor } from '../text/cursor.js'

const REFUSED = -1

/**
 * Where the readers that are asked about one opener stand. All share a cursor, and what one passes over (a second copy of its
 * marker) is no reason for the next to be asked behind it: which of them have answered already depends on the chunks.
 *
 *     <tool_calls><tool_calls><invoke name="f">
 */
export class AskedPlaces {
  /** By the number of the choice, the offset at which its reader is asked again, or `REFUSED`. Others begin at `from`. */
  private readonly places: number[] = []
  private from = -1
  /** Only white space stands between `from` and here. */
  private blankTo = -1
  /** The furthest that any of them went over white space. */
  private skippedTo = -1
  /** The first place at which one waits. */
  private waitsAt = Infinity
  /** One of them took all that is left of the text for the beginning of its header. */
  private isCut = false
  /** Offsets up to which readers passed over copies of their marker, and refused: they would again, behind each copy. */
  private readonly passedTo = new Map<FamilyReader, number>()

  constructor(private readonly cursor: Cursor) {}

  /** They are asked about what stands at the cursor: for the first time, or again since they wait. */
  begin(): void {
    const { cursor, places } = this
    if (places.length === 0) {
      this.from = this.blankTo = this.skippedTo = cursor.offset
      this.isCut = false
    }
    if (this.blankTo >= cursor.base) this.blankTo = cursor.base + spaceEnd(cursor.window, this.blankTo - cursor.base)
    this.waitsAt = Infinity
  }

  /** Goes to the place of a choice. False if it has refused. */
  goTo(choice: number): boolean {
    const place = this.places[choice] ?? this.from
    if (place === REFUSED) return false
    this.cursor.rewind(place)
    return true
  }

  /** Would this reader only pass over the same text again? */
  hasPassed(reader: FamilyReader): boolean {
    return this.passedTo.size > 0 && (this.passedTo.get(reader) ?? 0) > this.from
  }

  /** The reader of a choice refuses. Undefined: it was not even asked. */
  refuses(choice: number, reader?: FamilyReader): void {
    this.places[choice] = REFUSED
    const { cursor } = this
    this.skip()
    if (reader === undefined) return
    if (cursor.ended && cursor.isRead) this.isCut = true
    else if (cursor.offset > this.blankTo) this.passedTo.set(reader, cursor.offset)
  }

  waits(choice: number): void {
    this.skip()
    this.asksAgain(choice, this.cursor.offset)
  }

  /** Asks a choice again at an offset, if another one waits. */
  asksAgain(choice: number, place: number): void {
    this.places[choice] = place
    this.waitsAt = Math.min(this.waitsAt, place)
  }

  private skip(): void {
    const { offset } = this.cursor
    if (offset <= this.blankTo && offset > this.skippedTo) this.skippedTo = offset
  }

  /** More text is needed. Nothing of what has to be looked at again is lost. */
  pause(): void {
    this.cursor.rewind(this.waitsAt)
  }

  /** All have answered. `to`: behind the header that was found. */
  end(to: number | undefined): void {
    const { cursor } = this
    this.places.length = 0
    if (to === undefined && this.isCut) cursor.at = cursor.window.length
    else cursor.rewind(to ?? this.skippedTo)
  }
}
