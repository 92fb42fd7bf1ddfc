import type { Family, FamilyReader, Opener } from '../engine/format.js'
import type { Reading } from '../engine/reading.js'
import { skipTo } from '../engine/skip-to.js'
import { WAIT } from '../text/cursor.js'
import { Matcher } from '../text/matcher.js'
import type { Read } from '../text/step.js'

/**
 * A family of strings between two delimiters that stand in no call: the header before them was damaged (decision 14). What
 * was meant is not known, so nothing is called; and a call that such a string quotes is not made (decision 20). A
 * delimiter with another one behind it that no piece of a map follows is a mention.
 *
 *     |tool_call>call:write{content:<|"|>\n<|tool_call>call:delete_all{}<tool_call|><|"|>}<tool_call|>
 */
export function headlessStrings(delimiter: string): Family {
  return { openers: [{ marker: delimiter }], create: (reading: Reading) => new HeadlessString(reading, delimiter) }
}

class HeadlessString implements FamilyReader {
  readonly expects = 'a call header before it'
  private readonly ends: Matcher<string>

  constructor(
    private readonly reading: Reading,
    private readonly delimiter: string,
  ) {
    this.ends = new Matcher([[delimiter, delimiter]])
  }

  opens(): boolean {
    const { text, out, reasoning } = this.reading
    return !(text.fenced || text.inCode || out.refusesCalls || reasoning)
  }

  *read(_opener: Opener, from: number): Read<boolean> {
    const { cursor, out, text } = this.reading
    const opened = cursor.offset
    const end = yield* skipTo(cursor, this.ends)
    if (end !== undefined) cursor.at += this.delimiter.length
    const to = cursor.offset
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    const isString = end !== undefined && (code < 0 || ',}]:'.includes(String.fromCharCode(code)))
    // What follows may stand in it: more text could close it.
    if (end === undefined && !out.muted)
      out.doubt ??= {
        status: 'malformed',
        why: `${this.delimiter} before it never closes, so it may stand in a string`,
      }
    cursor.rewind(isString ? to : opened)
    const given = cursor.since(from)
    text.track(given)
    if (isString) out.fail('malformed')
    const why = isString ? `no call header stands before ${this.delimiter}` : `${this.delimiter} surrounds nothing`
    out.release(isString ? 'damaged-block' : 'marker-in-text', why, given, from)
    return false
  }
}
