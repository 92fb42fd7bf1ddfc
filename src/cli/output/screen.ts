import type { WriteStream } from 'node:tty'
import picocolors from 'picocolors'

type Colors = ReturnType<typeof picocolors.createColors>

/** Where people read: how wide it is and whether colours are wanted. */
export interface Screen {
  readonly isTerminal: boolean
  readonly columns: number
  readonly colors: Colors
}

/**
 * What is known about standard output or standard error. Colours are for terminals only, and not where NO_COLOR is set
 * (https://no-color.org) or the terminal is a dumb one.
 */
export function screenOf(stream: Pick<WriteStream, 'isTTY' | 'columns'>): Screen {
  const isTerminal = stream.isTTY === true
  const wanted = isTerminal && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  // A terminal whose size is not known reports 0 columns.
  return { isTerminal, columns: Math.max(40, stream.columns || 80), colors: picocolors.createColors(wanted) }
}
