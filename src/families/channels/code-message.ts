import type { CallMarks } from '../../engine/call-marks.js'
import type { Reading } from '../../engine/reading.js'
import type { Evidence, Repair } from '../../event/event.js'
import { WAIT } from '../../text/cursor.js'
import type { Read } from '../../text/step.js'
import { RawString } from '../code/raw-string.js'
import type { MessageHead } from './message-head.js'

interface CodeCall {
  readonly from: number
  readonly evidence: Evidence
  readonly repairs: readonly Repair[]
  readonly marks: CallMarks
  /** Does the marker before which the cursor stands end it? Default: it does. */
  readonly ends?: (() => boolean | typeof WAIT) | undefined
}

/**
 * Reads a call whose text is code, as it is, to its end marker: `{"code": …}`. The cursor stands at its header.
 * @example …to=python code<|message|>print(1)<|call|>
 */
export function* readCode(
  reading: Reading,
  head: MessageHead,
  { from, evidence, repairs, marks, ends = () => true }: CodeCall,
): Read<void> {
  const { cursor, out } = reading
  const at = cursor.offset
  out.open({ name: head.name, nameFrom: at + head.from, nameTo: at + head.to, from, evidence })
  for (const { kind, from, to, before, after } of repairs) out.repair(kind, from, to, before, after)
  cursor.at += head.length
  out.json('{"code": "', cursor.offset, cursor.offset)
  const code = new RawString(cursor, out, out, marks.matcher)
  for (;;) {
    if (!code.scan()) yield code
    if (code.hit === undefined) break
    let isEnd: boolean | typeof WAIT
    while ((isEnd = ends()) === WAIT) yield
    if (isEnd) break
    code.passHit()
  }
  const to = cursor.offset
  out.json('"}', to, to)
  if (marks.of(code.hit) === 'call-end') cursor.at += code.hit?.length ?? 0
  out.close('complete', cursor.offset, '')
  reading.lastCallTo = cursor.offset
}
