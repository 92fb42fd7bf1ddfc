import type { Read } from '../text/step.js'
import type { Gate } from './gate.js'
import type { Candidate } from './grammar.js'
import type { Reading } from './reading.js'

/**
 * Reads a block of calls in a code fence that text precedes. Calls of given tools count, with the evidence `fenced`;
 * from the first other call on, the block is text. True if it holds a call that counts.
 */
export function* readGated(reading: Reading, { family, opener }: Candidate, from: number): Read<boolean> {
  const { out, cursor, text } = reading
  const accepts = (name: string) => out.tools.given && out.tools.has(name)
  const gate: Gate = { evidence: 'fenced', called: false, forgives: true, accepts }
  const before = out.gate
  out.gate = gate
  const read = yield* reading.reader(family).read(opener, from)
  out.gate = before
  if (gate.refusedFrom === undefined) return read
  out.unmute()
  const refused = cursor.since(gate.refusedFrom)
  text.track(refused)
  // The refused text may hold the end of the fence.
  if (text.fenced && refused.includes(`\n${text.fence}`)) text.fence = ''
  out.release('quoted-call', 'a call in a code fence, of a tool that was not given, is text', refused, gate.refusedFrom)
  return gate.called
}
