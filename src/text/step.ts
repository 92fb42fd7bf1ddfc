import type { ParseEvent } from '../event/event.js'

/** Reads chunks on its own as long as only text of one kind can follow. */
export interface Scanner {
  /** Reads on. True when its reader has to decide again, false when more text is needed. */
  scan(): boolean
  /** Set while only text of one kind can follow: reads whole chunks of it. Then all text that has come was read. */
  readonly fastPath?: FastPath | undefined
  /** Set while text is held back after `scan` returned false: knows which text changes nothing yet. */
  readonly holdBack?: HoldBack | undefined
}

/** The fast path of one kind of text. */
export interface FastPath {
  /**
   * Reads the whole chunk and returns its events, or returns undefined without reading if a reader has to decide.
   */
  pass(chunk: string): ParseEvent[] | undefined
  /** It tells the cursor what it reads (`keepPassed`), so it may read while text is kept that may be read again. */
  readonly keeps?: boolean
}

/** Knows what text that is held back waits for. */
export interface HoldBack {
  /** Takes in `text` and answers true if it still waits with that text behind it; then no reader need be woken. */
  absorbs(text: string): boolean
}

/**
 * A reader is written as if the whole text were there. `yield` says that more is needed: a bare `yield` is woken by the
 * next chunk, `yield scanner` once that scanner has finished (`if (!scanner.scan()) yield scanner`).
 */
export type Read<T> = Generator<Scanner | undefined, T, void>
