import type { Status } from '../../event/event.js'
import { jsonFor, say, write } from '../output/output.js'
import { screenOf } from '../output/screen.js'
import { UsageError } from '../verb.js'
import { nameOf } from './read-input.js'
import { faultOf, type Line, type LineBlock, linesOf, objectIn, readBlocks } from './read-lines.js'

/** A record of a file of JSON lines. `id` is the number of its line where it has none of its own. */
export interface LineRecord {
  readonly id: unknown
  readonly fields: Readonly<Record<string, unknown>>
}

/** What a line came to: the object to write, and whether it is whole. */
export interface LineAnswer {
  readonly output: object
  readonly status: Status
}

/** What some lines of a file came to. */
export interface LinesAnswer {
  /** A line of output for each that is right; as bytes where it comes from another thread. */
  readonly output: string | Uint8Array
  readonly counts: Counts
  readonly wrong: readonly { readonly number: number; readonly why: string }[]
}

/**
 * Runs a file of JSON lines through `answer`, line by line, and writes one line for each. A wrong line is named on
 * standard error and the others go on.
 * @returns the exit code: 1 if a line was wrong or came to something that is not complete
 * @throws UsageError for a file that cannot be read
 */
export function runLines(file: string | undefined, answer: (record: LineRecord) => LineAnswer): Promise<number> {
  return writeLines(file, 1, (block) => answerLines(block, answer, process.stdout.isTTY === true))
}

/** Answers the lines of a block. Nothing is written. */
export function answerLines(
  block: LineBlock,
  answer: (record: LineRecord) => LineAnswer,
  isTerminal: boolean,
): LinesAnswer & { output: string } {
  const counts = { complete: 0, truncated: 0, malformed: 0, wrong: 0 }
  const wrong: { number: number; why: string }[] = []
  let output = ''
  for (const line of linesOf(block)) {
    try {
      const { output: value, status } = answer(readRecord(line))
      output += `${jsonFor(isTerminal, value, 0)}\n`
      counts[status]++
    } catch (error) {
      counts.wrong++
      wrong.push({ number: line.number, why: faultOf(error) })
    }
  }
  return { output, counts, wrong }
}

/**
 * Reads a file of JSON lines, has its lines answered, and writes the answers in the order of the lines. So many blocks may be
 * with `take` at once; no more of the file is read until the first of them is written.
 * @returns the exit code, as `runLines`
 */
export async function writeLines(
  file: string | undefined,
  most: number,
  take: (block: LineBlock) => LinesAnswer | Promise<LinesAnswer>,
): Promise<number> {
  const progress = new Progress()
  const sum = { complete: 0, truncated: 0, malformed: 0, wrong: 0 }
  const waiting: Promise<void>[] = []
  const start = Promise.resolve()
  let last = start

  async function put(
    answer: LinesAnswer | Promise<LinesAnswer>,
    read: number,
    size: number | undefined,
  ): Promise<void> {
    const { output, counts, wrong } = await answer
    for (const { number, why } of wrong) {
      progress.erase()
      say(`${nameOf(file)}:${number}: ${why}`, 'error')
    }
    await write(output)
    for (const word of Object.keys(sum) as (keyof Counts)[]) sum[word] += counts[word]
    progress.show(sum, read, size)
  }
  for await (const block of readBlocks(file)) {
    const before = last
    const answer = take(block)
    last = before.then(() => put(answer, block.read, block.size))
    // Whoever waits for it hears of it.
    last.catch(() => undefined)
    waiting.push(last)
    if (waiting.length >= most) await waiting.shift()
  }
  await last
  if (last === start) throw new UsageError(`${nameOf(file)} is empty; with --jsonl it needs one JSON object per line`)
  progress.end(sum)
  return sum.complete < total(sum) ? 1 : 0
}

function readRecord(line: Line): LineRecord {
  const fields = objectIn(line, '{"id": "1", "completion": "…"}')
  return { id: fields.id ?? line.number, fields }
}

type Counts = Record<Status | 'wrong', number>

const total = (counts: Counts) => counts.complete + counts.truncated + counts.malformed + counts.wrong

/** How far a long run has come, on a terminal's standard error, five times a second at most. */
class Progress {
  // Where the results go to the same terminal, they are the progress.
  private readonly wanted = screenOf(process.stderr).isTerminal && !process.stdout.isTTY
  private readonly started = performance.now()
  private shownAt = this.started
  private isShown = false

  show(counts: Counts, read: number, size: number | undefined): void {
    const now = performance.now()
    if (!this.wanted || now - this.shownAt < 200) return
    this.shownAt = now
    const share = size ? `${Math.floor((100 * read) / Math.max(read, size))} %, ` : ''
    process.stderr.write(`\r\x1b[K${share}${(read / 1e6).toFixed(0)} MB, ${count(total(counts))} lines`)
    this.isShown = true
  }

  erase(): void {
    if (this.isShown) process.stderr.write('\r\x1b[K')
    this.isShown = false
  }

  end(counts: Counts): void {
    this.erase()
    if (!this.wanted) return
    const parts = Object.entries(counts).filter(([word, n]) => word === 'complete' || n > 0)
    const seconds = ((performance.now() - this.started) / 1000).toFixed(1)
    say(`${count(total(counts))} lines in ${seconds} s: ${parts.map(([word, n]) => `${count(n)} ${word}`).join(', ')}`)
  }
}

const count = (n: number) => n.toLocaleString('en-US')
