import { once } from 'node:events'
import { screenOf } from './screen.js'
import { oneLine } from './screen-text.js'

/**
 * Lets the command end quietly when nobody reads its output any more (`callsift … | head`), and with a message when the
 * output cannot be written. Called once.
 */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') say(`cannot write the output: ${error.message}`)
    process.exit(error.code === 'EPIPE' ? 0 : 2)
  })
  process.stderr.on('error', () => undefined)
}

/** Writes to standard output; waits while the reader is behind, so that nothing piles up in memory. */
export async function write(text: string): Promise<void> {
  if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** Tells the person something, on one line of standard error. */
export function say(message: string, kind: 'error' | 'note' = 'note'): void {
  const { colors } = screenOf(process.stderr)
  const head = kind === 'error' ? colors.red('callsift:') : colors.dim('callsift:')
  process.stderr.write(`${head} ${oneLine(message)}\n`)
}
