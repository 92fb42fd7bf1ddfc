/** Waits for something again and again, each time no longer than it may take. */
export interface Patience {
  /** Begins to wait. */
  wait(): void
  /** It has come. */
  rest(): void
  /** Nothing is waited for any more. */
  stop(): void
}

/**
 * Makes the patience. One timer serves all waits and looks, when it fires, how long the present one has lasted: a wait
 * costs no timer of its own.
 *
 * @example createPatience(120_000, () => socket.destroy()).wait()
 */
export function createPatience(ms: number, over: () => void): Patience {
  let since: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  function look(): void {
    timer = undefined
    if (since === undefined) return
    const left = since + ms - performance.now()
    if (left > 0) timer = setTimeout(look, Math.ceil(left))
    else {
      since = undefined
      over()
    }
  }
  return {
    wait() {
      since = performance.now()
      timer ??= setTimeout(look, ms)
    },
    rest() {
      since = undefined
    },
    stop() {
      since = undefined
      clearTimeout(timer)
    },
  }
}
