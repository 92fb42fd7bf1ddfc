import { once } from 'node:events'
import { INVISIBLE } from '../../explain/invisible.js'
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
export async function write(text: string | Uint8Array): Promise<void> {
  if (text.length > 0 && !process.stdout.write(text)) await once(process.stdout, 'drain')
}

/**
 * Writes a value as JSON to standard output. On a terminal, what people cannot see or what turns the direction of writing
 * is escaped, which changes nothing of what the JSON means; files and pipes get it as it is.
 */
export async function writeJson(value: unknown): Promise<void> {
  await write(`${jsonFor(process.stdout.isTTY === true, value)}\n`)
}

/** @example jsonFor(true, '\u009b1m') // '"\\u009b1m"' */
export function jsonFor(isTerminal: boolean, value: unknown, indent = 2): string {
  const json = JSON.stringify(value, null, indent)
  return isTerminal ? json.replace(INVISIBLE, escapedInJson) : json
}

/** Line breaks stand between the members. */
function escapedInJson(character: string): string {
  if (character === '\n') return character
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i))
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')
}

/** Tells the person something, on one line of standard error. */
export function say(message: string, kind: 'error' | 'note' = 'note'): void {
  const { colors } = screenOf(process.stderr)
  const head = kind === 'error' ? colors.red('callsift:') : colors.dim('callsift:')
  process.stderr.write(`${head} ${oneLine(message)}\n`)
}
