import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import type { Sample } from '../promises/texts.js'

/** A text that broke a promise once, as small as it could be made: one line of `test/finds/<format>.jsonl`. */
export interface Find extends Sample {
  /** The promise that it broke: `I1`. */
  readonly promise: string
  /** What its chunks and cuts are drawn from. */
  readonly seed: number
}

const dir = new URL('../finds/', import.meta.url)

/** Every find of a format, oldest first; none if there is no file. */
export function readFinds(format: string): Find[] {
  const file = fileOf(format)
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Find)
}

/** Adds a find to its file, if it is not there yet. */
export function keepFind(format: string, find: Find): void {
  if (readFinds(format).some(({ text, promise }) => text === find.text && promise === find.promise)) return
  mkdirSync(dir, { recursive: true })
  appendFileSync(fileOf(format), `${JSON.stringify(find)}\n`)
}

function fileOf(format: string): URL {
  return new URL(`${format}.jsonl`, dir)
}
