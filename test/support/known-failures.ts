/**
 * Cases that are not read as they should be yet, by the rule that they wait for. A mend takes its cases out; the test of a
 * case fails if it is read right and still stands here. An empty table ends the file.
 */
const WAITING: Readonly<Record<string, readonly string[]>> = {
  'an attempt is not prose': ['report/opencode-24566'],
}

/** Case id to reason. */
export const knownFailures: ReadonlyMap<string, string> = new Map(
  Object.entries(WAITING).flatMap(([reason, ids]) => ids.map((id) => [id, reason] as const)),
)
