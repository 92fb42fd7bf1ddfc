import type { FastPath, HoldBack, Read, Scanner } from './step.js'

/**
 * Drives a reader, so that whoever waits for it sleeps until it is done: `yield*` would wake all readers around it with each
 * step, one by one. (1,000 small calls of DSML in tokens: 7 % less time.)
 *
 * ```ts
 * const nested = new Nested(reader.read(opener, from))
 * if (!nested.scan()) yield nested
 * nested.result
 * ```
 */
export class Nested<T> implements Scanner {
  /** What the reader returned, once `scan` was true. */
  result!: T
  /** Reads chunks on its own; the reader is resumed when it has finished. */
  private scanner: Scanner | undefined

  constructor(private readonly reader: Read<T>) {}

  get fastPath(): FastPath | undefined {
    return this.scanner?.fastPath
  }

  get holdBack(): HoldBack | undefined {
    return this.scanner?.holdBack
  }

  scan(): boolean {
    if (this.scanner !== undefined && !this.scanner.scan()) return false
    const step = this.reader.next()
    if (step.done !== true) {
      this.scanner = step.value
      return false
    }
    this.scanner = undefined
    this.result = step.value
    return true
  }
}
