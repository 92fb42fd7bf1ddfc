import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { findJsonFault } from '../../explain/json-place.js'
import { UsageError } from '../verb.js'
import { asObject, type Fields } from './fields.js'
import { checkFile, nameOf, openStdin, unreadable } from './read-input.js'

/** A line of a file; `problem` says why it cannot be read as text. Numbers count from 1. */
export interface Line {
  readonly number: number
  readonly text: string
  readonly problem?: string
}

/** Whole lines of a file, as bytes, and how much was read until now. */
export interface LineBlock {
  /** The number of its first line. */
  readonly first: number
  /** Lines with their ends; the last of a file may lack it. */
  readonly bytes: Uint8Array
  /** It stands for one line that is longer than so many bytes, and is not held. */
  readonly tooLong?: number
  /** Bytes. */
  readonly read: number
  /** Bytes of the whole file; undefined where nobody knows. */
  readonly size: number | undefined
}

/** A line is held in memory whole, so it has a bound: 256 MiB. */
const LONGEST_LINE = 256 * 1024 * 1024

/**
 * Reads a file (or standard input) of lines, in memory for one read and one line.
 * @param longest most bytes of a line
 * @throws UsageError for a file that cannot be read, or is UTF-16
 */
export async function* readBlocks(
  file: string | undefined,
  longest: number = LONGEST_LINE,
): AsyncGenerator<LineBlock, void> {
  const name = nameOf(file)
  const named = file !== undefined && file !== '-'
  const size = named ? (await checkFile(file)).size : undefined
  const source = named ? createReadStream(file, { highWaterMark: 256 * 1024 }) : openStdin(file)
  const cutter = new BlockCutter(longest)
  let read = 0
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      if (read === 0 && /^(?:fffe|feff)/.test(chunk.toString('hex', 0, 2))) {
        throw new UsageError(`${name} is UTF-16; JSON lines are UTF-8. Convert it first: iconv -f utf-16 -t utf-8`)
      }
      read += chunk.length
      for (const block of cutter.push(chunk)) yield { ...block, read, size }
    }
  } catch (error) {
    throw error instanceof UsageError ? error : unreadable(name, error)
  }
  for (const block of cutter.end()) yield { ...block, read, size }
}

type Block = Pick<LineBlock, 'first' | 'bytes' | 'tooLong'>

/** Cuts bytes behind the last line end of each piece. Nobody looks at what a line holds. */
class BlockCutter {
  private held: Buffer[] = []
  private length = 0
  private next = 1

  constructor(private readonly longest: number) {}

  push(chunk: Buffer): Block[] {
    const end = chunk.lastIndexOf(10) + 1
    if (end === 0) {
      this.hold(chunk)
      return []
    }
    // Of what is too long, the first line end in this piece is the end.
    const from = this.length > this.longest ? chunk.indexOf(10) + 1 : 0
    const blocks = from > 0 ? [this.take()] : []
    this.hold(chunk.subarray(from, end))
    if (this.length > 0) blocks.push(this.take())
    this.hold(chunk.subarray(end))
    return blocks
  }

  end(): Block[] {
    return this.length > 0 ? [this.take()] : []
  }

  private hold(piece: Buffer): void {
    this.length += piece.length
    // What is too long is counted, not kept.
    if (this.length > this.longest) this.held = []
    else if (piece.length > 0) this.held.push(piece)
  }

  private take(): Block {
    const first = this.next
    const { held, length } = this
    this.held = []
    this.length = 0
    if (length > this.longest) {
      this.next++
      return { first, bytes: new Uint8Array(), tooLong: this.longest }
    }
    const bytes = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held)
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) this.next++
    return { first, bytes }
  }
}

/** The lines of a block. Blank ones are left out. */
export function linesOf({ first, bytes, tooLong }: LineBlock): Line[] {
  if (tooLong) return [{ number: first, text: '', problem: `longer than ${tooLong} bytes` }]
  const lines: Line[] = []
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let from = 0, number = first; from < buffer.length; number++) {
    const at = buffer.indexOf(10, from)
    const end = at === -1 ? buffer.length : at
    const line = lineOf(number, buffer.subarray(from, end))
    if (line !== undefined) lines.push(line)
    from = end + 1
  }
  return lines
}

function lineOf(number: number, bytes: Buffer): Line | undefined {
  if (!isUtf8(bytes)) return { number, text: '', problem: 'not UTF-8' }
  const text = bytes.toString('utf8')
  const line = number === 1 && text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  return line.trim() === '' ? undefined : { number, text: line }
}

/**
 * The JSON object that a line holds.
 * @param example one that is right, for the message
 * @throws UsageError for a line that holds none
 */
export function objectIn({ text, problem }: Line, example: string): Fields {
  if (problem !== undefined) throw new UsageError(problem)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const fault = findJsonFault(text)
    throw new UsageError(`not JSON at column ${fault?.column}: ${fault?.message}`)
  }
  const fields = asObject(value)
  if (fields === undefined) throw new UsageError(`not a JSON object; each line must be one, such as ${example}`)
  return fields
}

/**
 * What to say about a line that cannot be answered. Wrong options, tools or calls of a line are the line's fault; anything else is
 * ours, and shows as such.
 * @throws the error itself where it is ours
 */
export function faultOf(error: unknown): string {
  if (error instanceof UsageError || error instanceof TypeError || error instanceof RangeError) return error.message
  if (error instanceof Error && error.name === 'RenderError') return error.message
  throw error
}
