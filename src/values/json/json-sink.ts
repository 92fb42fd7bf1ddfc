import type { ParseEvent } from '../../event/event.js'

/** Takes the JSON text of a value, piece by piece. Offsets say where in the source a piece was read from. */
export interface JsonSink {
  json(text: string, from: number, to: number): void
  /** The same for a chunk that holds nothing else. Returns its events; only a sink that makes events has it. */
  jsonChunk?(text: string, from: number, to: number): ParseEvent[]
  repair(kind: string, from: number, to: number, before: string, after: string): void
  bigInteger(from: number, to: number): void
  /** A key without quotes is no single word: it is a key only if the schema has it. */
  oddKey?(key: string): void
  /**
   * The text since the value began, together with `missing` closers that are still to be written, is `length` characters
   * long and stands for this object.
   */
  whole?(object: unknown, length: number, missing: 0 | 1): void
  /** How many more characters it takes, if there is a limit. A piece that crosses it is one slice of the source or one rewriting. */
  readonly room?: number
}
