/** Tells many that one thing has happened, such as that the proxy has to stop. */
export interface Bell {
  readonly rung: boolean
  /** Calls back when it rings; gives the way to be forgotten. A bell that has rung calls nobody. */
  onRing(listener: () => void): () => void
}

/**
 * Makes a bell of a signal, which gets one listener however many streams wait: platforms take many listeners on a signal
 * for a leak and say so.
 *
 * @example const forget = createBell(stop.signal).onRing(() => stream.end())
 */
export function createBell(signal: AbortSignal | undefined): Bell {
  const listeners = new Set<() => void>()
  signal?.addEventListener('abort', () => {
    for (const listener of [...listeners]) listener()
  })
  return {
    get rung() {
      return signal?.aborted === true
    },
    onRing(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
