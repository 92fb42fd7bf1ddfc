import type { Reading } from '../../engine/reading.js'
import { END, WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import { toolOf } from '../../tools/schema.js'
import { propertyNames } from '../../tools/value-types.js'
import { PythonCall } from './python-call.js'
import type { CallHeader, HeaderScan } from './python-header.js'

/** `whole`: nothing but calls, to the end; `cut`: so far, and the text ended inside one; `text`: something else. */
export type AllCalls = 'whole' | 'cut' | 'text'

/**
 * Reads what stands up to the end of the text, or to a stop token, as calls of given tools and nothing else: `f(a=1), g()`.
 * For a trial: whoever calls has muted what comes out, and goes back. `separators`: what may stand between two of them,
 * besides white space; a line break where it is one of them.
 */
export function* readAllCalls(reading: Reading, headers: HeaderScan, separators: string): Read<AllCalls> {
  const { cursor, out } = reading
  for (;;) {
    while (cursor.skipSpace() === WAIT) yield
    let header: ReturnType<HeaderScan['peek']>
    while ((header = headers.peek(false, true)) === WAIT) yield
    if (header === undefined || header === END || header.behind === 'end' || !isPythonCall(reading, header))
      return 'text'
    if (out.tools.given && !out.tools.has(header.name)) return 'text'
    const call = new PythonCall(reading, header, cursor.offset, 'bare')
    const outcome = yield* call.read()
    if (outcome !== 'done') {
      out.close('malformed', cursor.offset, call.why)
      return outcome === 'truncated' ? 'cut' : 'text'
    }
    const to = cursor.offset
    let code: number
    while ((code = cursor.skipSpace()) === WAIT) yield
    const stop = yield* reading.marker(reading.stops)
    if (code < 0 || stop !== undefined) return 'whole'
    if (separators.includes(String.fromCharCode(code))) cursor.at++
    else if (!separators.includes('\n') || !cursor.since(to).includes('\n')) return 'text'
  }
}

/** Does a call stand here, and no index, link or list of other things? A positional argument needs a schema. */
export function isPythonCall({ out }: Reading, { name, behind }: CallHeader): boolean {
  if (behind !== 'value') return true
  const tool = toolOf(out.tools, name)
  return tool !== undefined && propertyNames(tool).length > 0
}
