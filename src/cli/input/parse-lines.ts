import type { KnownFormats } from './format-files.js'
import { type LinesRequest, lineParser } from './line-parser.js'
import { openLineWorkers } from './line-workers.js'
import { chooseFormat } from './parser-flags.js'
import { runLines, writeLines } from './run-lines.js'

/**
 * Parses a file of `{"id", "completion", "tools"?, "options"?}` lines. A line's own tools and options come before those of
 * the command; its own `format` counts where the command names none.
 * @param formats those that the command knows, with the files of the request
 * @param workers how many threads parse; the output is the same for any number
 * @returns the exit code
 */
export async function parseLines(
  file: string | undefined,
  request: LinesRequest,
  formats: KnownFormats,
  workers: number,
): Promise<number> {
  const { format: chosen, startInReasoning } = chooseFormat(request, formats)
  const options = startInReasoning === true ? { startInReasoning, ...request.options } : request.options
  const plan = { ...request, options, chosen }
  if (workers === 1) return runLines(file, lineParser(plan, formats))
  const pool = openLineWorkers(workers, { plan, isTerminal: process.stdout.isTTY === true })
  try {
    return await writeLines(file, AHEAD * workers, pool.take)
  } finally {
    await pool.close()
  }
}

/** Blocks that each worker has at once: one in hand, and one that waits. */
const AHEAD = 2
