import { constants, isUtf8 } from 'node:buffer'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { say } from '../output/output.js'
import { quoted } from '../output/screen-text.js'
import { UsageError } from '../verb.js'

/** A text, and what to call it in messages. */
export interface Input {
  readonly name: string
  readonly text: string
}

/** What standard input is called in messages. */
export const STDIN = 'standard input'

/**
 * Reads a whole text from a file, or from standard input (`-`, or no file). A byte order mark is left out, and UTF-16
 * with one is read too, since some shells write it.
 * @throws UsageError for a file that is missing, a directory, empty, binary or too long, and for a terminal without a file
 */
export async function readInput(file: string | undefined): Promise<Input> {
  const name = nameOf(file)
  const bytes = file === undefined || file === '-' ? await readStdin(file) : await readNamed(file)
  const text = decode(name, bytes)
  if (text === '') {
    const advice = name === STDIN ? 'Pipe text into it, or name a file' : 'Give a file that holds text'
    throw new UsageError(`${name} is empty: nothing to read. ${advice}`)
  }
  return { name, text }
}

/** What to call a file in messages. */
export function nameOf(file: string | undefined): string {
  return file === undefined || file === '-' ? STDIN : file
}

/**
 * Throws for a file that cannot be read at all, before anything is written.
 * @throws UsageError for a file that is missing, a directory, or not to be read by this user
 */
export async function checkFile(file: string): Promise<{ size: number }> {
  try {
    const stats = await stat(file)
    if (stats.isDirectory()) throw new UsageError(await aboutDirectory(file))
    return { size: stats.size }
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(file, error)
  }
}

/**
 * Standard input, unless it is a terminal at which nobody was told to type.
 * @throws UsageError for a terminal without `-`
 */
export function openStdin(file: string | undefined): NodeJS.ReadStream {
  if (process.stdin.isTTY) {
    if (file === undefined) throw new UsageError('no file given. Name one, pipe text in, or use - to type it here')
    say('reading from the terminal; end with Ctrl-D on its own line')
  }
  return process.stdin
}

async function readStdin(file: string | undefined): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of openStdin(file)) {
      chunks.push(chunk as Buffer)
      length += (chunk as Buffer).length
      if (length > constants.MAX_STRING_LENGTH) throw tooLong(STDIN)
    }
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(STDIN, error)
  }
  return Buffer.concat(chunks)
}

async function readNamed(file: string): Promise<Buffer> {
  const { size } = await checkFile(file)
  if (size > constants.MAX_STRING_LENGTH) throw tooLong(file)
  try {
    return await readFile(file)
  } catch (error) {
    throw unreadable(file, error)
  }
}

function tooLong(name: string): UsageError {
  return new UsageError(`${name} is longer than 512 MiB, too long for one text. If each line is a record, add --jsonl`)
}

async function aboutDirectory(file: string): Promise<string> {
  const entries = await readdir(file, { withFileTypes: true }).catch(() => [])
  const first = entries.find((entry) => entry.isFile() && !entry.name.startsWith('.'))
  return `${file} is a directory. Give a file${first === undefined ? '' : `, such as ${join(file, first.name)}`}`
}

/** What to say about a file that the system does not give. */
export function unreadable(file: string, error: unknown): UsageError {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new UsageError(`there is no file ${quoted(file)}. Check the path (it is relative to the current directory)`)
  }
  if (code === 'EACCES' || code === 'EPERM')
    return new UsageError(`${file} is not readable by you. Check its permissions`)
  if (code === 'EISDIR') return new UsageError(`${file} is a directory. Give a file`)
  return new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`)
}

/**
 * Bytes as text.
 * @throws UsageError that names the place, for bytes that are no text
 */
export function decode(name: string, bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('hex')
  if (mark === 'fffe') return new TextDecoder('utf-16le').decode(bytes)
  if (mark === 'feff') return new TextDecoder('utf-16be').decode(bytes)
  const nul = bytes.indexOf(0)
  if (nul !== -1) {
    throw new UsageError(
      `${name}:${lineAt(bytes, nul)}: a NUL byte at offset ${nul}, so the file is binary. Give a text file`,
    )
  }
  if (!isUtf8(bytes)) {
    const at = firstWrongByte(bytes)
    const byte = `0x${bytes.subarray(at, at + 1).toString('hex')}`
    const advice = `Convert it first: iconv -f latin1 -t utf-8 ${name === STDIN ? '' : basename(name)}`.trimEnd()
    throw new UsageError(`${name}:${lineAt(bytes, at)}: byte ${byte} at offset ${at} is not UTF-8. ${advice}`)
  }
  return new TextDecoder().decode(bytes)
}

function lineAt(bytes: Buffer, offset: number): number {
  let line = 1
  for (let at = bytes.indexOf(10); at !== -1 && at < offset; at = bytes.indexOf(10, at + 1)) line++
  return line
}

/** Bytes up to some place decode, and from there on they do not: found by halving. */
function firstWrongByte(bytes: Buffer): number {
  let right = 0
  let wrong = bytes.length
  while (wrong - right > 1) {
    const middle = (right + wrong) >>> 1
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true })
      right = middle
    } catch {
      wrong = middle
    }
  }
  // The decoder objects to the byte behind the one that began a character and did not finish it.
  let at = right
  while (at > 0 && right - at < 4 && !isUtf8(bytes.subarray(0, at))) at--
  return at
}
