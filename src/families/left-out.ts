import type { Family, FamilyReader, Opener } from '../format.js'
import type { Read, Reading } from '../reader.js'

/**
 * Markers that are left out of the content wherever they open nothing: `<|python_start|>` before prose. Stands behind the
 * families that read what such a marker may open, since it takes whatever they leave.
 */
export function leftOut(markers: readonly string[]): Family {
  return {
    openers: markers.map((marker) => ({ marker })),
    create: (r) => new LeftOut(r),
  }
}

class LeftOut implements FamilyReader {
  constructor(private readonly r: Reading) {}

  opens(): boolean {
    return true
  }

  /** The families that were asked before may have read white space: it is content. */
  // biome-ignore lint/correctness/useYield: it never has to wait
  *read({ marker }: Opener, from: number): Read<boolean> {
    const { cursor, out } = this.r
    const to = from + marker.length
    out.note('stray-marker', `${marker} opens nothing and was left out`, from, to)
    out.content(cursor.since(to), to)
    return true
  }
}
