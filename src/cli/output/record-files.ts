import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Capture } from '../../proxy/metrics/capture.js'
import { UsageError } from '../verb.js'

/** Captures that wait for a slow disk; more are left out (characters). */
const MOST_WAITING = 64 * 1024 * 1024

/** Writes captures into files, one after the other, behind the replies. */
export interface RecordFiles {
  /** @throws Error, where captures come faster than the disk takes them, or the folder's share is used up */
  write(capture: Capture): void
  /** Waits until all is written. */
  close(): Promise<void>
}

/**
 * Opens the folder of `--record`, for its owner alone. A file appears under its name once it is whole; names sort by the
 * time of the request, and no other process makes the same.
 *
 * @param total most characters of all files of this run
 * @param lost told of a file that could not be written
 * @throws UsageError for a folder that cannot be made
 * @example openRecordFiles('captures', 1 << 30, say).write(capture) // captures/2026-11-29T175203.123Z-000001-4f6a90.json
 */
export function openRecordFiles(folder: string, total: number, lost: (message: string) => void): RecordFiles {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new UsageError(`--record ${folder}: the folder cannot be made: ${messageOf(error)}`)
  }
  const run = randomBytes(3).toString('hex')
  let count = 0
  let written = 0
  let waiting = 0
  let last = Promise.resolve()

  async function save(file: string, text: string): Promise<void> {
    const begun = `${file}.part`
    try {
      // Never through a link that somebody has put there.
      await writeFile(begun, text, { mode: 0o600, flag: 'wx' })
      await rename(begun, file)
    } catch (error) {
      lost(`${file} cannot be written: ${messageOf(error)}`)
      await unlink(begun).catch(() => undefined)
    } finally {
      waiting -= text.length
    }
  }
  return {
    write(capture) {
      if (waiting > MOST_WAITING) throw new Error('exchanges come faster than the disk can write them')
      const text = `${JSON.stringify(capture)}\n`
      if (written + text.length > total)
        throw new Error(`${written} characters are recorded, and the limit is ${total} (--record-total)`)
      written += text.length
      waiting += text.length
      const name = `${capture.time.replaceAll(':', '')}-${String(++count).padStart(6, '0')}-${run}.json`
      last = last.then(() => save(join(folder, name), text))
    },
    close: () => last,
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
