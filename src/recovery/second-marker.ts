import type { Family, FamilyReader, Opener } from '../engine/format.js'
import type { Reading } from '../engine/reading.js'
import { WAIT } from '../text/cursor.js'
import type { Read } from '../text/step.js'

/**
 * A family whose openers mean a call only before a second marker; before anything else they open a block that is no call:
 * text, and noted as damage. `<|action_start|><|plugin|>` opens a call, `<|action_start|><|interpreter|>` does not.
 * @example secondMarker('<|plugin|>', jsonCalls({ open: ['<|action_start|>'], close: ['<|action_end|>'] }))
 */
export function secondMarker(marker: string, family: Family): Family {
  return {
    ...family,
    openers: family.openers.map((opener) => ({ ...opener, mayBegin: undefined })),
    innerMarkers: [...(family.innerMarkers ?? []), marker],
    create: (reading: Reading) => new BehindMarker(reading, marker, family.create(reading)),
  }
}

class BehindMarker implements FamilyReader {
  readonly expects: string

  constructor(
    private readonly reading: Reading,
    private readonly marker: string,
    private readonly family: FamilyReader,
  ) {
    this.expects = marker
  }

  /** A repeated opener forgets the first. */
  opens({ marker }: Opener): boolean | typeof WAIT {
    const { cursor } = this.reading
    for (;;) {
      const code = cursor.skipSpace()
      if (code < 0) return code === WAIT ? WAIT : false
      const again = cursor.starts(marker)
      if (again !== 1) return again === WAIT ? WAIT : true
      if (!this.reading.passRepeated(marker)) return false
    }
  }

  *read(opener: Opener, from: number): Read<boolean> {
    const { reading, marker } = this
    const { cursor } = reading
    let found: number
    while ((found = cursor.starts(marker)) === WAIT) yield
    if (found === 0 && !this.isCut) return this.release(opener, from)
    cursor.at += found === 0 ? cursor.window.length - cursor.at : marker.length
    let code: number
    for (;;) {
      while ((code = cursor.skipSpace()) === WAIT) yield
      while ((found = cursor.starts(marker)) === WAIT) yield
      if (found === 0 || !reading.passRepeated(marker)) break
    }
    if (code >= 0) return yield* this.family.read(opener, from)
    this.reading.cut(`the text ended after ${opener.marker}`, from)
    return true
  }

  /** The text ended inside the second marker. */
  private get isCut(): boolean {
    const { window, at, ended } = this.reading.cursor
    return ended && this.marker.startsWith(window.slice(at, at + this.marker.length))
  }

  private release(opener: Opener, from: number): false {
    const { cursor, out, text } = this.reading
    out.release(
      'damaged-block',
      `${opener.marker} opens no call: ${this.reading.expected(this.marker)}`,
      cursor.since(from),
      from,
    )
    out.fail('malformed')
    if (out.settings.damaged === 'keep') text.track(cursor.since(from))
    this.reading.openText()
    return false
  }
}
