import type { Family, FamilyReader, Opener } from '../engine/format.js'
import type { Reading } from '../engine/reading.js'
import { WAIT } from '../text/cursor.js'
import type { Read } from '../text/step.js'
import { JSON_CLOSERS } from '../values/json/json-states.js'
import { giveBack } from './plain-json.js'

/** What stands between a marker and the brace of arguments is no longer than this: a name, a fence and its label. */
const LONGEST_BEFORE = 200
const BEFORE_OBJECT = /^[\w\s.`\\-]{0,200}/

/**
 * A family of markers that stand inside the header of a call, where no header stands before them: its opener or its name was
 * damaged (decision 14: an attempt is not prose). What was meant is not known, so nothing is called; but the arguments
 * are data, and a call that one of their strings quotes is not made (decision 20).
 *
 *     [TOOL_CALLS write_file[ARGS]{"content": "\n[TOOL_CALLS]delete_all[ARGS]{}"}
 */
export function headlessCalls(markers: readonly string[]): Family {
  return {
    openers: markers.map((marker) => ({ marker })),
    create: (reading: Reading) => new HeadlessCall(reading),
  }
}

class HeadlessCall implements FamilyReader {
  readonly expects = 'a call header before it'

  constructor(private readonly reading: Reading) {}

  opens(_opener: Opener, _from: number): boolean | typeof WAIT {
    const { text, out } = this.reading
    return text.fenced || text.inCode || out.refusesCalls ? false : objectFollows(this.reading)
  }

  *read({ marker }: Opener, from: number): Read<boolean> {
    yield* giveBackArguments(this.reading, from, `no call header stands before ${marker}`)
    return false
  }
}

/** Does an object begin at the cursor, behind nothing but a name, a fence or white space? */
export function objectFollows({ cursor }: Reading): boolean | typeof WAIT {
  const { window, at, ended } = cursor
  const text = window.slice(at, at + LONGEST_BEFORE)
  const before = (BEFORE_OBJECT.exec(text) as RegExpExecArray)[0].length
  const rest = text.slice(before)
  // A brace, and what a key begins with.
  const wants = rest.length < 2 && text.length < LONGEST_BEFORE && !ended
  if (wants && (rest === '' || rest === '{')) return WAIT
  return rest[0] === '{' && `"'} \n\r\t`.includes(rest[1] ?? '"')
}

/** The text from `from` on, up to behind the object that follows, cannot be read as a call: text, as plain data. */
export function* giveBackArguments(reading: Reading, from: number, why: string): Read<void> {
  const { cursor, out } = reading
  cursor.at = cursor.window.indexOf('{', cursor.at) + 1
  const drops = out.settings.damaged === 'drop'
  if (drops) out.mute()
  yield* giveBack(reading, from, { resume: 'key', closers: [JSON_CLOSERS.object] })
  if (drops) out.unmute()
  else reading.text.sawContent()
  out.damage(`this block cannot be read as a call: ${why}`, from, cursor.offset)
}
