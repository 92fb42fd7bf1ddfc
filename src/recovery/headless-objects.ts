import { BEFORE_KEY } from '../engine/call-shape.js'
import type { Family, FamilyReader, Opener } from '../engine/format.js'
import type { Reading } from '../engine/reading.js'
import { WAIT } from '../text/cursor.js'
import type { Read } from '../text/step.js'
import { JSON_CLOSERS } from '../values/json/json-states.js'
import { objectFollows } from './headless-call.js'
import { giveBack } from './plain-json.js'

/**
 * The family of objects at the start of a line or right behind a tag, for formats whose calls are a tag, an object and one of
 * these closers. With the closer it was a call whose tag is damaged (decision 14); a call that is quoted in one of its
 * strings is none (decision 20). Without, it is data.
 *
 *     function=write_file>{"text": "So: <function=delete_all>{}</function>"}</function>
 */
export function headlessObjects(closers: readonly string[]): Family {
  return {
    openers: [{ marker: '{', bare: true, before: `${BEFORE_KEY}}{`, prefix: true }],
    create: (reading: Reading) => new HeadlessObjects(reading, closers),
  }
}

class HeadlessObjects implements FamilyReader {
  readonly expects = 'the tag of a call before it'

  constructor(
    private readonly reading: Reading,
    private readonly closers: readonly string[],
  ) {}

  opens(): boolean | typeof WAIT {
    const { text, out, deciding } = this.reading
    const isPlace = text.atLineStart || text.endsIn('>')
    if (!isPlace || text.fenced || text.inCode || out.refusesCalls || deciding) return false
    return objectFollows(this.reading)
  }

  *read(_opener: Opener, from: number): Read<boolean> {
    const { reading } = this
    const { cursor, out } = reading
    cursor.at++
    yield* giveBack(reading, from, { resume: 'key', closers: [JSON_CLOSERS.object] })
    reading.text.sawContent()
    for (const closer of this.closers) {
      let found: number
      while ((found = cursor.starts(closer)) === WAIT) yield
      if (found !== 1) continue
      // It stays with the object that it closes.
      reading.openText()
      out.damage(`no tag of a call stands before this object, and ${closer} after it`, from, cursor.offset)
    }
    return false
  }
}
