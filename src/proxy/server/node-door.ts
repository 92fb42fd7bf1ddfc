/** Lets requests in, one after the other. */
export interface Door {
  /** A connection has come: more may wait to be accepted. */
  came(): void
  /** Begins at once where nothing else presses, else in turn. */
  enter(begin: () => void): void
}

/** While connections keep coming, requests begin in one of so many turns of the loop. */
const TURNS = 4
/** How long requests may begin one after the other before the loop turns again (milliseconds). */
const SLICE = 2

/**
 * Makes the door of a server. The loop accepts one connection each time it turns, and to begin a request takes it longer
 * than anything else. Where many clients come at once, the others, and with them `/health`, would wait for seconds to be
 * accepted. So requests then begin in some turns only: the connections are accepted meanwhile, and who waits does so
 * here.
 *
 * @example door.enter(() => listener(request, response))
 */
export function createDoor(): Door {
  let waiting: (() => void)[] = []
  let coming = false
  let turns = 0
  let turning = false

  function turn(): void {
    turning = false
    const isPressed = coming
    coming = false
    if (!isPressed || ++turns % TURNS === 0) {
      const until = performance.now() + SLICE
      let begun = 0
      do waiting[begun++]?.()
      while (begun < waiting.length && !isPressed && performance.now() < until)
      waiting = waiting.slice(begun)
    }
    wait()
  }
  function wait(): void {
    if (turning || (waiting.length === 0 && !coming)) return
    turning = true
    setImmediate(turn)
  }

  return {
    came() {
      coming = true
      wait()
    },
    enter(begin) {
      if (waiting.length === 0 && !coming) return begin()
      waiting.push(begin)
      wait()
    },
  }
}
