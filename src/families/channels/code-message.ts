import type { CallMarks } from '../../engine/call-marks.js'
import type { Reading } from '../../engine/reading.js'
import type { Repair } from '../../event/event.js'
import type { Read } from '../../text/step.js'
import { RawString } from '../code/raw-string.js'

interface CodeHead {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly length: number
}

/**
 * Reads a call whose text is code, as it is, to its end marker: `{"code": …}`. The cursor stands at its header.
 * @example …to=python code<|message|>print(1)<|call|>
 */
export function* readCode(
  reading: Reading,
  head: CodeHead,
  from: number,
  repairs: readonly Repair[],
  marks: CallMarks,
): Read<void> {
  const { cursor, out } = reading
  const at = cursor.offset
  const { evidence } = reading
  out.open({ name: head.name, nameFrom: at + head.from, nameTo: at + head.to, from, evidence })
  for (const { kind, from, to, before, after } of repairs) out.repair(kind, from, to, before, after)
  cursor.at += head.length
  out.json('{"code": "', cursor.offset, cursor.offset)
  const code = new RawString(cursor, out, out, marks.matcher)
  if (!code.scan()) yield code
  const to = cursor.offset
  out.json('"}', to, to)
  if (marks.of(code.hit) === 'call-end') cursor.at += code.hit?.length ?? 0
  out.close('complete', cursor.offset, '')
  reading.lastCallTo = cursor.offset
}
