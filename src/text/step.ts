import type { ParseEvent } from '../event/event.js'

/** Eats chunks by itself while nothing but more of the same can come. True when its reader has to decide again. */
export interface Scanner {
  scan(): boolean
  /** While nothing but more of the same can come: who reads whole chunks of that. All text that came is read then. */
  readonly fastPath?: FastPath | undefined
  /** While text is held back after `scan` returned false: who can tell that more of it changes nothing yet. */
  readonly holdBack?: HoldBack | undefined
}

/** The fast path of one kind of text. */
export interface FastPath {
  /** The events of a chunk that is read; undefined for one that somebody has to look at, of which nothing is read. */
  pass(chunk: string): ParseEvent[] | undefined
}

/** Knows what text that is held back waits for. */
export interface HoldBack {
  /** Does it wait still, with this text behind it? Then it takes it in, and nobody else need be asked. */
  absorbs(text: string): boolean
}

/**
 * A reader is written as if the whole text were there. `yield` says that more is needed: alone to be woken by the next
 * chunk, with a scanner to be woken when that one is through (`if (!scanner.scan()) yield scanner`).
 */
export type Read<T> = Generator<Scanner | undefined, T, void>
