import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { UsageError } from '../verb.js'
import { checkFile, nameOf, openStdin, unreadable } from './read-input.js'

/** A line of a file; `problem` says why it cannot be read as text. Numbers count from 1. */
export interface Line {
  readonly number: number
  readonly text: string
  readonly problem?: string
}

/** The lines that one read of the file brought, and how much was read until now. */
export interface LineBatch {
  readonly lines: Line[]
  /** Bytes. */
  readonly read: number
  /** Bytes of the whole file; undefined where nobody knows. */
  readonly size: number | undefined
}

/** A line is held in memory whole, so it has a bound: 256 MiB. */
const LONGEST_LINE = 256 * 1024 * 1024

/**
 * Reads a file (or standard input) line by line, in memory for one read and one line. Blank lines are left out.
 * @throws UsageError for a file that cannot be read, holds nothing at all, or is UTF-16
 */
export async function* readLines(file: string | undefined): AsyncGenerator<LineBatch, void> {
  const name = nameOf(file)
  const named = file !== undefined && file !== '-'
  const size = named ? (await checkFile(file)).size : undefined
  const source = named ? createReadStream(file, { highWaterMark: 256 * 1024 }) : openStdin(file)
  const splitter = new LineSplitter()
  let read = 0
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      if (read === 0 && /^(?:fffe|feff)/.test(chunk.toString('hex', 0, 2))) {
        throw new UsageError(`${name} is UTF-16; JSON lines are UTF-8. Convert it first, as: iconv -f utf-16 -t utf-8`)
      }
      read += chunk.length
      yield { lines: splitter.push(chunk), read, size }
    }
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(name, error)
  }
  if (read === 0) throw new UsageError(`${name} is empty; with --jsonl it has one JSON object a line`)
  yield { lines: splitter.end(), read, size }
}

class LineSplitter {
  private held: Buffer[] = []
  private length = 0
  private number = 0

  push(chunk: Buffer): Line[] {
    const lines: Line[] = []
    let from = 0
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      this.hold(chunk.subarray(from, at))
      this.finish(lines)
      from = at + 1
    }
    this.hold(chunk.subarray(from))
    return lines
  }

  end(): Line[] {
    const lines: Line[] = []
    if (this.length > 0) this.finish(lines)
    return lines
  }

  private hold(piece: Buffer): void {
    this.length += piece.length
    // What is too long is counted, not kept.
    if (this.length > LONGEST_LINE) this.held = []
    else if (piece.length > 0) this.held.push(piece)
  }

  private finish(lines: Line[]): void {
    const { length, held } = this
    const number = ++this.number
    this.held = []
    this.length = 0
    if (length > LONGEST_LINE) {
      lines.push({ number, text: '', problem: `longer than ${LONGEST_LINE / 1024 / 1024} MiB` })
      return
    }
    const bytes = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held)
    if (!isUtf8(bytes)) {
      lines.push({ number, text: '', problem: 'not UTF-8' })
      return
    }
    const text = bytes.toString('utf8')
    const line = number === 1 && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
    if (line.trim() !== '') lines.push({ number, text: line })
  }
}
