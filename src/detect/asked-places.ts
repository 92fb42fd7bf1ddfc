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
  /** The furthest that any of them came. */
  private furthest = -1
  /** The first place at which one waits, where the cursor is left. */
  private waitsAt = -1

  constructor(private readonly cursor: Cursor) {}

  /** They are asked about what stands at the cursor. `again`: they may have been asked about it before, and wait. */
  begin(again: boolean): void {
    const { places, cursor } = this
    // Whoever asked before may have given up, and asks from the beginning.
    if (!again || cursor.offset !== this.waitsAt) places.length = 0
    if (places.length === 0) this.from = this.furthest = cursor.offset
    this.waitsAt = Infinity
  }

  /** Goes to the place of a choice. False if it has refused. */
  goTo(choice: number): boolean {
    const place = this.places[choice] ?? this.from
    if (place === REFUSED) return false
    this.cursor.rewind(place)
    return true
  }

  refuses(choice: number): void {
    this.places[choice] = REFUSED
    this.furthest = Math.max(this.furthest, this.cursor.offset)
  }

  /** A choice is asked again if another one waits: from `place` on. */
  asksAgain(choice: number, place: number): void {
    this.places[choice] = place
    this.waitsAt = Math.min(this.waitsAt, place)
  }

  /** More text is needed, and nothing that has to be looked at again is lost. */
  pause(): void {
    this.cursor.rewind(this.waitsAt)
  }

  /** All have answered. `to`: where the header ends that was found. What all refuse is passed over as far as one of them did. */
  end(to = this.furthest): void {
    this.places.length = 0
    this.cursor.rewind(to)
  }
}
